// Observations as a test needs them: each record with the time of the read that brought it.
import { knownEventText } from "../../../harness/probe/judge/known-event.ts";
import type { End, Observed } from "../../../harness/probe/judge/observation.ts";

export interface Written {
  atMs: number;
  text: string;
}

interface Given extends Partial<Omit<Observed, "content" | "progress">> {
  type?: string;
  headers?: { name: string; value: string }[];
  headMs?: number;
  status?: number;
}

export const observed = (records: readonly Written[], given: Given = {}): Observed => {
  const { type = "text/event-stream", headers = [], headMs = 1, status = 200, ...more } = given;
  const lastMs = records.at(-1)?.atMs ?? headMs;
  let bytes = 0;
  return {
    variation: { http: "1.1", acceptEncoding: null },
    connectMs: 1,
    head: { atMs: headMs, status, headers: [{ name: "Content-Type", value: type }, ...headers], framing: "chunked", version: "1.1" },
    content: Buffer.from(records.map(({ text }) => text).join("")),
    progress: records.map(({ atMs, text }) => [atMs, (bytes += Buffer.byteLength(text))] as const),
    coding: "identity",
    isCodingComplete: null,
    gzipMembers: 0,
    end: { how: "complete", atMs: lastMs + 1 } satisfies End,
    strayBytes: 0,
    stalls: [],
    ...more,
  };
};

export const events = (times: readonly number[]): Written[] => times.map((atMs, index) => ({ atMs, text: `data: ${index}\n\n` }));

interface Known {
  /** When it was written, after the request. */
  writtenMs: number;
  atMs: number;
}

/** By a clock of its own. */
const clockMs = 1_700_000_000_000;

export const knownEvents = (all: readonly Known[], end: "complete" | "reset" = "complete", of = all.length): Written[] =>
  all.map(({ writtenMs, atMs }, index) => {
    const event = { hopwise: 1, request: "a1", attempt: 1, event: index + 1, of, receivedMs: clockMs, headMs: clockMs, end } as const;
    return { atMs, text: `id: ${index + 1}\ndata: ${knownEventText({ ...event, writtenMs: clockMs + writtenMs }, "")}\n\n` };
  });
