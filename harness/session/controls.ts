// The controls of one trial: that of HTTP/1.1 over TCP, which always runs, and one for each other protocol of its clients.
import type { Scenario } from "../define.ts";
import type { QueueDelay, Trace } from "../model/trace.ts";
import type { Bench } from "./bench.ts";
import { protocolsOf } from "./clients.ts";
import { plannedEpsilonMs } from "./session.ts";

export interface ControlsSeen extends Pick<Trace, "control" | "controls"> {
  standstill: QueueDelay;
}

interface Controls extends AsyncDisposable {
  /** The ε that the trial is planned with: of its slowest protocol. */
  epsilonMs: number;
  /** Since the batch began. */
  read: () => Promise<ControlsSeen>;
}

export const controlsFor = async (scenario: Scenario, { control, from, epsilonMs }: Bench): Promise<Controls> => {
  const further = protocolsOf(scenario).filter((protocol) => protocol !== "h1");
  await using started = new AsyncDisposableStack();
  for (const protocol of further) started.use(await control.during(protocol));
  const planned = await Promise.all(further.map((protocol) => plannedEpsilonMs(control, protocol)));
  const running = started.move();
  return {
    epsilonMs: Math.max(epsilonMs, ...planned),
    read: async () => {
      const { figures, standstill } = await control.read(from, null);
      const seen = further.map(async (protocol) => [protocol, (await control.read(from, null, protocol)).figures] as const);
      const controls: NonNullable<Trace["controls"]> = Object.fromEntries(await Promise.all(seen));
      return { control: figures, standstill, ...(further.length > 0 ? { controls } : {}) };
    },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
};
