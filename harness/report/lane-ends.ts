// How a response may end, in words, and which ends are whole.
import type { EndKind } from "../model/trace.ts";

const whole = new Set<EndKind>(["last-chunk", "length", "no-body", "fin-delimited"]);

export const isWholeEnd = (end: EndKind): boolean => whole.has(end);

export const endWords: Record<EndKind, string> = {
  "last-chunk": "complete: the last chunk",
  length: "complete: the announced length",
  "no-body": "complete: no body",
  "fin-delimited": "ended by the end of the connection",
  "cut-by-fin": "cut: the connection ended (FIN) inside the response",
  "cut-by-reset": "cut: the connection was reset (RST)",
  open: "still open",
  malformed: "not HTTP from here",
};
