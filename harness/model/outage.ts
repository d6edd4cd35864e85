// What a hop does with requests after some have failed: it may answer by itself for a while. Pure.
import type { CaseTrace, Trace } from "./trace.ts";

export interface Outage {
  /** As many requests had failed. */
  failures: number;
  /** Of the next one, which the application would have answered. */
  status: number;
}

/** Null: each request reached the application, or no failure can be why one did not: e.g. with a rate limit, requests are refused whatever
 *  became of those before them. */
export const outageIn = ({ cases, links }: Pick<Trace, "cases" | "links">): Outage | null => {
  let failures = 0;
  for (const one of cases.toSorted((a, b) => startOf(a) - startOf(b))) {
    const isFailing = one.case.role === "failing";
    if (one.exchanges.some(({ link }) => link === 0)) failures += Number(isFailing);
    // A server that is left out after a failure is so for the request right after it, which the application would have answered.
    else return isFailing || failures === 0 ? null : refusalOf(one, links.length - 1, failures);
  }
  return null;
};

const refusalOf = ({ exchanges }: CaseTrace, link: number, failures: number): Outage | null => {
  const status = exchanges.find((one) => one.link === link)?.response?.status ?? null;
  return status !== null && status >= 500 ? { failures, status } : null;
};

const startOf = ({ case: { clients } }: CaseTrace): number => {
  const [first] = clients;
  return first && "afterMs" in first.start ? first.start.afterMs : 0;
};

export const outageSentence = (hop: string, { failures, status }: Outage): string =>
  failures === 1
    ? `after 1 request that the application closed before its header section, ${hop} answered the next one with ${status}, and did not ask the application`
    : `after ${failures} requests that the application closed before their header sections, ${hop} answered the next one with ${status}, and did not ask the application`;
