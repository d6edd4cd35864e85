// Sorts what was seen into the kinds that nginx has causes for.
import type { Symptom } from "../configuration.ts";

export type Kind =
  | "delivery"
  | "headers"
  | "limit"
  | "truncation"
  | "error-response"
  | "broken"
  | "cached"
  | "collapsed"
  | "stale"
  | "revalidated"
  | "asked"
  | "altered"
  | "disconnect"
  | "reload"
  | "upgrade"
  | "upload";

const byCause: Record<string, Kind> = {
  reload: "reload",
  upgrade: "upgrade",
  upload: "upload",
};

const limits = new Set(["idle-limit", "first-byte-limit", "total-limit", "limit-unclassified"]);

const byEnding: Record<string, Kind> = {
  "timed-out": "limit",
  "incomplete-silent": "truncation",
  "error-response": "error-response",
};

const bySource: Record<string, Kind> = {
  collapsed: "collapsed",
  stale: "stale",
  revalidated: "revalidated",
  asked: "asked",
};

export const kindOf = ({ facet, member, cause }: Symptom): Kind => {
  const told = byCause[cause ?? ""];
  if (told) return told;
  if (facet === "delivery" || facet === "headers" || facet === "disconnect") return facet;
  if (facet === "integrity") return "altered";
  if (facet === "source") return bySource[member] ?? "cached";
  if (member === "error-response") return "error-response";
  return limits.has(cause ?? "") ? "limit" : (byEnding[member] ?? "broken");
};
