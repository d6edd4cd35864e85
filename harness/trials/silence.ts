// Silence after the first record, and a steady stream beside it; if that is cut, heartbeats. Pure.
import { repeat, usualBytes } from "../model/case-builder.ts";
import type { Build } from "../model/case-builder.ts";
import type { Milliseconds } from "../model/figures.ts";
import type { Case } from "../model/script.ts";
import { scaledWait, waitFor } from "../model/pace.ts";
import type { CaseTrace } from "../model/trace.ts";
import { isBeside } from "../model/case-identity.ts";
import type { Setting, Sight, TrialDefinition } from "../model/trial.ts";

/** One record, then silence; if that is cut at L, heartbeats every L/3 for 3 L distinguish an idle timeout from a total timeout. With `flowMs` a stream that is
 *  never silent for long flows beside it, for that long: then a total timeout is found though silence is cut first, or survives. */
export interface Silence {
  kind: "silence";
  silentMs?: Milliseconds;
  flowMs?: Milliseconds;
}

const casesOf = (trial: Silence, { settings, build }: Setting): Case[] => {
  const wait = scaledWait(trial.silentMs ?? Math.max(settings.surviveMs ?? 0, waitFor(settings)), settings);
  const silentMs = wait.ms;
  return [
    build("silence", `one record, then silence for ${wait.words}`, {
      recordBytes: repeat(usualBytes, 2),
      steps: [
        { do: "headers" },
        { do: "write", records: 1, everyMs: 0 },
        { do: "pause", ms: silentMs },
        { do: "write", records: 1, everyMs: 0 },
        { do: "end" },
      ],
      patienceMs: silentMs + 2000,
    }),
    ...(trial.flowMs === undefined ? [] : [flow(scaledWait(trial.flowMs, settings), build)]),
  ];
};

/** Gaps shorter than usual idle timeouts, on any machine. Its lags are not judged. */
const flowParts = 24;
const leastFlowGapMs = 100;
const flow = ({ ms, words }: { ms: number; words: string }, build: Build): Case => {
  const everyMs = Math.ceil(Math.max(leastFlowGapMs, ms / flowParts));
  const records = Math.ceil(ms / everyMs) + 1;
  return build("flow", `a record every ${everyMs} ms for ${words}`, {
    recordBytes: repeat(usualBytes, records),
    steps: [{ do: "headers" }, { do: "write", records, everyMs }, { do: "end" }],
    // A hop that holds everything releases it after the end.
    patienceMs: Math.max(2000, 4 * everyMs),
  });
};

/** Heartbeats if the cause of a cut silence is open; a second attempt of both if they do not explain each other, e.g. after a standstill. */
const follow = ({ seen, isOpen, again, points }: Sight): Case[] => {
  if (seen.some(({ case: trialCase }) => trialCase.role === "heartbeats")) return secondAttemptsOfBoth(seen, isOpen, again);
  return points.flatMap(({ at, build, placed }) => {
    const place = JSON.stringify(at);
    const silent = seen.find(({ case: trialCase }) => trialCase.role === "silence" && JSON.stringify(trialCase.point) === place);
    const cutMs = silent && isOpen(silent.case) ? cutAfter(silent) : null;
    return cutMs === null ? [] : [placed(heartbeats(cutMs, build))];
  });
};

/** Beats in the time that silence survived: enough that a delay of a few of them makes no silence. */
const beatsPerSilence = 6;
/** Shorter ones only where the silence that survives is not three times as long. */
const leastBeatMs = 20;

const heartbeats = (cutMs: number, build: Build): Case => {
  const everyMs = Math.max(Math.min(leastBeatMs, Math.ceil(cutMs / 3)), Math.round(cutMs / beatsPerSilence));
  const beats = 3 * beatsPerSilence + 1;
  return build("heartbeats", `a record every ${everyMs} ms for ${everyMs * (beats - 1)} ms, three times what silence survived`, {
    recordBytes: repeat(usualBytes, beats),
    steps: [{ do: "headers" }, { do: "write", records: beats, everyMs }, { do: "end" }],
  });
};

const secondAttemptsOfBoth = (seen: Sight["seen"], isOpen: Sight["isOpen"], again: Sight["again"]): Case[] =>
  seen.flatMap(({ case: silence }) => {
    const beats = seen.find(({ case: trialCase }) => trialCase.role === "heartbeats" && isBeside(trialCase, silence))?.case;
    return silence.role === "silence" && beats && (isOpen(silence) || isOpen(beats)) ? [again(silence), again(beats)] : [];
  });

/** How long the silence had lasted when it was cut, as the origin saw it; null if it survived. */
const cutAfter = (silence: CaseTrace): number | null => {
  const origin = silence.origin[0];
  const wrote = origin?.writes[0]?.at;
  if (!origin || wrote === undefined) return null;
  const client = silence.clients[0]?.ended;
  const gone = origin.gone?.at ?? (client && client.how !== "complete" && client.how !== "gave-up" ? client.at : null);
  return gone === null || origin.endedAt !== null ? null : gone - wrote;
};

export const silence: TrialDefinition<Silence> = {
  tests: ["ending", "delivery", "source", "integrity"],
  takesMs: { usually: 4500 },
  cases: casesOf,
  follow,
  waitMs: ({ silentMs }) => silentMs,
  silentMs: ({ silentMs }, requiredMs) => silentMs ?? requiredMs,
};
