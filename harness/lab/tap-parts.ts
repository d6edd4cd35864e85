// One tapped connection's bytes, in parts: a part begins wherever request bytes follow response bytes, since that is where a reused
// connection may turn from one request to the next. Parts that belong to no running arm are dropped.
import type { Closing, ConnectionRecording } from "../model/recording.ts";
import { now } from "./clock.ts";
import { WireRecorder, wireOf } from "./wire.ts";

/** Whether request bytes name an arm that is being played. */
export type IsActive = (requestText: string) => boolean;

/** Where a token must be: method, target and header fields come first. */
const searchedBytes = 256 * 1024;
const startsRequest = /^[A-Z]+ \S+ HTTP\/1/;

class Part {
  readonly request: WireRecorder;
  readonly response: WireRecorder;
  readonly closings: Closing[] = [];
  readonly blocked: [from: number, to: number][] = [];
  isFreed = false;
  lastEventAt = 0;
  #text = "";
  #textOf = 0;

  constructor(keepBytes: number) {
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

export type Cut = Pick<ConnectionRecording, "request" | "response" | "closings" | "blocked">;

export class PartLog {
  readonly #keepBytes: number;
  readonly #isActive: IsActive;
  #parts: Part[];
  #blockedSince: number | null = null;

  constructor(keepBytes: number, isActive: IsActive) {
    this.#keepBytes = keepBytes;
    this.#isActive = isActive;
    this.#parts = [new Part(keepBytes)];
  }

  /** Behind the end nothing is kept any more, yet a last event may still come. */
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
      this.#parts.push(new Part(this.#keepBytes));
    }
    this.#current.request.push(at, bytes);
    this.#current.lastEventAt = at;
  }

  responseBytes(at: number, bytes: Uint8Array): void {
    this.#current.response.push(at, bytes);
    this.#current.lastEventAt = at;
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

  /** When something last happened in the arm's parts; 0 if it has none. */
  lastEventAt(token: string): number {
    return this.#parts.reduce((at, part) => (part.lastEventAt > at && part.text.includes(token) ? part.lastEventAt : at), 0);
  }

  /** The connection is over: nothing is kept that no running arm asks for. Whether anything is. */
  keepsAnything(): boolean {
    this.#parts = this.#belonging((text) => this.#isActive(text));
    return this.#parts.length > 0;
  }

  /** One recording per run of adjoining parts. */
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

  /** Frees what belonged to an arm that is over. */
  release(token: string): void {
    const rest = (part: Part): boolean => !this.#isActive(part.text);
    for (const part of this.#belonging((text) => text.includes(token))) if (rest(part)) part.free();
    const current = this.#current;
    this.#parts = this.#parts.filter((part) => part === current || !part.isFreed);
  }

  /** The parts whose request bytes are wanted, and those behind them that begin no request of their own. */
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
    return { request, response, closings, blocked };
  }
}
