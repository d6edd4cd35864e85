// Which records of a response a client has complete, read by read. A content coding is decoded as it arrives.
import { type Coding, codingOf, contentDecoder } from "../decode/content.ts";
import type { Header } from "../decode/http1.ts";
import { Tally } from "./wait.ts";

export interface RecordCounter {
  /** Complete records. */
  held: Tally;
  recordsAt: number[];
  problems: string[];
  /** The final header section; `isForeign`: another status than the script's, so the content is not the origin's. */
  begin: (headers: readonly Header[], isForeign: boolean) => void;
  content: (at: number, bytes: Uint8Array) => void;
  /** Resolves when everything received is decoded. */
  settle: (isComplete: boolean) => Promise<void>;
}

/** `recordEnds`: where in the content each record ends. */
export const recordCounter = (recordEnds: readonly number[], onHeld: (records: number) => void): RecordCounter => {
  const held = new Tally();
  const recordsAt: number[] = [];
  const problems: string[] = [];
  let coding: Coding = "identity";
  let decoder = contentDecoder("identity");
  let isCounted = true;
  let contentBytes = 0;
  let decoding: Promise<void> = Promise.resolve();

  const count = (at: number, bytes: number): void => {
    contentBytes += bytes;
    const before = recordsAt.length;
    while (recordsAt.length < recordEnds.length && (recordEnds[recordsAt.length] ?? 0) <= contentBytes) recordsAt.push(at);
    if (recordsAt.length === before) return;
    held.raise(recordsAt.length);
    onHeld(recordsAt.length);
  };
  return {
    held,
    recordsAt,
    problems,
    begin: (headers, isForeign) => {
      const announced = codingOf(headers);
      if (announced === "unknown") problems.push("The response has a content coding that cannot be decoded");
      isCounted = !isForeign && announced !== "unknown";
      coding = announced === "unknown" ? "identity" : announced;
      decoder = contentDecoder(coding);
    },
    content: (at, bytes) => {
      if (!isCounted) return;
      if (coding === "identity") count(at, bytes.length);
      else decoding = decoding.then(async () => count(at, (await decoder.push(bytes)).length));
    },
    settle: async (isComplete) => {
      await decoding;
      if (coding === "identity" || !isCounted) return;
      const { complete, problem } = await decoder.finish();
      if (problem !== null) problems.push(problem);
      else if (isComplete && !complete) problems.push(`The response is complete, but its ${coding} content is not`);
    },
  };
};
