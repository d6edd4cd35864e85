// What each trial sends: the arms of a trial, from what its author asked for. Pure; a later arm may follow from what an earlier one showed.
import type { RequestPlan, ResponsePlan, Trial } from "../define.ts";
import { againOf, atPoint, isAgain, pointsOf, roleOf } from "./sweep.ts";
import type { Point } from "./sweep.ts";
import type { BodyFormat } from "./body.ts";
import type { Arm, ClientPlan, Script, Step } from "./script.ts";
import type { ArmTrace } from "./trace.ts";

export interface Circumstances {
  request: RequestPlan;
  response: ResponsePlan;
  /** ε of the control now, in milliseconds: patience and gaps grow with it. */
  epsilonMs: number;
  /** The longest limit that a hop of the chain declares, if any does. */
  limitMs: number | null;
  /** The silence that the scenario requires to be survived, if it requires one. */
  surviveMs?: number;
  /** How many times faster the clocks of the servers run, default 1: the times above are theirs, and the waits of the arms are ours. */
  timeScale?: number;
}

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

const defaults = { recordBytes: 100, smallest: 60 } as const;
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

/** Everything but the axes: those stand in the point. */
type Settings = Omit<Circumstances, "request" | "response">;

const one = (bytes: number | number[] | undefined): number => (Array.isArray(bytes) ? bytes[0] : bytes) ?? defaults.recordBytes;

/** Its gaps are shorter than the limits that people set on silence, whatever the machine: of its lags nothing is asked. */
const flowParts = 24;
const leastFlowGapMs = 100;
/** A stream that flowed so many times as long as silence was let be was not cut for its age. */
const pastCut = 1.1;
/** Of one that was cut: so many records came, and as many gaps were survived. */
const leastBeats = 3;

const flow = ({ ms, words }: { ms: number; words: string }, build: Build): Arm => {
  const everyMs = Math.ceil(Math.max(leastFlowGapMs, ms / flowParts));
  const records = Math.ceil(ms / everyMs) + 1;
  return build("flow", `a record every ${everyMs} ms for ${words}`, {
    recordBytes: repeat(defaults.recordBytes, records),
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
          recordBytes: repeat(defaults.recordBytes, 4),
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
          recordBytes: repeat(defaults.recordBytes, 3),
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
          recordBytes: repeat(defaults.recordBytes, 2),
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
              recordBytes: repeat(defaults.recordBytes, 8),
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

/** The arms that follow from what has been seen: heartbeats once silence was cut, the same once more where each record was a little late. */
export const nextArms = (trial: Trial, circumstances: Circumstances, seen: readonly ArmTrace[]): Arm[] => {
  if (["lock-step", "size-sweep", "paced", "header-hold"].includes(trial.kind)) return onceMore(circumstances, seen);
  if (trial.kind !== "silence" || seen.some(({ arm }) => roleOf(arm.id) === "heartbeats")) return [];
  return pointsOf(circumstances.request, circumstances.response, trial).flatMap((point) =>
    heartbeats(point, circumstances, seen).map((arm) => atPoint(arm, point)),
  );
};

/** A timer of so many ε is no machine's doing. */
const plainTimers = 20;

const onceMore = ({ epsilonMs }: Settings, seen: readonly ArmTrace[]): Arm[] =>
  seen.some(({ arm }) => isAgain(arm.id))
    ? []
    : seen.flatMap(({ arm, ...played }) => {
        const lateMs = Math.max(recordsLateMs(played), headersLateMs(played));
        return lateMs > epsilonMs && lateMs < plainTimers * epsilonMs
          ? [{ ...arm, id: againOf(arm.id), title: `${arm.title}, once more` }]
          : [];
      });

/** From the origin's writing to the client's having each record, in the middle; 0 where the client did not keep up. */
const recordsLateMs = ({ origin: [origin], clients: [client] }: Pick<ArmTrace, "origin" | "clients">): number => {
  if (!origin || !client || origin.unacknowledged !== null) return 0;
  const lags = origin.writes.flatMap(({ at, records }) => {
    const came = client.recordsAt[records - 1];
    return came === undefined ? [] : [came - at];
  });
  return lags.toSorted((a, b) => a - b)[lags.length >> 1] ?? 0;
};

/** The same of the header section, where it was on its own. */
const headersLateMs = ({ origin: [origin], exchanges }: Pick<ArmTrace, "origin" | "exchanges">): number => {
  const at = origin?.headersAt ?? null;
  const first = origin?.writes[0]?.at ?? null;
  const came = exchanges.filter(({ client }) => client === 0).toSorted((a, b) => b.link - a.link)[0]?.response?.at;
  return at === null || first === null || first - at < aloneMs || came === undefined ? 0 : came - at;
};

/** Longer than an origin takes from its header section to its first record unless it was told to wait. */
const aloneMs = 200;

const heartbeats = (point: Point, circumstances: Settings, seen: readonly ArmTrace[]): Arm[] => {
  const place = JSON.stringify(point.at);
  const silence = seen.find(({ arm }) => roleOf(arm.id) === "silence" && JSON.stringify(arm.point) === place);
  const cutMs = silence ? cutAfter(silence) : null;
  const flowing = seen.find(({ arm }) => roleOf(arm.id) === "flow" && JSON.stringify(arm.point) === place);
  if (cutMs === null || (flowing && tellsCause(flowing, cutMs))) return [];
  const everyMs = Math.max(20, Math.round(cutMs / 3));
  const beats = 10;
  return [
    builder(point, circumstances)(
      "heartbeats",
      `a record every ${Math.round(everyMs)} ms for ${Math.round(everyMs * (beats - 1))} ms, three times what silence survived`,
      {
        recordBytes: repeat(defaults.recordBytes, beats),
        steps: [{ do: "headers" }, { do: "write", records: beats, everyMs }, { do: "end" }],
      },
    ),
  ];
};

/** How long the silence lasted that was cut, at the hop nearest the origin that was cut; null if it survived. */
const cutAfter = (silence: ArmTrace): number | null => {
  const origin = silence.origin[0];
  const wrote = origin?.writes[0]?.at;
  if (!origin || wrote === undefined) return null;
  const client = silence.clients[0]?.ended;
  const gone = origin.gone?.at ?? (client && client.how !== "complete" && client.how !== "gave-up" ? client.at : null);
  return gone === null || origin.endedAt !== null ? null : gone - wrote;
};

/** Whether a stream that flowed beside it says why silence was cut: it went on past that moment, or was itself cut between two records. */
const tellsCause = ({ origin: [origin] }: ArmTrace, cutMs: number): boolean => {
  const times = origin?.writes.map(({ at }) => at) ?? [];
  const lastedMs = (times.at(-1) ?? 0) - (times[0] ?? 0);
  return lastedMs >= pastCut * cutMs || times.length > leastBeats;
};

interface Shape {
  recordBytes: number[];
  steps: Step[];
  patienceMs?: number;
  clients?: Partial<ClientPlan>[];
  status?: number;
  headers?: Script["headers"];
  method?: string;
}

type Build = (id: string, title: string, shape: Shape) => Arm;

const builder =
  ({ request, response }: Point, { epsilonMs }: Settings): Build =>
  (id, title, shape) => {
    const format: BodyFormat = response.format ?? "sse";
    const patienceMs = shape.patienceMs ?? Math.max(2000, 20 * epsilonMs);
    const client = (plan: Partial<ClientPlan>): ClientPlan => ({
      start: { afterMs: 0 },
      target: request.path ?? "/stream",
      host: request.host ?? "hopwise.test",
      tls: request.tls ?? null,
      version: request.version ?? "1.1",
      method: shape.method ?? request.method ?? "GET",
      acceptEncoding: request.acceptEncoding ?? null,
      headers: request.headers ?? [],
      ...(request.upload ? { upload: request.upload } : {}),
      readBytesPerSecond: null,
      leave: null,
      patienceMs,
      ...plan,
    });
    const framing = response.framing ?? "chunked";
    return {
      id,
      point: {},
      title,
      script: {
        status: shape.status ?? response.status ?? 200,
        headers: [...(response.headers ?? []), ...(shape.headers ?? [])],
        contentType: response.contentType ?? null,
        framing,
        version: response.version ?? "1.1",
        body: { format, filler: response.filler ?? "incompressible", recordBytes: shape.recordBytes },
        trailers: [],
        // A length that was announced must be met: then nothing may be left out.
        steps: framing === "content-length" ? shape.steps.map(unconditional) : shape.steps,
      },
      clients: (shape.clients ?? [{}]).map(client),
    };
  };

const unconditional = (step: Step): Step =>
  step.do === "write"
    ? { do: "write", records: step.records, everyMs: step.everyMs }
    : step.do === "pause"
      ? { do: "pause", ms: step.ms }
      : step;

const repeat = (bytes: number, times: number): number[] => Array.from({ length: times }, () => bytes);

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
    recordBytes: [...repeat(defaults.recordBytes, 3 + small), ...repeat(megabyte, large)],
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
      recordBytes: repeat(defaults.recordBytes, 8),
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
  const recordBytes = repeat(defaults.recordBytes, 3);
  return [
    build("head", "HEAD", { recordBytes, steps, method: "HEAD" }),
    build("status-204", "204 No Content", { recordBytes, steps, status: 204 }),
    build("status-304", "304 Not Modified", { recordBytes, steps, status: 304 }),
  ];
};
