// The controls of one trial: that of HTTP/1.1 over TCP, which always runs, and one for each other protocol of its clients.
import type { Scenario } from "../define.ts";
import type { CaseTrace, QueueDelay, Trace } from "../model/trace.ts";
import type { Bench } from "./bench.ts";
import { now } from "../lab/clock.ts";
import { protocolsOf } from "./clients.ts";
import { calm, plannedEpsilonMs } from "./session.ts";

export interface ControlsSeen extends Pick<Trace, "control" | "controls"> {
  standstill: QueueDelay;
}

interface Controls extends AsyncDisposable {
  /** The ε that the trial is planned with: of its slowest protocol. */
  epsilonMs: number;
  /** The same for a further attempt, by what the machine is like now. */
  currentMs: () => Promise<number>;
  /** Resolves once the machine is calm, or after three tries. */
  calm: () => Promise<void>;
  /** Since the batch began. */
  read: () => Promise<ControlsSeen>;
  /** Since a moment, for each case by its clients' protocol. */
  addTo: (cases: readonly CaseTrace[], since: number) => Promise<CaseTrace[]>;
}

export const controlsFor = async (scenario: Scenario, { control, from, epsilonMs }: Bench): Promise<Controls> => {
  const further = protocolsOf(scenario).filter((protocol) => protocol !== "h1");
  await using started = new AsyncDisposableStack();
  for (const protocol of further) started.use(await control.during(protocol));
  const planned = await Promise.all(further.map((protocol) => plannedEpsilonMs(control, protocol)));
  const all = ["h1" as const, ...further];
  const running = started.move();
  return {
    epsilonMs: Math.max(epsilonMs, ...planned),
    currentMs: async () => Math.max(...(await Promise.all(all.map((protocol) => plannedEpsilonMs(control, protocol))))),
    calm: () => calm(control),
    read: async () => {
      const { figures, standstill } = await control.read(from, null);
      const seen = further.map(async (protocol) => [protocol, (await control.read(from, null, protocol)).figures] as const);
      const controls: NonNullable<Trace["controls"]> = Object.fromEntries(await Promise.all(seen));
      return { control: figures, standstill, ...(further.length > 0 ? { controls } : {}) };
    },
    addTo: async (cases, since) => {
      const until = now();
      const seen = all.map(async (protocol) => [protocol, (await control.read(since, until, protocol)).figures] as const);
      const figures = new Map(await Promise.all(seen));
      return cases.map((one) => {
        const own = figures.get(one.case.clients[0]?.protocol ?? "h1");
        return own ? { ...one, control: own } : one;
      });
    },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
};
