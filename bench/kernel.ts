// The lab's stamps against the times at which the kernel handled the same packets: a paced case through the process runtime, while
// tcpdump captures.
//
//   origin ──► tap 0 ──► http-pipe ──► tap 1 ──► client      everything except the pipe in the lab's process
import { setTimeout as delay } from "node:timers/promises";
import { join } from "node:path";
import { packageRoot } from "../harness/catalog/package-root.ts";
import { now } from "../harness/lab/clock.ts";
import type { CaseRecording, Wire } from "../harness/model/recording.ts";
import { openProcess } from "../harness/runtime/process.ts";
import type { ServerPlan } from "../harness/runtime/runtime.ts";
import httpPipe from "../proxies/http-pipe.ts";
import { caseOf } from "./_case.ts";
import { startCapture } from "./_capture.ts";
import { waitedForProcessorMs } from "./_cpu.ts";
import { medianOf, rankOf } from "./_figure.ts";
import type { Figure, Progress } from "./_figure.ts";
import { flowsIn } from "./_pcap.ts";
import type { Flow } from "./_pcap.ts";

const records = 2000;
const recordBytes = 64;
const everyMs = 4;
const warmUpRecords = 100;
const aimMs = 1;
/** How precisely the two clocks can be compared. */
const clocksAgreeMs = 0.05;
/** tcpdump gets packets once a second, and drops pending ones when it ends. */
const captureLagMs = 1500;
const anyPort = { host: "127.0.0.1", port: 0 };

const trialCase = caseOf({
  title: `${records} records of ${recordBytes} B every ${everyMs} ms`,
  format: "text",
  records,
  recordBytes,
  steps: [{ do: "headers" }, { do: "pause", ms: 50 }, { do: "write", records, everyMs }, { do: "end" }],
});

if (httpPipe.kind !== "node") throw new Error("proxies/http-pipe is no longer a Node server");
const pipePlan: ServerPlan = {
  kind: "node",
  hop: "pipe",
  file: join(packageRoot, "proxies/http-pipe.ts"),
  definition: httpPipe,
  variant: "default",
  middlewares: [],
};

export const measure = async (progress: Progress): Promise<Figure[]> => {
  await using runtime = await openProcess();
  const { lab } = runtime;
  const tap0 = await lab.ask("open-tap", { id: "tap-0", target: "origin", listen: anyPort });
  await using pipe = await runtime.start(pipePlan, tap0.port);
  const tap1 = await lab.ask("open-tap", { id: "tap-1", target: pipe.address, listen: anyPort });

  const ports = [tap0.port, tap1.port, pipe.address.port];
  // The origin's port is unknown. Its frames are small, so large frames of other programs are filtered out.
  const capture = await startCapture(`tcp and greater 100 and (${ports.map((port) => `port ${port}`).join(" or ")} or less 3000)`);
  const before = realtimeAheadMs();
  progress(trialCase.title);
  const [labPid = 0] = await runtime.labPids();
  const waitedBeforeMs = await waitedForProcessorMs(labPid);
  const recording = await lab.ask("run-case", { case: trialCase, token: "kernelxx", taps: ["tap-0", "tap-1"] });
  const waitedMs = (await waitedForProcessorMs(labPid)) - waitedBeforeMs;
  const after = realtimeAheadMs();
  await delay(captureLagMs);
  const flows = flowsIn(await capture.end());

  const { nonce = "", writes = [] } = recording.origin[0] ?? {};
  const aheadAt = (at: number): number => before.ms + ((after.ms - before.ms) * (at - before.at)) / (after.at - before.at);
  const packetsTo = (isSender: (flow: Flow) => boolean): Times => {
    const times: Times = new Map();
    for (const { wire } of flows.filter(isSender)) for (const [record, at] of endsOfRecords(wire, nonce)) times.set(record, at);
    for (const [record, at] of times) times.set(record, at - aheadAt(at - before.ms));
    return times;
  };
  const atTap0 = packetsTo(({ fromPort }) => !ports.includes(fromPort));
  const atTap1 = packetsTo(({ fromPort }) => fromPort === pipe.address.port);
  const atClient = packetsTo(({ fromPort }) => fromPort === tap1.port);
  return [
    ...figuresOf("origin's stamp before its packet", differences(atTap0, numbered(writes.map(({ at }) => at)))),
    ...figuresOf("stamp of the origin's tap after the packet", differences(stampsOf(recording, 0, nonce), atTap0), aimMs),
    ...figuresOf("stamp of the client's tap after the packet", differences(stampsOf(recording, 1, nonce), atTap1), aimMs),
    ...figuresOf("client's stamp after the packet", differences(numbered(recording.clients[0]?.recordsAt ?? []), atClient), aimMs),
    { name: "meanwhile the lab waited for a processor", value: waitedMs, unit: "ms" },
  ];
};

/** When each record was complete, by its number. */
type Times = Map<number, number>;

const numbered = (times: readonly number[]): Times => new Map(times.entries());

const endsOfRecords = (wire: Wire, nonce: string): Times => {
  const times: Times = new Map();
  let read = 0;
  for (const match of Buffer.from(wire.bytes)
    .toString("latin1")
    .matchAll(new RegExp(`${nonce}:(\\d+): `, "g"))) {
    const end = match.index + recordBytes;
    while ((wire.ends[read] ?? Infinity) < end) read++;
    const at = wire.at[read];
    if (at !== undefined) times.set(Number(match[1]), at);
  }
  return times;
};

const stampsOf = ({ connections }: CaseRecording, tap: number, nonce: string): Times =>
  new Map(connections.filter((connection) => connection.tap === tap).flatMap(({ response }) => [...endsOfRecords(response, nonce)]));

const differences = (later: Times, earlier: Times): number[] => {
  const found: number[] = [];
  for (let record = warmUpRecords; record < records; record++) {
    const difference = (later.get(record) ?? Number.NaN) - (earlier.get(record) ?? Number.NaN);
    if (!Number.isNaN(difference)) found.push(difference);
  }
  if (found.length < 0.99 * (records - warmUpRecords))
    throw new Error(`Only ${found.length} of ${records} records were found both in the capture and in the recording`);
  const least = Math.min(...found);
  if (least < -clocksAgreeMs) throw new Error(`A record was stamped ${-least} ms before its packet: the clock comparison is wrong`);
  return found;
};

const figuresOf = (name: string, found: readonly number[], aim?: number): Figure[] => [
  { name: `${name}, p50`, value: medianOf(found), unit: "ms" },
  { name: `${name}, p99`, value: rankOf(found, 0.99), unit: "ms", ...(aim === undefined ? {} : { aim }) },
  { name: `${name}, max`, value: Math.max(...found), unit: "ms" },
];

/** How far CLOCK_REALTIME is ahead of CLOCK_MONOTONIC: Node has the former only in whole milliseconds, but the moment at which it
 *  changes can be observed. Takes 50 ms of processor time. */
const realtimeAheadMs = (): { at: number; ms: number } => {
  const edges = Array.from({ length: 50 }, () => {
    const from = Date.now();
    let at = now();
    let realtime = from;
    while (realtime === from) {
      at = now();
      realtime = Date.now();
    }
    return realtime - at;
  });
  return { at: now(), ms: medianOf(edges) };
};
