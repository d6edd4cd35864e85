// Whether a client that leaves is noticed: a request to `hopwise origin` that the probe leaves in a silence, and what the origin says of it then.
import { randomBytes } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { exchange } from "./exchange.ts";
import type { Bounds } from "./exchange.ts";
import type { Finding } from "./judge/findings.ts";
import type { Variation } from "./judge/observation.ts";
import type { MarkState } from "./origin/marks.ts";
import { probeHeader } from "./request.ts";
import type { ProbeRequest } from "./request.ts";

/** The probe leaves in the silence before the first event, and looks before and after the origin has written it. */
const everyMs = 2500;
const leavesAtMs = 1000;
const looksAtMs = [800, everyMs - leavesAtMs + 800] as const;

/** Null: the origin could not be asked. */
export const leavingOf = async (request: ProbeRequest, variation: Variation, bounds: Bounds): Promise<Finding | null> => {
  const mark = randomBytes(6).toString("hex");
  const stream = siblingOf(request.url, "events", { every: String(everyMs), count: "4" });
  const marked: ProbeRequest = { ...request, url: stream, headers: [...request.headers, [probeHeader, mark]] };
  await exchange(marked, variation, { ...bounds, forMs: leavesAtMs, keepsConnectionMs: 2 * everyMs });
  const leftAt = performance.now();
  for (const [index, atMs] of looksAtMs.entries()) {
    await delay(Math.max(0, leftAt + atMs - performance.now()), undefined, { signal: bounds.signal });
    const state = await stateOf(request, variation, { mark, bounds });
    if (state === null) return null;
    if (state === "left")
      return { level: index === 0 ? "ok" : "note", facet: "disconnect", kind: index === 0 ? "propagated" : "on-next-write" };
  }
  return { level: "warning", facet: "disconnect", kind: "not-propagated", afterMs: performance.now() - leftAt };
};

interface Question {
  mark: string;
  bounds: Bounds;
}

const answersWithinMs = 5000;

/** No cache may answer for it: each question differs. */
const stateOf = async (request: ProbeRequest, variation: Variation, { mark, bounds }: Question): Promise<MarkState | null> => {
  const url = siblingOf(request.url, "requests", { mark, n: randomBytes(4).toString("hex") });
  const { content } = await exchange({ ...request, url }, { ...variation, acceptEncoding: null }, { ...bounds, forMs: answersWithinMs });
  try {
    return (JSON.parse(Buffer.from(content).toString()) as { state: MarkState | null }).state;
  } catch {
    return null;
  }
};

/** Beside the stream, so that it takes the same way. */
const siblingOf = (url: URL, name: string, query: Record<string, string>): URL => {
  const sibling = new URL(name, url);
  for (const [key, value] of Object.entries(query)) sibling.searchParams.set(key, value);
  return sibling;
};
