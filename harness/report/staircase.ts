// Bytes into and out of a hop over time, and the area between them: what it held. Pure.
import { spansOf } from "./held.ts";
import type { ByteStep, CaseReport, HeldReport } from "./report.ts";

export interface Staircase extends HeldReport {
  input: ByteStep[];
  output: ByteStep[];
  spans: ReturnType<typeof spansOf>;
}

/** Less has no area that could be seen. */
const leastByteSeconds = 1;

/** Of the culprit; null where it held nothing worth a picture, or where that is not known. */
export const staircaseOf = ({ connections, held, writtenAtMs }: CaseReport, hop: string | null, totalMs: number): Staircase | null => {
  const known = held?.find((one) => one.hop === hop);
  const input = connections.find(({ to }) => to === hop)?.bytes;
  const output = connections.find(({ from }) => from === hop);
  if (!known || !input || !output || known.byteSeconds < leastByteSeconds || writtenAtMs.length === 0) return null;
  const sent = output.bytes ?? [];
  return { ...known, input, output: sent, spans: spansOf(input, sent, output.endedAtMs ?? totalMs) };
};
