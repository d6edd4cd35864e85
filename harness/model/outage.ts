// What a hop does with requests after some have failed: it may answer by itself for a while. Pure.
import type { CaseTrace, Trace } from "./trace.ts";

export interface Outage {
  /** As many requests had failed. */
  failures: number;
  /** Of the next one, which the application would have answered. */
  status: number;
}

/** Null: each request reached the application. */
export const outageIn = ({ cases, links }: Pick<Trace, "cases" | "links">): Outage | null => {
  const inTurn = cases.toSorted((a, b) => startOf(a) - startOf(b));
  let failures = 0;
  for (const one of inTurn) {
    if (one.case.role === "failing") failures += 1;
    const given = one.exchanges.find(({ link }) => link === links.length - 1);
    const status = given?.response?.status ?? null;
    const isAsked = one.exchanges.some(({ link }) => link === 0);
    if (one.case.role === "answering" && !isAsked && status !== null && status >= 500) return { failures, status };
  }
  return null;
};

const startOf = ({ case: { clients } }: CaseTrace): number => {
  const [first] = clients;
  return first && "afterMs" in first.start ? first.start.afterMs : 0;
};

export const outageSentence = (hop: string, { failures, status }: Outage): string =>
  failures === 1
    ? `after 1 request that the application closed before its header section, ${hop} answered the next one with ${status}, and did not ask the application`
    : `after ${failures} requests that the application closed before their header sections, ${hop} answered the next one with ${status}, and did not ask the application`;
