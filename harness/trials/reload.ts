// Reload: a hop is reloaded while a response streams. Pure.
import { repeat, usualBytes } from "../model/case-builder.ts";
import type { Milliseconds, Text } from "../model/figures.ts";
import { scaledWait } from "../model/pace.ts";
import type { Case } from "../model/script.ts";
import type { Setting, TrialDefinition } from "../model/trial.ts";

/** A hop is reloaded while a response of `streamMs` streams: one that ends its old processes too early cuts it. */
export interface Reload {
  kind: "reload";
  /** The id of the hop; default: the one nearest the client. */
  on?: Text;
  streamMs?: Milliseconds;
}

const records = 16;
const before = 4;

const casesOf = (trial: Reload, { settings, build }: Setting): Case[] => {
  const { ms, words } = scaledWait(trial.streamMs ?? 6000, settings);
  const everyMs = ms / records;
  return [
    build("reload", `a stream of ${words}, and a reload after its first quarter`, {
      recordBytes: repeat(usualBytes, records),
      steps: [{ do: "headers" }, { do: "write", records, everyMs }, { do: "pause", ms: everyMs }, { do: "end" }],
      actions: [{ do: "reload", on: trial.on ?? null, afterMs: (before - 0.5) * everyMs }],
    }),
  ];
};

export const reload: TrialDefinition<Reload> = {
  tests: ["ending", "delivery", "source", "integrity"],
  takesMs: { usually: 6500 },
  cases: casesOf,
  waitMs: ({ streamMs }) => streamMs,
  ownServers: true,
};
