// What `hopwise origin` remembers of requests with a `hopwise-probe` field: how often each came, and whether its client has left.
import type { ServerResponse } from "node:http";

interface Mark {
  attempts: number;
  state: MarkState;
}

/** `left`: the connection was closed before the response was complete. */
export type MarkState = "open" | "ended" | "left";

const most = 1000;

export class Marks {
  readonly #marks = new Map<string, Mark>();

  /** Returns how many requests with the same mark there were, this one included. */
  received(name: string, response: ServerResponse): number {
    const mark: Mark = { attempts: (this.#marks.get(name)?.attempts ?? 0) + 1, state: "open" };
    this.#marks.set(name, mark);
    response.on("close", () => (mark.state = response.writableFinished ? "ended" : "left"));
    const [oldest] = this.#marks.keys();
    if (this.#marks.size > most && oldest !== undefined) this.#marks.delete(oldest);
    return mark.attempts;
  }

  stateOf(name: string): MarkState | null {
    return this.#marks.get(name)?.state ?? null;
  }
}
