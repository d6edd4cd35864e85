// The questions of the README's matrix, and which scenario answers which, for a server in its default configuration. Pure.
import type { Axis, Scenario } from "../harness/define.ts";
import type { FacetName, Members } from "../harness/model/verdict.ts";

export const questions = {
  small: { title: "small events", facet: "delivery", good: ["incremental"] },
  large: { title: "large records", facet: "delivery", good: ["incremental"] },
  gzip: { title: "gzip client", facet: "delivery", good: ["incremental"] },
  headers: { title: "headers at once", facet: "headers", good: ["prompt"] },
  cut: { title: "cut is visible", facet: "ending", good: ["truncated-visibly", "error-response", "no-response"] },
  leaving: { title: "leaving is seen", facet: "disconnect", good: ["propagated"] },
  caching: { title: "nothing cached", facet: "source", good: ["origin"] },
} as const satisfies Record<string, { title: string; facet: FacetName; good: readonly Members[FacetName]["member"][] }>;

export type Question = keyof typeof questions;

/** Larger than one server buffer, which is a memory page. */
const largeBytes = 4096;

/** Null: none, or one under special conditions. */
export const questionOf = ({ chain, request = {}, response = {}, timeScale, trial }: Scenario): Question | null => {
  const [, hop, ...more] = chain;
  const { acceptEncoding = null, ...others } = request;
  const usual = Object.keys({ ...others, ...response }).length === 0 && timeScale === undefined;
  if (typeof hop !== "string" || more.length > 0 || !usual) return null;
  switch (trial.kind) {
    case "lock-step":
    case "paced":
      return deliveryOf(acceptEncoding, trial.recordBytes);
    case "header-hold":
      return "headers";
    case "origin-abort":
      return "cut";
    case "client-leaving":
      return "leaving";
    case "late-joiner":
      return trial.cacheControl?.includes(null) === false ? null : "caching";
    default:
      return null;
  }
};

const deliveryOf = (acceptEncoding: Axis<string | null>, recordBytes: Axis<number> | undefined): Question | null => {
  if (Array.isArray(acceptEncoding) || Array.isArray(recordBytes)) return null;
  const large = recordBytes !== undefined && recordBytes >= largeBytes;
  if (acceptEncoding === null) return large ? "large" : "small";
  return acceptEncoding === "gzip" && !large ? "gzip" : null;
};
