// How a client's request ended, and who closed first.
import type { ClientRecording, Closing } from "../model/recording.ts";
import type { Sign } from "./client-connection.ts";
import { now } from "./clock.ts";
import { Latch } from "./wait.ts";

type How = NonNullable<ClientRecording["ended"]>["how"];

export class ClientEnd {
  readonly ended = new Latch();
  readonly closings: Closing[] = [];
  readonly #timers = new Set<NodeJS.Timeout>();
  #end: ClientRecording["ended"] = null;

  /** Null: still running. */
  get value(): ClientRecording["ended"] {
    return this.#end;
  }

  /** Runs `act` later, unless it has ended by then. */
  after(ms: number, act: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      act();
    }, ms);
    this.#timers.add(timer);
  }

  /** Whether this is how it ended: the first call counts. */
  finish(how: How): boolean {
    if (this.#end !== null) return false;
    this.#end = { at: now(), how };
    for (const timer of this.#timers) clearTimeout(timer);
    this.ended.trip();
    return true;
  }

  /** The client leaves by itself, by `go`. */
  depart(how: "left" | "gave-up", go: () => Sign): void {
    if (!this.finish(how)) return;
    const at = now();
    this.closed("downstream", go(), at);
  }

  /** The other side closed. */
  cut(how: "fin" | "reset" | "refused", sign: Sign): void {
    if (this.finish(how) && how !== "refused") this.closed("upstream", sign, now());
  }

  /** The first close of each side counts. */
  closed(by: Closing["by"], sign: Sign, at: number): void {
    if (!this.closings.some((other) => other.by === by)) this.closings.push({ at, by, ...sign });
  }
}
