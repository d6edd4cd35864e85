// Decoding the recording of a case and judging the trace, outside the lab. The recording is synthetic, so that it is the same in
// every run: 2 MiB in records of 1 KiB, 25 ms apart, each one read on each of 5 links.
import { now } from "../harness/lab/clock.ts";
import { decodeCase } from "../harness/decode/exchanges.ts";
import { newNonce } from "../harness/lab/origin-exchange.ts";
import { chunkOf } from "../harness/lab/origin-head.ts";
import { requestHeader } from "../harness/model/request-id.ts";
import { recordOf } from "../harness/model/body.ts";
import { emptyRecording } from "../harness/model/empty-recording.ts";
import { judge } from "../harness/model/judge/judge.ts";
import type { CaseRecording, ConnectionRecording, Wire } from "../harness/model/recording.ts";
import type { CaseTrace, Trace } from "../harness/model/trace.ts";
import type { Verdict } from "../harness/model/verdict.ts";
import { caseOf } from "./_case.ts";
import { medianOf } from "./_figure.ts";
import type { Figure, Progress } from "./_figure.ts";
import { usualHost } from "../harness/model/usual-host.ts";

const linkCount = 5;
const records = 2048;
const recordBytes = 1024;
const everyMs = 25;
/** The delay of one link. */
const transitMs = 0.2;
const times = 15;
const token = "judgexxx";

const trialCase = caseOf({
  title: `${records} records of ${recordBytes} B every ${everyMs} ms`,
  format: "sse",
  records,
  recordBytes,
  steps: [{ do: "headers" }, { do: "write", records, everyMs }, { do: "end" }],
});

interface Case {
  name: string;
  /** When bytes that left the origin at `at` are read on a link. */
  readAt: (at: number, link: number) => number;
  isRight: (verdict: Verdict) => boolean;
}

const deliveryIs = (member: string, culprit: string | null) => (verdict: Verdict) =>
  verdict.facets.some((facet) => facet.facet === "delivery" && facet.observation.member === member && facet.culprit === culprit);

const corkMs = 200;
const cases: Case[] = [
  { name: "a straight stream", readAt: (at, link) => at + transitMs * link, isRight: deliveryIs("incremental", null) },
  {
    name: "a stream corked on its way",
    readAt: (at, link) => (link < 3 ? at : Math.ceil(at / corkMs) * corkMs) + transitMs * link,
    isRight: deliveryIs("batched", "hop-3"),
  },
];

export const measure = async (progress: Progress): Promise<Figure[]> => {
  const figures: Figure[] = [];
  for (const one of cases) {
    progress(one.name);
    const recording = recordingOf(one.readAt);
    const samples: { decodingMs: number; judgingMs: number }[] = [];
    for (let time = 0; time < times; time++) samples.push(await once(one, recording));
    const [first, ...later] = samples;
    const median = (of: (sample: (typeof samples)[number]) => number): number => medianOf(later.map(of));
    if (first && figures.length === 0)
      // A run has no warm-up either.
      figures.push({ name: "both, the first time in a process", value: first.decodingMs + first.judgingMs, unit: "ms" });
    figures.push(
      { name: `decoding ${one.name}`, value: median(({ decodingMs }) => decodingMs), unit: "ms" },
      { name: `judging ${one.name}`, value: median(({ judgingMs }) => judgingMs), unit: "ms" },
    );
  }
  return figures;
};

const once = async ({ name, isRight }: Case, recording: CaseRecording): Promise<{ decodingMs: number; judgingMs: number }> => {
  const from = now();
  const decoded = await decodeCase(trialCase, token, recording, [], { linkOfTap: (tap) => tap, linkOfProbe: () => -1 });
  const decodedAt = now();
  const verdict = judge(traceOf(decoded));
  const judgedAt = now();
  if (!isRight(verdict))
    throw new Error(
      `${name} was judged wrong: ${JSON.stringify(verdict.facets.map(({ facet, observation, culprit }) => ({ facet, observation, culprit })))}`,
    );
  return { decodingMs: decodedAt - from, judgingMs: judgedAt - decodedAt };
};

const recordingOf = (readAt: Case["readAt"]): CaseRecording => {
  // Far from the cork's next grid line.
  const startedAt = 10_001;
  const exchange = emptyRecording(newNonce(), startedAt, 0);
  const writes = Array.from({ length: records }, (_, record) => ({ at: startedAt + 1 + record * everyMs, records: record + 1 }));
  const endedAt = startedAt + 1 + records * everyMs;
  const request = `GET /stream HTTP/1.1\r\nHost: ${usualHost}\r\n${requestHeader}: ${token}.0\r\n\r\n`;
  const pieces: [at: number, bytes: Buffer][] = [
    [startedAt, Buffer.from("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n")],
    ...writes.map(({ at }, record): [number, Buffer] => [at, chunkOf(recordOf(exchange.nonce, trialCase.script.body, record))]),
    [endedAt, Buffer.from("0\r\n\r\n")],
  ];
  const connection = (tap: number): ConnectionRecording => ({
    tap,
    connection: 0,
    openedAt: startedAt - 2,
    connectedAt: startedAt - 2,
    request: wireOf([[startedAt - 1, Buffer.from(request)]]),
    response: wireOf(pieces.map(([at, bytes]) => [readAt(at, tap), bytes])),
    closings: [],
    blocked: [],
  });
  return {
    case: trialCase.id,
    startedAt,
    endedAt: endedAt + corkMs,
    connections: Array.from({ length: linkCount }, (_, link) => connection(link)),
    origin: [
      {
        ...exchange,
        request: { token, client: 0 },
        requestVersion: "1.1",
        method: "GET",
        target: "/stream",
        headersAt: startedAt,
        writes,
        endedAt,
      },
    ],
    clients: [],
  };
};

const wireOf = (reads: readonly [at: number, bytes: Buffer][]): Wire => {
  let end = 0;
  return {
    at: Float64Array.from(reads, ([at]) => at),
    ends: Float64Array.from(reads, ([, bytes]) => (end += bytes.length)),
    bytes: Buffer.concat(reads.map(([, bytes]) => bytes)),
    droppedBytes: 0,
  };
};

const traceOf = (decoded: CaseTrace): Trace => {
  const nodes = ["origin", ...Array.from({ length: linkCount - 1 }, (_, hop) => `hop-${hop + 1}`), "client"];
  return {
    schema: "hopwise.trace/1",
    runtime: "process",
    timeScale: 1,
    nodes,
    links: nodes.slice(1).map((to, link) => ({ from: nodes[link] ?? "", to, level: "decoded" })),
    cases: [decoded],
    control: { samples: 200, p50Ms: 0.1, p99Ms: 1, maxMs: 2, netP99Ms: 1 },
    queueDelay: {},
    harnessFault: null,
  };
};
