// The meaning of each verdict, in one line. A new member does not compile without one.
import type { Headline, Outcome } from "../model/outcome.ts";

const meanings: Record<Headline, string> = {
  incremental: "each record arrived soon after it was written, without waiting for a later one",
  lagging: "each record arrived only with a later one, and the last ones with the end of the stream",
  batched: "records arrived in batches, released by size or by time",
  buffered: "nothing arrived before the end of the stream, or before far more bytes than an event stream sends",
  delayed: "records arrived late, and the cause of their release was not identified",
  throttled: "records arrived no faster than a steady rate",
  prompt: "the header section arrived before the body",
  held: "the header section was held back, so the client does not know that it is connected",
  complete: "every record arrived, and the framing is complete",
  "truncated-visibly": "records are missing, and the client can see that the response was cut",
  "truncated-silently": "records are missing, and the response looks complete to the client",
  "error-response": "the client got a status that the origin did not send",
  "no-response": "the connection was closed before there was a response",
  malformed: "what arrived is not valid HTTP",
  hung: "the client was left waiting although the stream was over",
  "timed-out": "a timeout ended the response",
  origin: "the origin made this response for this request",
  cached: "the response came from a cache; the origin had made it for another request",
  collapsed: "the request shared the response of another one in flight",
  revalidated: "a cached response was used after the origin confirmed that it is still valid",
  stale: "a cached response was used after it became stale",
  retried: "the origin got more than one request for one request of the client",
  intact: "every byte is the origin's, and in its place",
  altered: "what arrived is not what the origin wrote",
  propagated: "the origin's connection closed as soon as the client left",
  "propagated-on-next-write": "the origin's connection closed only when more bytes came",
  "propagated-late": "the origin's connection closed long after the client left",
  "not-propagated": "the origin kept streaming to no one: it did not learn that the client had left",
  bounded: "no hop's memory grew with the body",
  grows: "a hop needed memory in proportion to the body, so that a large response, or many, may exhaust it",
  crashed: "a hop crashed during the trial, on servers that no other trial used",
  "not-judged": "the trial could not be judged",
};

export const headlines = Object.keys(meanings) as Headline[];

export const meaningOf = (headline: Headline): string => meanings[headline];

/** The page that explains it. */
export const pageOf = (headline: Headline): string => `docs/verdicts/${headline}.md`;

export const outcomeWords: Record<Outcome, { mark: string; word: string; counted: string; color: "green" | "red" | "yellow" }> = {
  pass: { mark: "✓", word: "PASS", counted: "passed", color: "green" },
  fail: { mark: "✗", word: "FAIL", counted: "failed", color: "red" },
  unsupported: { mark: "○", word: "UNSUPPORTED", counted: "skipped", color: "yellow" },
  inconclusive: { mark: "?", word: "INCONCLUSIVE", counted: "not judged", color: "yellow" },
  "harness-fault": { mark: "!", word: "HARNESS-FAULT", counted: "not judged", color: "yellow" },
};
