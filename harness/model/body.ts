// The bytes of a streamed body: a pure function of (nonce, plan), so that the place of every byte is known and no two exchanges share bytes.
// A comparison with the expected bytes finds a hop that replays, mixes or alters a body.

import { createCipheriv } from "node:crypto";

export type BodyFormat = "sse" | "ndjson" | "csv" | "json-array" | "text" | "binary";

/** `compressible` repeats words of a small dictionary; `incompressible` is base64 (text formats) or raw random bytes (binary). */
export type Filler = "compressible" | "incompressible";

export interface BodyPlan {
  format: BodyFormat;
  filler: Filler;
  /** Size of each record in bytes, 1 to 1 MiB; record i starts where record i − 1 ended. */
  recordBytes: number[];
}

export const contentTypes = {
  sse: "text/event-stream",
  ndjson: "application/x-ndjson",
  csv: "text/csv",
  "json-array": "application/json",
  text: "text/plain",
  binary: "application/octet-stream",
} as const satisfies Record<BodyFormat, string>;

/** A record too small for the frame of its format, its number and its nonce is bare filler, placed by offset only. */
interface Frame {
  before: (nonce: string, index: number) => string;
  after: string;
}

const frames = {
  sse: { before: (nonce, index) => `id: ${index}\ndata: ${nonce}:${index}:`, after: "\n\n" },
  ndjson: { before: (nonce, index) => `{"id":"${nonce}:${index}:","data":"`, after: '"}\n' },
  csv: { before: (nonce, index) => `${nonce}:${index}:,`, after: "\r\n" },
  "json-array": { before: (nonce, index) => `${index === 0 ? "[" : ","}{"id":"${nonce}:${index}:","data":"`, after: '"}' },
  text: { before: (nonce, index) => `${nonce}:${index}: `, after: "\n" },
  binary: { before: (nonce, index) => `${nonce}:${index}:`, after: "" },
} satisfies Record<BodyFormat, Frame>;

/** The end of a complete body after its last record: the bracket that closes a JSON array. */
export const closing = (format: BodyFormat): string => (format === "json-array" ? "]" : "");

/** Ten characters from a–z0–9: the unique name of one exchange with the origin. */
export const isNonce = (text: string): boolean => /^[a-z0-9]{10}$/.test(text);

/** Offsets of the record starts, and of the end: `recordBytes.length + 1` numbers, in bytes from the start of the content. */
export const recordOffsets = (recordBytes: readonly number[]): number[] => {
  const offsets = [0];
  let offset = 0;
  for (const bytes of recordBytes) offsets.push((offset += bytes));
  return offsets;
};

/** Record `index` of the body that the exchange `nonce` sends: exactly `plan.recordBytes[index]` bytes. */
export const recordOf = (nonce: string, plan: BodyPlan, index: number): Buffer => {
  const size = plan.recordBytes[index];
  if (size === undefined) throw new RangeError(`The body has ${plan.recordBytes.length} records, and no record ${index}`);
  const frame = frames[plan.format];
  const before = frame.before(nonce, index);
  const room = size - before.length - frame.after.length;
  const seed = `${nonce}/${index}`;
  if (room < 0) return bareFiller(seed, size);
  const record = Buffer.allocUnsafe(size);
  record.write(before, 0, "latin1");
  fill(record, before.length, before.length + room, plan, seed);
  record.write(frame.after, before.length + room, "latin1");
  return record;
};

/** The first `records` records of a body, and its closing bytes if it is `complete`. */
export const bodyOf = (nonce: string, plan: BodyPlan, records: number, complete: boolean): Buffer => {
  const parts: Buffer[] = [];
  for (let index = 0; index < records; index++) parts.push(recordOf(nonce, plan, index));
  if (complete) parts.push(Buffer.from(closing(plan.format)));
  return Buffer.concat(parts);
};

/** The `nonce:index:` marks of a body, in order of their place in the content. */
export const anchorsIn = (content: Uint8Array): { nonce: string; index: number; offset: number }[] => {
  const text = Buffer.from(content.buffer, content.byteOffset, content.byteLength).toString("latin1");
  return Array.from(text.matchAll(/([a-z0-9]{10}):(\d{1,6}):/g), (match) => ({
    nonce: match[1] ?? "",
    index: Number(match[2]),
    offset: match.index,
  }));
};

const letters = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-_";
const words = "stream chunk proxy buffer flush header client origin token event record cache".split(" ");
const largestRecord = 1024 * 1024;

const bareFiller = (seed: string, size: number): Buffer => {
  const bytes = Buffer.allocUnsafe(size);
  const random = randomFrom(seed);
  for (let at = 0; at < size; at++) bytes[at] = letters.charCodeAt(random() & 63);
  return bytes;
};

/** Copies from a random place of a pool: a record of 1 MiB must cost the lab no more than a memory copy. */
const fill = (into: Buffer, from: number, to: number, plan: BodyPlan, seed: string): void => {
  const pool = poolOf(plan.filler === "compressible" ? "words" : plan.format === "binary" ? "bytes" : "letters");
  const phase = randomFrom(seed)() % largestRecord;
  pool.copy(into, from, phase, phase + to - from);
};

type Pool = "words" | "letters" | "bytes";

const pools = new Map<Pool, Buffer>();

/** The same in every process: the judge compares with what the lab wrote. */
const poolOf = (kind: Pool): Buffer => {
  const known = pools.get(kind);
  if (known) return known;
  const bytes = createCipheriv("aes-128-ctr", kind.padEnd(16), "hopwise".padEnd(16)).update(Buffer.alloc(2 * largestRecord));
  const pool =
    kind === "bytes"
      ? bytes
      : kind === "letters"
        ? Buffer.from(bytes.toString("base64"), "latin1")
        : Buffer.alloc(2 * largestRecord, wordsBy(bytes));
  pools.set(kind, pool);
  return pool;
};

/** 64 KiB of words, more than the 32 KiB window of a compressor. */
const wordsBy = (bytes: Uint8Array): string =>
  Array.from(bytes.subarray(0, 9362), (byte) => `${words[byte % words.length] ?? ""} `)
    .join("")
    .slice(0, 65536);

/** Fills the pools now, so that the first record of a trial is not late. */
export const warmUp = (): void => {
  for (const kind of ["words", "letters", "bytes"] as const) poolOf(kind);
};

/** xorshift32 seeded by FNV-1a: small, fast, and the same everywhere. Nothing here is secret. */
const randomFrom = (seed: string): (() => number) => {
  let state = 0x811c9dc5;
  for (let at = 0; at < seed.length; at++) state = Math.imul(state ^ seed.charCodeAt(at), 0x01000193);
  state = state === 0 ? 1 : state;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 8) & 0xffffff;
  };
};
