// Between two servers of a chain: a tap for each port of the inner one, on an address of the lab's that only the outer one knows.
import type { ContainerRuntime } from "../runtime/container.ts";
import { openTap } from "./tap.ts";

export interface InnerTap {
  id: string;
  /** By which the outer server knows the inner one. */
  name: string;
  /** Where it is led to instead. */
  address: string;
}

/** The first two are taken. */
const firstAddress = 2;

/** In place, so that what was opened is known if another one fails. `number`: of the outer server; `host`: of the inner one. */
export const openInner = async (
  runtime: ContainerRuntime,
  number: number,
  host: string,
  upstreams: readonly string[],
  taps: Map<string, InnerTap>,
): Promise<void> => {
  const address = runtime.address(firstAddress + number);
  const opened = new Map<number, string>();
  for (const upstream of upstreams) {
    const at = upstream.lastIndexOf(":");
    const port = Number(upstream.slice(at + 1));
    // Several names may lead to one port.
    // oxlint-disable-next-line no-await-in-loop
    const id = opened.get(port) ?? (await openTap(runtime, `inner-${number}-${upstream}`, { host, port }, { host: address, port }));
    opened.set(port, id);
    taps.set(upstream, { id, name: upstream.slice(0, at), address });
  }
};
