// Which cases follow from the lateness of the first ones.
import { describe, expect, it } from "vitest";
import { firstCases } from "../../../harness/model/first-cases.ts";
import type { Case } from "../../../harness/model/script.ts";
import { nextCases } from "../../../harness/model/sequels.ts";
import type { SeenSoFar } from "../../../harness/model/sequels.ts";
import type { CaseTrace } from "../../../harness/model/trace.ts";
import type { Delivery, Facet } from "../../../harness/model/verdict.ts";

const circumstances = { epsilonMs: 5, limitMs: null, request: {}, response: {} };
const lockStep = { kind: "lock-step" } as const;
const [first] = firstCases(lockStep, circumstances) as [Case];

/** All records were confirmed, each so late. */
const lateBy = (trialCase: Case, lateMs: number): CaseTrace => {
  const writes = Array.from({ length: 8 }, (_, index) => ({ at: 1000 + 100 * index, records: index + 1 }));
  const recordsAt = writes.map(({ at }) => at + lateMs);
  return {
    case: trialCase,
    startedAt: 0,
    endedAt: 2000,
    origin: [{ writes, unacknowledged: null, headersAt: 1000 }],
    exchanges: [],
    clients: [{ startedAt: 0, recordsAt, ended: null }],
  } as unknown as CaseTrace;
};

const after = (seen: readonly CaseTrace[], more: Partial<SeenSoFar> = {}): Case[] =>
  nextCases(lockStep, circumstances, seen, { epsilonMs: 5, facets: [], inconclusive: [], ...more });

/** Its steps for records that were not confirmed run in any case. */
const isFull = ({ script }: Case): boolean => script.steps.every((step) => !("only" in step));

const held: Delivery = { member: "buffered", released: "end", atLeastBytes: 1, flooded: false, heldForMs: 1000 };
const timed = { member: "batched", by: "timer", timerMs: 9 } as Delivery;

const accusedIn = (trialCase: Case, observation: Delivery): Facet => ({
  facet: "delivery",
  case: trialCase.id,
  observation,
  culprit: "nginx",
  evidence: "",
  hops: [],
});

describe("a lock-step whose records were a little late", () => {
  it("is repeated as it was, and only if it is late again with all its steps", () => {
    const [second, ...others] = after([lateBy(first, 9)]);
    expect(others).toEqual([]);
    expect(second).toMatchObject({ attempt: 2, title: `${first.title}, attempt 2`, script: first.script });
    const [third] = after([lateBy(first, 9), lateBy(second as Case, 9)]);
    expect(third).toMatchObject({ attempt: 3, title: `${first.title}, attempt 3` });
    expect([first, second as Case, third as Case].map(isFull)).toEqual([false, false, true]);
    expect(after([lateBy(first, 9), lateBy(second as Case, 9), lateBy(third as Case, 9)])).toEqual([]);
  });

  it("is not repeated once it was in time, nor where the machine cannot have caused it", () => {
    expect(after([lateBy(first, 4)])).toEqual([]);
    expect(after([lateBy(first, 500)])).toEqual([]);
    const [second] = after([lateBy(first, 9)]) as [Case];
    expect(after([lateBy(first, 9), lateBy(second, 1)])).toEqual([]);
  });

  it("is repeated whatever a hop is accused of in others: what is looked for may be this one", () => {
    const [other] = firstCases({ kind: "size-sweep", recordBytes: [5000] }, circumstances) as [Case];
    expect(after([lateBy(first, 9), lateBy(other, 0)], { facets: [accusedIn(other, held)] }).map(({ id }) => id)).toEqual([
      "lock-step-again",
    ]);
  });

  it("runs all its steps where its result is open", () => {
    const open = { facet: "delivery", case: first.id, why: "", byMachine: true, isOpenToAttempt: true } as const;
    const [second] = after([lateBy(first, 9)], { inconclusive: [open] }) as [Case];
    expect(isFull(second)).toBe(true);
    expect(after([lateBy(first, 9), lateBy(second, 9)])).toEqual([]);
  });

  it("runs all its steps where a timer was seen, after a quick attempt too", () => {
    expect(after([lateBy(first, 9)], { facets: [accusedIn(first, timed)] }).map(isFull)).toEqual([true]);
    const [second] = after([lateBy(first, 9)]) as [Case];
    const [third] = after([lateBy(first, 9), lateBy(second, 9)], { facets: [accusedIn(second, timed)] }) as [Case];
    expect(third.attempt).toBe(3);
    expect(isFull(third)).toBe(true);
  });
});
