// The recorder of one direction: bytes and times in two growing arrays, without an object per read.
import type { Wire } from "../model/recording.ts";
import { largeBytes, turnToCopy } from "./wait.ts";

export const defaultKeepBytes = 64 * 1024 * 1024;

const smallestBlock = 1024;
const largestBlock = 256 * 1024;
/** Reads of at least this size are kept as they are; smaller ones are copied into blocks. */
const worthKeeping = 16 * 1024;
/** The most bytes copied in one turn of the event loop: one block may be this large. */
const copiedAtOnce = largestBlock;

export class WireRecorder {
  totalBytes = 0;
  keptBytes = 0;
  reads = 0;
  at = new Float64Array(8);
  ends = new Float64Array(8);
  blocks: Uint8Array[] = [];
  #keepBytes: number;
  /** The last block, if it was made here and has room. */
  #open: Uint8Array | null = null;
  #openUsed = 0;

  constructor(keepBytes: number = defaultKeepBytes) {
    this.#keepBytes = keepBytes;
  }

  /** Records no more bytes than this, if it is less. */
  limit(keepBytes = Infinity): void {
    this.#keepBytes = Math.min(this.#keepBytes, keepBytes);
  }

  push(at: number, bytes: Uint8Array): void {
    this.totalBytes += bytes.length;
    if (this.#keepBytes < 0) return;
    if (this.reads === this.at.length) this.#grow();
    this.at[this.reads] = at;
    this.ends[this.reads++] = this.totalBytes;
    const room = this.#keepBytes - this.keptBytes;
    if (room > 0) this.#keep(bytes.length <= room ? bytes : bytes.subarray(0, room));
  }

  /** The first bytes as text, byte by byte. */
  text(maxBytes: number): string {
    let text = "";
    for (const block of this.blocks) {
      if (text.length >= maxBytes) break;
      text += Buffer.from(block.buffer, block.byteOffset, block.byteLength).toString("latin1", 0, maxBytes - text.length);
    }
    return text;
  }

  /** Drops everything and stops recording, but continues to count. */
  free(): void {
    this.#keepBytes = -1;
    this.keptBytes = 0;
    this.reads = 0;
    this.at = this.ends = new Float64Array(0);
    this.blocks = [];
    this.#open = null;
  }

  #grow(): void {
    const at = new Float64Array(2 * this.at.length);
    const ends = new Float64Array(2 * this.at.length);
    at.set(this.at);
    ends.set(this.ends);
    this.at = at;
    this.ends = ends;
  }

  #keep(bytes: Uint8Array): void {
    this.keptBytes += bytes.length;
    if (bytes.length >= worthKeeping) {
      this.blocks.push(bytes);
      this.#open = null;
      return;
    }
    if (this.#open === null || this.#open.length - this.#openUsed < bytes.length) {
      const size = Math.max(bytes.length, Math.min(largestBlock, Math.max(smallestBlock, this.keptBytes)));
      this.#open = new Uint8Array(size);
      this.#openUsed = 0;
      this.blocks.push(this.#open.subarray(0, 0));
    }
    this.#open.set(bytes, this.#openUsed);
    this.#openUsed += bytes.length;
    this.blocks[this.blocks.length - 1] = this.#open.subarray(0, this.#openUsed);
  }
}

/** The recordings of adjacent recorders, joined. Large ones are copied over several turns of the event loop. */
export const wireOf = async (recorders: readonly WireRecorder[]): Promise<Wire> => {
  const sum = (of: (recorder: WireRecorder) => number): number => recorders.reduce((total, recorder) => total + of(recorder), 0);
  const reads = sum((recorder) => recorder.reads);
  const wire: Wire = {
    at: new Float64Array(reads),
    ends: new Float64Array(reads),
    bytes: new Uint8Array(sum((recorder) => recorder.keptBytes)),
    droppedBytes: sum((recorder) => recorder.totalBytes - recorder.keptBytes),
  };
  let read = 0;
  let base = 0;
  const blocks = recorders.flatMap((recorder) => recorder.blocks);
  for (const recorder of recorders) {
    wire.at.set(recorder.at.subarray(0, recorder.reads), read);
    for (let index = 0; index < recorder.reads; index++) wire.ends[read++] = base + (recorder.ends[index] ?? 0);
    base += recorder.totalBytes;
  }
  let offset = 0;
  let room = largeBytes - 1;
  for (const block of blocks) {
    if (block.length > room) {
      await turnToCopy();
      room = copiedAtOnce;
    }
    wire.bytes.set(block, offset);
    offset += block.length;
    room -= block.length;
  }
  return wire;
};
