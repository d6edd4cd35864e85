// A runtime that logs each call to the lab and to the runtime, with its start and end.
import { now } from "../harness/lab/clock.ts";
import type { Lab, LabCommand } from "../harness/lab/protocol.ts";
import type { Runtime } from "../harness/runtime/runtime.ts";

export interface Span {
  what: LabCommand | "start" | "stop";
  from: number;
  to: number;
}

export const watched = (runtime: Runtime): { runtime: Runtime; spans: Span[] } => {
  const spans: Span[] = [];
  const during = async <T>(what: Span["what"], doing: () => PromiseLike<T>): Promise<T> => {
    const from = now();
    try {
      return await doing();
    } finally {
      spans.push({ what, from, to: now() });
    }
  };
  const lab: Lab = {
    host: runtime.lab.host,
    died: runtime.lab.died,
    ask: (command, order) => during(command, () => runtime.lab.ask(command, order)),
    [Symbol.asyncDispose]: () => runtime.lab[Symbol.asyncDispose](),
  };
  return {
    spans,
    runtime: {
      name: runtime.name,
      lab,
      labPids: runtime.labPids,
      unsupported: runtime.unsupported,
      start: (plan, upstreamPort) =>
        during("start", async () => {
          const server = await runtime.start(plan, upstreamPort);
          return { ...server, [Symbol.asyncDispose]: () => during("stop", () => server[Symbol.asyncDispose]()) };
        }),
      [Symbol.asyncDispose]: () => runtime[Symbol.asyncDispose](),
    },
  };
};
