// What was read of one response, piece by piece, and at the end as an observation. It does not read the clock.
import { codingOf, contentDecoder } from "../decode/content.ts";
import { responseParser } from "../decode/http1.ts";
import type { MessageEvent } from "../decode/http1.ts";
import type { End, Head, Observed } from "./judge/observation.ts";

type WithoutTime<T> = T extends unknown ? Omit<T, "atMs"> : never;
/** What the bytes say about the end; the caller knows the time. */
export type BytesEnd = WithoutTime<Extract<End, { how: "complete" | "closed" | "malformed" }>>;

export class ResponseRecorder {
  readonly #parser;
  readonly #multiplexed: "2" | "3" | null;
  readonly #pieces: { atMs: number; bytes: Uint8Array }[] = [];
  readonly #onHead: (head: Head) => unknown;
  head: Head | null = null;
  end: BytesEnd | null = null;
  wireBytes = 0;
  #strayBytes = 0;

  /** `multiplexed`: what is read as HTTP/1.1 came over this version. */
  constructor(options: { method: string; multiplexed: "2" | "3" | null; onHead: (head: Head) => unknown }) {
    this.#parser = responseParser(options);
    this.#multiplexed = options.multiplexed;
    this.#onHead = options.onHead;
  }

  get pieces(): number {
    return this.#pieces.length;
  }

  read(atMs: number, bytes: Uint8Array): void {
    this.wireBytes += bytes.length;
    for (const event of this.#parser.push(bytes)) this.#take(event, atMs);
  }

  /** The other side has closed; whether its framing allows that. */
  close(): boolean {
    const isLegal = this.#parser.close().every(({ kind }) => kind !== "problem");
    if (isLegal && this.head !== null) this.end ??= { how: "closed" };
    return isLegal && this.end !== null;
  }

  #take(event: MessageEvent, atMs: number): void {
    if (event.kind === "head" && "status" in event.head) {
      const { status, headers, version } = event.head;
      const own = { framing: event.framing, version } as const;
      const over = this.#multiplexed;
      this.head = { atMs, status, headers, ...(over === null ? own : ({ framing: "stream", version: over } as const)) };
      this.#onHead(this.head);
    } else if (event.kind === "content") this.#pieces.push({ atMs, bytes: event.bytes });
    else if (event.kind === "end") this.end ??= { how: "complete" };
    else if (event.kind === "problem") this.end ??= { how: "malformed", problem: event.problem };
    else if (event.kind === "excess") this.#strayBytes += event.bytes;
  }

  /** Decodes the content. */
  async observed(known: Pick<Observed, "variation" | "connectMs" | "end" | "stalls">, maxBytes: number): Promise<Observed> {
    const coding = this.head === null ? "identity" : codingOf(this.head.headers);
    const decoder = contentDecoder(coding === "unknown" ? "identity" : coding, maxBytes);
    const parts: Uint8Array[] = [];
    const progress: [number, number][] = [];
    let bytes = 0;
    const keep = (part: Uint8Array, atMs: number): void => {
      if (part.length === 0) return;
      parts.push(part);
      bytes += part.length;
      progress.push([atMs, bytes]);
    };
    for (const piece of this.#pieces) keep(await decoder.push(piece.bytes), piece.atMs);
    const gzipMembers = coding === "gzip" ? decoder.units : 0;
    const last = await decoder.finish();
    keep(last.bytes, known.end.atMs);
    const isCoded = coding !== "identity" && coding !== "unknown";
    return {
      ...known,
      head: this.head,
      content: Buffer.concat(parts),
      progress,
      coding,
      isCodingComplete: isCoded ? last.complete : null,
      gzipMembers,
      strayBytes: this.#strayBytes,
    };
  }
}
