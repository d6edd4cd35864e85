// Decodes content read by read: how many decoded bytes were available when, and what was wrong.
import type { Exchange, Problem } from "../model/trace.ts";
import { contentDecoder } from "./content.ts";
import type { codingOf } from "./content.ts";

interface FinishedContent {
  bytes: Buffer;
  progress: [number, number][];
  complete: boolean | null;
  problems: Problem[];
  /** Gzip members, begun or whole. */
  members: number;
}

export const progressiveContent = () => {
  let decoder = contentDecoder("identity");
  let coded = false;
  let isGzip = false;
  const parts: Uint8Array[] = [];
  const progress: [number, number][] = [];
  const problems: Problem[] = [];
  let bytes = 0;
  const keep = (part: Uint8Array, at: number): void => {
    if (part.byteLength === 0) return;
    parts.push(part);
    bytes += part.byteLength;
    progress.push([at, bytes]);
  };
  return {
    coding: (coding: ReturnType<typeof codingOf>): void => {
      if (coding === "unknown") problems.push({ code: "unknown-coding", words: "the content coding is unknown" });
      coded = coding !== "identity" && coding !== "unknown";
      isGzip = coding === "gzip";
      decoder = contentDecoder(coding === "unknown" ? "identity" : coding);
    },
    push: async (pieces: readonly Uint8Array[], at: number): Promise<void> => {
      const joined = pieces.length === 1 && pieces[0] ? pieces[0] : Buffer.concat(pieces);
      keep(coded ? await decoder.push(joined) : joined, at);
    },
    finish: async (): Promise<FinishedContent> => {
      let complete: boolean | null = null;
      let members = 0;
      if (coded) {
        members = isGzip ? decoder.units : 0;
        const last = await decoder.finish();
        keep(last.bytes, progress.at(-1)?.[0] ?? 0);
        complete = last.complete;
        // The only problem of a whole coding is bytes after it.
        if (last.problem !== null && complete) problems.push({ code: "stray-bytes", words: last.problem });
      }
      return { bytes: Buffer.concat(parts), progress, complete, problems, members };
    },
  };
};

export const manyMembers = (members: number): Pick<Exchange, "gzipMembers"> => (members > 1 ? { gzipMembers: members } : {});
