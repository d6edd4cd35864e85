// Matchers for a scenario's report, with the rules of `must`.
import type { Must } from "./define.ts";
import { decide } from "./model/outcome.ts";
import type { ScenarioReport } from "./report/report.ts";
import { AuthorError } from "./errors.ts";

interface Result {
  pass: boolean;
  message: () => string;
}

interface Context {
  isNot?: boolean;
}

/** A report that could not be judged fails with and without `not`. */
const judged = (received: unknown, must: Must, { isNot = false }: Context): Result => {
  const unseen = (why: string): Result => ({ pass: isNot, message: () => why });
  if (!isReport(received)) return unseen("expected the report of a scenario, as runScenario returns it");
  const { id, title, outcome, headline, why, facets, inconclusive, limits, reproduce } = received;
  if (headline === "crashed") return unseen(`${id}: ${why}`);
  if (outcome === "unsupported" || outcome === "harness-fault") return unseen(`"${id}" could not be judged (${outcome}): ${why}`);
  const found = decide({ title, chain: [{ app: "" }], trial: { kind: "lock-step" }, must }, { facets, inconclusive, limits });
  if (found.outcome !== "pass" && found.outcome !== "fail") return unseen(`"${id}" could not be judged: ${found.why}`);
  const again = reproduce === null ? "" : `\nagain: ${reproduce}`;
  return { pass: found.outcome === "pass", message: () => `${isNot ? "must not hold, but does" : id}: ${found.why}${again}` };
};

const isReport = (value: unknown): value is ScenarioReport =>
  typeof value === "object" && value !== null && "facets" in value && "outcome" in value && "inconclusive" in value;

export const matchers = {
  /** Every record passed every hop without waiting for a later one. */
  toArriveIncrementally(this: Context, report: unknown): Result {
    return judged(report, { deliver: "incrementally" }, this);
  },
  /** Every record arrived, or the client can see that it was cut. */
  toEndVisibly(this: Context, report: unknown): Result {
    return judged(report, { end: "visibly" }, this);
  },
  /** The origin made the body for this request. */
  toComeFromTheOrigin(this: Context, report: unknown): Result {
    return judged(report, { source: "origin" }, this);
  },
  /** The origin's connection is closed within this many milliseconds after the client left. */
  toNoticeDisconnectWithin(this: Context, report: unknown, ms: number): Result {
    // NaN compares as false.
    if (!(ms > 0)) throw new AuthorError(`toNoticeDisconnectWithin needs a number of milliseconds > 0, got ${String(ms)}`);
    return judged(report, { noticeDisconnectWithinMs: ms }, this);
  },
  /** The header section arrived ahead of the body. */
  toPassHeadersPromptly(this: Context, report: unknown): Result {
    return judged(report, { headers: "promptly" }, this);
  },
};

export interface HopwiseMatchers<R = unknown> {
  toArriveIncrementally(): R;
  toEndVisibly(): R;
  toComeFromTheOrigin(): R;
  toNoticeDisconnectWithin(ms: number): R;
  toPassHeadersPromptly(): R;
}
