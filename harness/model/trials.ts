// What each trial sends: the arms of a trial, from what its author asked for. Pure; what follows from them: sequels.ts.
import type { Trial } from "../define.ts";
import { builder, repeat, usualBytes } from "./arm-builder.ts";
import type { Build, Circumstances, Settings } from "./arm-builder.ts";
import type { Arm, Step } from "./script.ts";
import { atPoint, pointsOf } from "./sweep.ts";
import type { Point } from "./sweep.ts";

interface Pace {
  patienceMs: number;
  /** Two gaps that are no multiples of each other, each at least eight times ε. */
  gapMs: number;
  otherGapMs: number;
}

const paceOf = ({ epsilonMs }: Settings): Pace => {
  const gapMs = Math.ceil(Math.max(160, 8 * epsilonMs));
  return { patienceMs: Math.max(1000, 10 * epsilonMs), gapMs, otherGapMs: Math.round(gapMs * 1.7) };
};

/** Whether a hop has read the last bytes when the reset behind them comes is a race: it is run so often, each by itself. */
const race = { times: 24, everyMs: 25 } as const;
const sweepBytes = [1, 60, 600, 2000, 5000, 20000];
const kilobyte = 1024;
const megabyte = kilobyte * kilobyte;

/** Writes that double from 1 KiB to 1 MiB: what no ordinary buffer holds. */
const flood = Array.from({ length: 11 }, (_, power) => kilobyte << power);

/** The arms that a trial starts with, at every point of its sweep; they run at the same time. */
export const firstArms = (trial: Trial, circumstances: Circumstances): Arm[] =>
  pointsOf(circumstances.request, circumstances.response, trial).flatMap((point) =>
    armsAt(point, circumstances).map((arm) => atPoint(arm, point)),
  );

/** Beyond the limit that is known, else for as long as people wait; at a time scale beyond a minute, which is the default of many. */
const waitFor = ({ limitMs, timeScale = 1 }: Settings): number =>
  limitMs === null ? (timeScale === 1 ? 3000 : Math.max(75_000, 3000 * timeScale)) : 2.5 * limitMs;

const scaledWait = (serversMs: number, { timeScale = 1 }: Settings): { ms: number; words: string } => ({
  ms: serversMs / timeScale,
  words: timeScale === 1 ? `${serversMs} ms` : `${serversMs} ms of clocks that run ${timeScale} times faster`,
});

const one = (bytes: number | number[] | undefined): number => (Array.isArray(bytes) ? bytes[0] : bytes) ?? usualBytes;

/** Its gaps are shorter than the limits that people set on silence, whatever the machine: of its lags nothing is asked. */
const flowParts = 24;
const leastFlowGapMs = 100;
const flow = ({ ms, words }: { ms: number; words: string }, build: Build): Arm => {
  const everyMs = Math.ceil(Math.max(leastFlowGapMs, ms / flowParts));
  const records = Math.ceil(ms / everyMs) + 1;
  return build("flow", `a record every ${everyMs} ms for ${words}`, {
    recordBytes: repeat(usualBytes, records),
    steps: [{ do: "headers" }, { do: "write", records, everyMs }, { do: "end" }],
    // One that holds the whole back has it to give out behind its end.
    patienceMs: Math.max(2000, 4 * everyMs),
  });
};

const armsAt = (point: Point, circumstances: Settings): Arm[] => {
  const { trial } = point;
  const pace = paceOf(circumstances);
  const build = builder(point, circumstances);
  switch (trial.kind) {
    case "lock-step":
      return [lockStep("lock-step", one(trial.recordBytes), trial.records ?? 8, point, build, pace)];
    case "size-sweep":
      return (trial.recordBytes ?? sweepBytes).map((bytes) => ({
        ...lockStep(`lock-step-${bytes}`, bytes, 6, point, build, pace),
        point: { recordBytes: String(bytes) },
      }));
    case "paced": {
      const bytes = one(trial.recordBytes);
      const half = Math.max(1, bytes >> 1);
      const records = trial.records ?? 8;
      // A busy machine asks for wider gaps, but what was to stay below a hop's limit stays below it.
      const halfMs = (circumstances.limitMs ?? Infinity) / 2;
      const everyMs = Math.min(Math.max(trial.everyMs ?? pace.gapMs, pace.gapMs), (trial.everyMs ?? Infinity) < halfMs ? halfMs : Infinity);
      return [
        build(
          "paced",
          `${records} records of ${bytes} B every ${everyMs} ms, then ${records} of ${half} B every ${Math.round(everyMs * 1.7)} ms`,
          {
            recordBytes: [...repeat(bytes, records), ...repeat(half, records)],
            steps: [
              { do: "headers" },
              { do: "write", records, everyMs },
              { do: "pause", ms: Math.round(everyMs * 1.7) },
              { do: "write", records, everyMs: Math.round(everyMs * 1.7) },
              { do: "pause", ms: everyMs },
              { do: "end" },
            ],
          },
        ),
      ];
    }
    case "header-hold": {
      const holdMs = Math.max(trial.holdMs ?? 600, 6 * circumstances.epsilonMs);
      return [
        build("header-hold", `the header section alone for ${holdMs} ms, then 4 records`, {
          recordBytes: repeat(usualBytes, 4),
          steps: [
            { do: "headers" },
            { do: "pause", ms: holdMs },
            { do: "write", records: 4, everyMs: pace.gapMs },
            { do: "pause", ms: pace.gapMs },
            { do: "end" },
          ],
        }),
      ];
    }
    case "first-byte-wait": {
      const wait = scaledWait(trial.waitMs ?? waitFor(circumstances), circumstances);
      const waitMs = wait.ms;
      return [
        build("first-byte-wait", `nothing for ${wait.words}, then 3 records`, {
          recordBytes: repeat(usualBytes, 3),
          steps: [{ do: "pause", ms: waitMs }, { do: "headers" }, { do: "write", records: 3, everyMs: pace.gapMs }, { do: "end" }],
          patienceMs: waitMs + 2000,
        }),
      ];
    }
    case "silence": {
      const wait = scaledWait(trial.silentMs ?? Math.max(circumstances.surviveMs ?? 0, waitFor(circumstances)), circumstances);
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
        ...(trial.flowMs === undefined ? [] : [flow(scaledWait(trial.flowMs, circumstances), build)]),
      ];
    }
    case "origin-abort":
      return (trial.how ?? ["reset", "close", "no-last-chunk"]).flatMap((how) =>
        Array.from({ length: how === "reset-behind-data" ? race.times : 1 }, (_, time) =>
          build(
            time === 0 ? `abort-${how}` : `abort-${how}-${time + 1}`,
            how === "reset-behind-data"
              ? `the origin resets directly behind record 5 of 8 (try ${time + 1} of ${race.times})`
              : `the origin aborts (${how}) after 4 of 8 records`,
            {
              recordBytes: repeat(usualBytes, 8),
              steps: [
                { do: "headers" },
                { do: "write", records: 4, everyMs: 50 },
                { do: "await-client", atMostMs: 500 },
                { do: "abort", how },
              ],
              patienceMs: Math.max(2000, 20 * circumstances.epsilonMs),
              clients: [{ start: { afterMs: time * race.everyMs } }],
            },
          ),
        ),
      );
    case "client-leaving":
      return (["fin", "reset"] as const).flatMap((how) => [
        leaving(how, "flowing", trial.noticeMs ?? 1500, build, pace),
        leaving(how, "silent", trial.noticeMs ?? 1500, build, pace),
      ]);
    case "late-joiner":
      return (trial.cacheControl ?? [null, "no-cache", "no-store"]).map((control) => lateJoiner(control, circumstances, build, pace));
    case "bodyless":
      return bodyless(build);
  }
};

const lockStep = (id: string, bytes: number, records: number, { request }: Point, build: Build, pace: Pace): Arm => {
  const half = Math.max(1, bytes >> 1);
  const paced = 6;
  const coding = request.acceptEncoding ? `, Accept-Encoding: ${request.acceptEncoding}` : "";
  return build(id, `lock-step, ${records} records of ${bytes} B${coding}`, {
    recordBytes: [...repeat(bytes, records + paced), ...repeat(half, paced), ...flood],
    steps: [
      { do: "headers" },
      { do: "lock-step", records, patienceMs: pace.patienceMs },
      { do: "write", records: paced, everyMs: pace.gapMs, only: "unacknowledged" },
      { do: "pause", ms: pace.otherGapMs, only: "unacknowledged" },
      { do: "write", records: paced, everyMs: pace.otherGapMs, only: "unacknowledged" },
      { do: "pause", ms: 2 * pace.gapMs, only: "unacknowledged" },
      { do: "write", records: flood.length, everyMs: 40, only: "unacknowledged" },
      { do: "pause", ms: 300, only: "unacknowledged" },
      { do: "end" },
    ],
  });
};

const leaving = (how: "fin" | "reset", when: "flowing" | "silent", noticeMs: number, build: Build, pace: Pace): Arm => {
  const small = Math.ceil(noticeMs / pace.gapMs);
  const large = 4;
  const flowing: Step[] = [{ do: "write-until-gone", records: 3 + small, everyMs: pace.gapMs, atMostMs: (4 + small) * pace.gapMs }];
  const silent: Step[] = [
    { do: "write", records: 3, everyMs: 20 },
    { do: "await-gone", atMostMs: noticeMs },
    { do: "write-until-gone", records: small, everyMs: pace.gapMs, atMostMs: small * pace.gapMs },
  ];
  return build(`leave-${how}-${when}`, `the client leaves by ${how === "fin" ? "FIN" : "RST"} with the stream ${when}`, {
    recordBytes: [...repeat(usualBytes, 3 + small), ...repeat(megabyte, large)],
    steps: [
      { do: "headers" },
      ...(when === "flowing" ? flowing : silent),
      // More than a hop that has stopped reading has room for: what is still open then is lost, not late.
      { do: "write-until-gone", records: large, everyMs: 0, atMostMs: noticeMs },
      { do: "await-gone", atMostMs: 300 },
      { do: "end" },
    ],
    clients: [{ leave: { how, records: 3, afterMs: when === "silent" ? 50 : 0 } }],
  });
};

const lateJoiner = (control: string | null, { epsilonMs }: Settings, build: Build, pace: Pace): Arm => ({
  ...build(
    `late-joiner-${control ?? "nothing"}`.replaceAll(/[^a-z0-9-]/gi, "-"),
    `three clients of one URL, Cache-Control: ${control ?? "none"}`,
    {
      recordBytes: repeat(usualBytes, 8),
      headers: control === null ? [] : [["Cache-Control", control]],
      steps: [{ do: "headers" }, { do: "write", records: 8, everyMs: pace.gapMs }, { do: "end" }],
      clients: [{}, { start: { whenClient: 0, has: { records: 3 } } }, { start: { whenClient: 0, has: "ended" } }],
      patienceMs: Math.max(2000, 20 * epsilonMs) + 8 * pace.gapMs,
    },
  ),
  point: { cacheControl: control ?? "none" },
});

const bodyless = (build: Build): Arm[] => {
  const steps: Step[] = [{ do: "headers" }, { do: "write", records: 3, everyMs: 20 }, { do: "end" }];
  const recordBytes = repeat(usualBytes, 3);
  return [
    build("head", "HEAD", { recordBytes, steps, method: "HEAD" }),
    build("status-204", "204 No Content", { recordBytes, steps, status: 204 }),
    build("status-304", "304 Not Modified", { recordBytes, steps, status: 304 }),
  ];
};
