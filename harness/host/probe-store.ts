// The recordings of the probes of one host, until they are fetched: GET /?request=<token>.<client> or /?request=<token>.
import { createServer } from "node:http";
import type { Server } from "node:http";
import type { ProbeRecording } from "../model/recording.ts";
import { readRequestId } from "../model/request-id.ts";
import type { RequestId } from "../model/request-id.ts";

/** A ProbeRecording as JSON: `at` and `ends` as plain arrays, `bytes` in base64. */
export interface ProbeAnswer extends Omit<ProbeRecording, "content"> {
  content: { at: number[]; ends: number[]; bytes: string; droppedBytes: number };
}

type Ended = NonNullable<ProbeRecording["ended"]>["how"];

/** One response at one place, while it is running. */
export interface Sighting {
  readonly status: number | null;
  /** The header section is known; a later call replaces it. */
  section: (status: number, headers: [name: string, value: string][]) => void;
  /** The header section leaves. */
  push: () => void;
  data: (data: unknown, encoding: unknown) => void;
  close: (how: Ended) => void;
}

export interface ProbeStore {
  open: (place: string, request: RequestId) => Sighting;
  /** Returns the recordings of a request, or of a whole case, and drops them. */
  take: (request: RequestId) => ProbeAnswer[];
}

const bytesPerSighting = 8 * 1024 * 1024;
const bytesPerStore = 64 * 1024 * 1024;
/** A write takes its bytes and its two numbers. */
const bytesPerMark = 16;

/** CLOCK_MONOTONIC in milliseconds. */
const now = (): number => Number(process.hrtime.bigint()) / 1e6;

interface Entry extends ProbeAnswer {
  pieces: Buffer[];
  cost: number;
  forgotten: boolean;
}

export const createProbeStore = (): ProbeStore => {
  let entries: Entry[] = [];
  let cost = 0;

  const forget = (entry: Entry): void => {
    entry.forgotten = true;
    cost -= entry.cost;
  };

  const keep = (entry: Entry, bytes: Buffer): void => {
    const price = bytes.length + bytesPerMark;
    const { content, pieces } = entry;
    if (entry.forgotten) return;
    if (content.droppedBytes > 0 || entry.cost + price > bytesPerSighting) {
      content.droppedBytes += bytes.length;
      return;
    }
    content.at.push(now());
    content.ends.push((content.ends.at(-1) ?? 0) + bytes.length);
    pieces.push(bytes);
    entry.cost += price;
    cost += price;
    while (cost > bytesPerStore) {
      const oldest = entries.shift();
      if (oldest) forget(oldest);
    }
  };

  return {
    open: (place, request) => {
      const entry = newEntry(place, request);
      entries.push(entry);
      cost += entry.cost;
      return sightingOf(entry, keep);
    },
    take: (request) => {
      const taken = entries.filter((entry) => isPartOf(entry.request, request));
      taken.forEach(forget);
      entries = entries.filter((entry) => !entry.forgotten);
      return taken.map(({ pieces, cost: _cost, forgotten: _forgotten, ...seen }) => ({
        ...seen,
        content: { ...seen.content, bytes: Buffer.concat(pieces).toString("base64") },
      }));
    },
  };
};

const newEntry = (place: string, request: RequestId): Entry => ({
  place,
  request,
  requestedAt: now(),
  status: null,
  headers: [],
  headersAt: null,
  content: { at: [], ends: [], bytes: "", droppedBytes: 0 },
  ended: null,
  pieces: [],
  cost: 1024,
  forgotten: false,
});

const sightingOf = (entry: Entry, keep: (entry: Entry, bytes: Buffer) => void): Sighting => ({
  get status() {
    return entry.status;
  },
  section: (status, headers) => void Object.assign(entry, { status, headers }),
  push: () => void (entry.headersAt ??= now()),
  data: (data, encoding) => {
    const bytes = bytesOf(data, encoding);
    if (bytes.length > 0) keep(entry, bytes);
  },
  close: (how) => void (entry.ended ??= { at: now(), how }),
});

const isPartOf = (request: RequestId, { token, client }: RequestId): boolean =>
  request.token === token && (client === null || request.client === client);

/** A copy: the writer may reuse its buffer. */
const bytesOf = (data: unknown, encoding: unknown): Buffer => {
  if (typeof data === "string") return Buffer.from(data, typeof encoding === "string" ? (encoding as BufferEncoding) : "utf8");
  return data instanceof Uint8Array ? Buffer.from(data) : Buffer.alloc(0);
};

export const createProbeServer = (store: ProbeStore): Server =>
  createServer((request, response) => {
    const wanted = new URL(request.url ?? "/", "http://probe").searchParams.get("request");
    response.statusCode = wanted ? 200 : 400;
    response
      .setHeader("Content-Type", "application/json")
      .end(
        JSON.stringify(
          wanted ? store.take(readRequestId(wanted)) : { problem: "Missing query: /?request=<token>.<client> or /?request=<token>" },
        ),
      );
  });
