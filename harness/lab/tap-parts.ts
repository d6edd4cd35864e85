// The bytes of one tapped connection, in parts: a part begins where request bytes follow response bytes, since a reused connection may begin the
// next request there. Parts of no running case are dropped.
import type { Closing, ConnectionRecording } from "../model/recording.ts";
import { now } from "./clock.ts";
import { WireRecorder, wireOf } from "./wire.ts";

/** Whether request bytes name a running case. */
export type IsActive = (requestText: string) => boolean;
/** How many bytes of a response the case that a request names wants recorded; undefined: as many as the tap keeps. */
export type KeepBytesOf = (requestText: string) => number | undefined;

/** A token is within these first bytes: method, target, header fields. */
const searchedBytes = 256 * 1024;
const startsRequest = /^[A-Z]+ \S+ HTTP\/1/;

class Part {
  readonly request: WireRecorder;
  readonly response: WireRecorder;
  readonly closings: Closing[] = [];
  readonly blocked: [from: number, to: number][] = [];
  /** Whether the connection had carried responses before. */
  readonly isReused: boolean;
  isFreed = false;
  lastEventAt = 0;
  lastResponseAt = 0;
  #text = "";
  #textOf = 0;

  constructor(keepBytes: number, isReused = false) {
    this.isReused = isReused;
    this.request = new WireRecorder(keepBytes);
    this.response = new WireRecorder(keepBytes);
  }

  get text(): string {
    if (this.#textOf !== this.request.keptBytes) {
      this.#text = this.request.text(searchedBytes);
      this.#textOf = this.request.keptBytes;
    }
    return this.#text;
  }

  free(): void {
    this.isFreed = true;
    this.request.free();
    this.response.free();
  }
}

export type Cut = Pick<ConnectionRecording, "request" | "response" | "closings" | "blocked" | "isReused">;

export class PartLog {
  readonly #keepBytes: number;
  readonly #isActive: IsActive;
  readonly #keepBytesOf: KeepBytesOf;
  #parts: Part[];
  #blockedSince: number | null = null;

  constructor(keepBytes: number, isActive: IsActive, keepBytesOf: KeepBytesOf = () => undefined) {
    this.#keepBytes = keepBytes;
    this.#isActive = isActive;
    this.#keepBytesOf = keepBytesOf;
    this.#parts = [new Part(keepBytes)];
  }

  /** After the end nothing is recorded, but a last event may still arrive. */
  get #current(): Part {
    const last = this.#parts.at(-1);
    if (last) return last;
    const unasked = new Part(0);
    unasked.free();
    return unasked;
  }

  requestBytes(at: number, bytes: Uint8Array): void {
    if (this.#current.response.totalBytes > 0 || this.#current.isFreed) {
      this.#parts = this.#belonging((text) => this.#isActive(text));
      this.#parts.push(new Part(this.#keepBytes, true));
    }
    this.#current.request.push(at, bytes);
    this.#current.lastEventAt = at;
  }

  responseBytes(at: number, bytes: Uint8Array): void {
    const part = this.#current;
    if (part.response.totalBytes === 0) part.response.limit(this.#keepBytesOf(part.text));
    part.response.push(at, bytes);
    part.lastEventAt = at;
    part.lastResponseAt = at;
  }

  closing(closing: Closing): void {
    this.#current.closings.push(closing);
    this.#current.lastEventAt = closing.at;
  }

  blocked(at: number): void {
    this.#blockedSince ??= at;
  }

  unblocked(at: number): void {
    if (this.#blockedSince !== null) this.#current.blocked.push([this.#blockedSince, at]);
    this.#blockedSince = null;
  }

  isOf(token: string): boolean {
    return this.#parts.some((part) => part.text.includes(token));
  }

  /** The last activity in the parts of the case; 0 if it has none. */
  lastEventAt(token: string): number {
    return this.#parts.reduce((at, part) => (part.lastEventAt > at && part.text.includes(token) ? part.lastEventAt : at), 0);
  }

  /** The last response bytes in the parts of the case; 0 if there are none. */
  lastResponseAt(token: string): number {
    return this.#parts.reduce((at, part) => (part.lastResponseAt > at && part.text.includes(token) ? part.lastResponseAt : at), 0);
  }

  /** The connection is over: drops the parts of no running case. Whether any part is left. */
  keepsAnything(): boolean {
    this.#parts = this.#belonging((text) => this.#isActive(text));
    return this.#parts.length > 0;
  }

  /** One recording per sequence of adjacent parts. */
  cut(token: string): Promise<Cut[]> {
    const chosen = new Set(this.#belonging((text) => text.includes(token)));
    const runs: Part[][] = [];
    for (const [index, part] of this.#parts.entries()) {
      if (!chosen.has(part)) continue;
      const before = this.#parts[index - 1];
      if (before && chosen.has(before)) runs.at(-1)?.push(part);
      else runs.push([part]);
    }
    return Promise.all(runs.map((run) => this.#recordingOf(run)));
  }

  /** Frees the parts of a case that is over. */
  release(token: string): void {
    const rest = (part: Part): boolean => !this.#isActive(part.text);
    for (const part of this.#belonging((text) => text.includes(token))) if (rest(part)) part.free();
    const current = this.#current;
    this.#parts = this.#parts.filter((part) => part === current || !part.isFreed);
  }

  /** The parts with the request of the case, and following parts without a request of their own. */
  #belonging(isWanted: (text: string) => boolean): Part[] {
    let before = false;
    return this.#parts.filter((part) => {
      if (part.isFreed) return (before = false);
      const { text } = part;
      return (before = isWanted(text) || (before && !startsRequest.test(text)));
    });
  }

  async #recordingOf(run: readonly Part[]): Promise<Cut> {
    const blocked = run.flatMap((part) => part.blocked);
    if (this.#blockedSince !== null && run.at(-1) === this.#current) blocked.push([this.#blockedSince, now()]);
    const closings = run.flatMap((part) => part.closings);
    const [request, response] = await Promise.all([wireOf(run.map((part) => part.request)), wireOf(run.map((part) => part.response))]);
    return { request, response, closings, blocked, ...(run[0]?.isReused ? { isReused: true } : {}) };
  }
}
