// Client stalling: the client stops reading for a while. Pure.
import { repeat, usualBytes } from "../model/case-builder.ts";
import type { Milliseconds } from "../model/figures.ts";
import type { Case } from "../model/script.ts";
import { scaledWait } from "../model/pace.ts";
import type { Setting, TrialDefinition } from "../model/trial.ts";

/** The client takes nothing for `stallMs` in mid-stream while megabytes wait, then reads on: a hop that cuts it has a write timeout. */
export interface ClientStalling {
  kind: "client-stalling";
  stallMs?: Milliseconds;
}

const megabyte = 1024 * 1024;

/** More than the kernels, the taps and the buffers of a hop hold together, so that the hop itself waits for its client: sockets alone held up to 48 MiB
 *  where `tcp_rmem` allows 32 MiB for each (tcp(7)). A tap keeps 64 MiB at most, and a longer body could not be judged. */
const stallMegabytes = 60;

const casesOf = (trial: ClientStalling, { settings, build }: Setting): Case[] => {
  const { ms, words } = scaledWait(trial.stallMs ?? 3000, settings);
  return [
    build("stall", `the client reads nothing for ${words} while ${stallMegabytes} MiB are pending`, {
      recordBytes: [...repeat(usualBytes, 3), ...repeat(megabyte, stallMegabytes)],
      steps: [
        { do: "headers" },
        { do: "write", records: 3, everyMs: 20 },
        { do: "await-client", atMostMs: 500 },
        { do: "write-until-gone", records: stallMegabytes, everyMs: 0, atMostMs: ms + 25_000 },
        { do: "end" },
      ],
      clients: [{ stall: { records: 3, forMs: ms } }],
      samples: { kinds: ["memory", "temporary"], on: null, everyMs: 100 },
      patienceMs: ms + Math.max(2000, 20 * settings.epsilonMs),
    }),
  ];
};

export const clientStalling: TrialDefinition<ClientStalling> = {
  tests: ["ending", "integrity"],
  takesMs: { usually: 6000 },
  cases: casesOf,
  waitMs: ({ stallMs }) => stallMs,
};
