// Between two servers of a chain: a tap for each port of the inner one, on an address of the lab's that only the outer one knows.
import { EnvironmentError } from "../errors.ts";
import type { ContainerRuntime } from "../runtime/container.ts";
import { openTap } from "./tap.ts";

export interface InnerTap {
  id: string;
  /** By which the outer server knows the inner one. */
  name: string;
  /** Where it is led to instead. */
  address: string;
}

/** Addresses of the lab's, each for one inner server at a time. */
export class Addresses {
  readonly #runtime: ContainerRuntime;
  readonly #free: number[] = [];
  /** The first two are taken. */
  #next = 2;
  readonly #taken = new Map<string, number>();

  constructor(runtime: ContainerRuntime) {
    this.#runtime = runtime;
  }

  take(): string {
    const index = this.#free.pop() ?? this.#next++;
    try {
      const address = this.#runtime.address(index);
      this.#taken.set(address, index);
      return address;
    } catch (error) {
      throw new EnvironmentError(
        "This engine's network has too few addresses for the lab to stand between proxies in a row: check each by itself with --service",
        { cause: error },
      );
    }
  }

  giveBack(address: string): void {
    const index = this.#taken.get(address);
    this.#taken.delete(address);
    if (index !== undefined) this.#free.push(index);
  }
}

/** In place, so that what was opened is known if another one fails. `host`: of the inner server. */
export const openInner = async (
  runtime: ContainerRuntime,
  address: string,
  host: string,
  upstreams: readonly string[],
  taps: Map<string, InnerTap>,
): Promise<void> => {
  const opened = new Map<number, string>();
  for (const upstream of upstreams) {
    const at = upstream.lastIndexOf(":");
    const port = Number(upstream.slice(at + 1));
    // Several names may lead to one port.
    // oxlint-disable-next-line no-await-in-loop
    const id = opened.get(port) ?? (await openTap(runtime, `inner-${address}-${port}`, { host, port }, { host: address, port }));
    opened.set(port, id);
    taps.set(upstream, { id, name: upstream.slice(0, at), address });
  }
};
