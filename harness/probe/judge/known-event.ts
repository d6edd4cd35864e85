// An event of `hopwise origin`: it says which request it answers and when it was written, so that a probe can judge each event by itself. Pure.

export interface KnownEvent {
  /** The version of this shape. */
  hopwise: 1;
  /** Drawn for each request that the origin receives. */
  request: string;
  /** How many requests with the same `hopwise-probe` field the origin had received by then. */
  attempt: number;
  /** From 1 on. */
  event: number;
  of: number;
  /** The origin's clock, in milliseconds: when the request arrived, when the header section was written, when this event was written. */
  receivedMs: number;
  headMs: number;
  writtenMs: number;
  /** What the origin does after the last event. */
  end: "complete" | "reset";
}

/** `filler` makes it longer. */
export const knownEventText = (event: KnownEvent, filler: string): string => {
  const { hopwise, request, attempt, event: number, of, receivedMs, headMs, writtenMs, end } = event;
  const body = JSON.stringify({ hopwise, request, attempt, event: number, of, receivedMs, headMs, writtenMs, end, filler });
  return `${body.slice(0, -1)},"check":"${checkOf(body)}"}`;
};

/** `altered`: it was one, but its bytes have changed. Null: it is something else. */
export const knownEventOf = (text: string): KnownEvent | "altered" | null => {
  if (!text.startsWith('{"hopwise":')) return null;
  const [, body = "", check] = /^(.*),"check":"([0-9a-f]{8})"\}$/s.exec(text) ?? [];
  if (check === undefined || checkOf(`${body}}`) !== check) return "altered";
  return typed(JSON.parse(`${body}}`) as object) ?? "altered";
};

/** Anyone can answer with the right checksum. */
const typed = (read: object): KnownEvent | null => {
  const event = read as KnownEvent;
  const { hopwise, attempt, event: number, of, receivedMs, headMs, writtenMs, request, end } = event;
  const numbers: unknown[] = [hopwise, attempt, number, of, receivedMs, headMs, writtenMs];
  const isTyped = numbers.every(Number.isFinite) && typeof request === "string" && (end === "complete" || end === "reset");
  return isTyped ? event : null;
};

/** FNV-1a (RFC 9923) of Latin-1 text. */
const checkOf = (text: string): string => {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, "0");
};
