// Compares a body with what the origin wrote: for which request it was made, whether it is whole, and where each record ends. Pure.
import type { BodyPlan } from "./body.ts";
import { anchorsIn, bodyOf, recordOf, recordOffsets } from "./body.ts";
import type { Fidelity } from "./trace.ts";

export interface Written {
  nonce: string;
  plan: BodyPlan;
  /** The number of records that the origin wrote, and whether it closed the body. */
  records: number;
  ended: boolean;
}

export interface Placement {
  nonce: string | null;
  fidelity: Fidelity;
  /** The offset after each record in the received content; null if it cannot be placed. */
  ends: (number | null)[];
}

/** Compares received content with the bodies of the origin in the same case. */
export const placementOf = (content: Uint8Array, written: readonly Written[]): Placement => {
  if (content.byteLength === 0) return { nonce: null, fidelity: { kind: "intact" }, ends: [] };
  let best: { owner: Written; body: Buffer; same: number } | null = null;
  for (const owner of written) {
    const body = bodyBy(owner);
    const same = commonPrefix(content, body);
    if (same === content.byteLength)
      return { nonce: owner.nonce, fidelity: { kind: "intact" }, ends: recordOffsets(owner.plan.recordBytes).slice(1) };
    if (!best || same > best.same) best = { owner, body, same };
  }
  const marks = anchorsIn(content);
  const anchors = marks.filter(({ nonce }) => written.some((owner) => owner.nonce === nonce));
  const anchored = anchors[0]?.nonce;
  const owner = anchored === undefined ? undefined : written.find(({ nonce }) => nonce === anchored);
  const other = owner ? null : otherNonceIn(marks);
  const mine = owner ?? (best && other === null && best.same >= Math.min(8, content.byteLength) ? best.owner : null);
  if (!mine) return { nonce: other, fidelity: { kind: "foreign" }, ends: [] };
  const body = bodyBy(mine);
  const offset = commonPrefix(content, body);
  return {
    nonce: mine.nonce,
    fidelity: { kind: "altered", offset, ...howAltered(content, body, offset, anchors, mine.nonce) },
    ends: anchoredEnds(content, anchors, mine),
  };
};

/** Every link carries the same body, so it is made once per exchange. */
const bodies = new WeakMap<Written, Buffer>();

const bodyBy = (owner: Written): Buffer => {
  const known = bodies.get(owner);
  if (known) return known;
  const body = bodyOf(owner.nonce, owner.plan, owner.records, owner.ended);
  bodies.set(owner, body);
  return body;
};

/** A body that the origin made for another trial has that nonce in each record. An error page does not have a nonce in two places. */
const otherNonceIn = (marks: Anchors): string | null => {
  const [first, second] = marks;
  return first && first.nonce === second?.nonce ? first.nonce : null;
};

type Anchors = ReturnType<typeof anchorsIn>;

const howAltered = (
  content: Uint8Array,
  body: Buffer,
  offset: number,
  anchors: Anchors,
  nonce: string,
): { how: "changed" | "missing" | "repeated" | "added" | "mixed"; detail: string } => {
  const other = anchors.find((anchor) => anchor.nonce !== nonce);
  if (other) return { how: "mixed", detail: `bytes of ${other.nonce} stand in the body of ${nonce} at offset ${other.offset}` };
  for (let at = 1; at < anchors.length; at++) {
    const before = anchors[at - 1]?.index ?? 0;
    const index = anchors[at]?.index ?? 0;
    const place = `at offset ${anchors[at]?.offset ?? offset}`;
    if (index <= before && anchors.slice(0, at).some((earlier) => earlier.index === index))
      return { how: "repeated", detail: `record ${index} comes again ${place}` };
    if (index < before) return { how: "changed", detail: `record ${index} comes after record ${before} ${place}` };
    if (index > before + 1) return { how: "missing", detail: `record ${before + 1} is missing at offset ${offset}` };
  }
  if (offset === body.length)
    return { how: "added", detail: `${content.byteLength - offset} bytes follow the end of the body at offset ${offset}` };
  return { how: "changed", detail: `byte ${offset} is 0x${hex(content[offset])} where the origin wrote 0x${hex(body[offset])}` };
};

const hex = (byte: number | undefined): string => (byte ?? 0).toString(16).padStart(2, "0");

/** Re-anchors on nonce and number: a record with its mark can be placed anywhere. */
const anchoredEnds = (content: Uint8Array, anchors: Anchors, owner: Written): (number | null)[] =>
  owner.plan.recordBytes.slice(0, owner.records).map((size, index) => {
    const anchor = anchors.find((candidate) => candidate.nonce === owner.nonce && candidate.index === index);
    if (!anchor) return null;
    const within = anchorsIn(recordOf(owner.nonce, owner.plan, index))[0]?.offset ?? 0;
    const end = anchor.offset - within + size;
    return end <= content.byteLength ? end : null;
  });

/** The length of the common prefix, in bytes. */
export const commonPrefix = (a: Uint8Array, b: Uint8Array): number => {
  const length = Math.min(a.byteLength, b.byteLength);
  if (Buffer.compare(a.subarray(0, length), b.subarray(0, length)) === 0) return length;
  // A binary search with native comparisons: bodies have megabytes.
  let low = 0;
  let high = length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (Buffer.compare(a.subarray(low, middle), b.subarray(low, middle)) === 0) low = middle;
    else high = middle;
  }
  return low;
};
