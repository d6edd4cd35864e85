// What a test can say of a scenario's report. The rules are those of `must`.
import type { Must } from "./define.ts";
import { decide } from "./model/outcome.ts";
import type { ScenarioReport } from "./report/report.ts";
import { AuthorError } from "./runtime/runtime.ts";

interface Result {
  pass: boolean;
  message: () => string;
}

interface Context {
  isNot?: boolean;
}

/** What could not be judged fails both ways: `not` is no licence to have seen nothing. */
const judged = (received: unknown, must: Must, { isNot = false }: Context): Result => {
  const unseen = (why: string): Result => ({ pass: isNot, message: () => why });
  if (!isReport(received)) return unseen("expected the report of a scenario, which runScenario gives");
  const { id, title, outcome, headline, why, facets, undecided, limits, reproduce } = received;
  if (headline === "died") return unseen(`${id}: ${why}`);
  if (outcome === "unsupported" || outcome === "harness-fault") return unseen(`"${id}" could not be judged (${outcome}): ${why}`);
  const found = decide({ title, chain: [{ app: "" }], trial: { kind: "lock-step" }, must }, { facets, undecided, limits });
  if (found.outcome !== "pass" && found.outcome !== "fail") return unseen(`"${id}" could not be judged: ${found.why}`);
  const again = reproduce === null ? "" : `\nagain: ${reproduce}`;
  return { pass: found.outcome === "pass", message: () => `${isNot ? "must not hold, but does" : id}: ${found.why}${again}` };
};

const isReport = (value: unknown): value is ScenarioReport =>
  typeof value === "object" && value !== null && "facets" in value && "outcome" in value && "undecided" in value;

export const matchers = {
  /** Each record passed every hop by itself, without waiting for a later one. */
  toArriveIncrementally(this: Context, report: unknown): Result {
    return judged(report, { deliver: "incrementally" }, this);
  },
  /** Every record arrived, or the client can see that it was cut. */
  toEndVisibly(this: Context, report: unknown): Result {
    return judged(report, { end: "visibly" }, this);
  },
  /** The body is the one that the origin made for this request. */
  toComeFromTheOrigin(this: Context, report: unknown): Result {
    return judged(report, { source: "origin" }, this);
  },
  /** The origin's connection is gone that many milliseconds after the client left. */
  toNoticeDisconnectWithin(this: Context, report: unknown, ms: number): Result {
    // Nothing is above what is no number.
    if (!(ms > 0)) throw new AuthorError(`toNoticeDisconnectWithin takes milliseconds, a number above 0, and was given ${String(ms)}`);
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
