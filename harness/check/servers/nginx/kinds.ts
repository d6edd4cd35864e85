// Sorts what was seen into the kinds that nginx has causes for.
import { isLimitCause } from "../../../model/verdict.ts";
import type { Ending, Source } from "../../../model/verdict.ts";
import type { Symptom } from "../../configuration.ts";

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
  | "upload"
  | "crowd"
  | "outage";

const byEnding: Partial<Record<Ending["member"], Kind>> = {
  "truncated-silently": "truncation",
  "error-response": "error-response",
};

const bySource: Partial<Record<Source["member"], Kind>> = {
  collapsed: "collapsed",
  stale: "stale",
  revalidated: "revalidated",
  retried: "asked",
};

export const kindOf = (symptom: Symptom): Kind => {
  if ("feature" in symptom) return symptom.feature;
  if ("during" in symptom) return symptom.during;
  switch (symptom.facet) {
    case "delivery":
    case "headers":
    case "disconnect":
      return symptom.facet;
    case "integrity":
      return "altered";
    case "source":
      return bySource[symptom.member] ?? "cached";
    case "ending":
      if (symptom.member === "error-response") return "error-response";
      return isLimitCause(symptom.cause) ? "limit" : (byEnding[symptom.member] ?? "broken");
  }
};
