// What each word means, in one line. A new member of a verdict does not compile before it has its words here.
import type { Headline, Outcome } from "../model/outcome.ts";

const meanings: Record<Headline, string> = {
  incremental: "each record arrived by itself, soon after it was written",
  lagging: "each record arrived only when a later one came, and the last ones with the end",
  batched: "records arrived together, once enough bytes or enough time had gathered",
  buffered: "nothing arrived before the stream had ended",
  prompt: "the header section arrived ahead of the body",
  held: "the header section was kept back, so that a client cannot tell that it is connected",
  complete: "every record arrived, and the framing is whole",
  "incomplete-visible": "records are missing, and the client can see that the response was cut",
  "incomplete-silent": "records are missing, and the response looks whole to the client",
  "error-response": "the client got a status that the origin did not send",
  "no-response": "the connection was closed before there was a response",
  malformed: "what arrived is not valid HTTP",
  hung: "the client was left waiting although the stream was over",
  "timed-out": "a limit of time ended the response",
  origin: "the origin made this response for this request",
  cached: "the response came from a store, and the origin had made it for another request",
  collapsed: "the request was joined to another one in flight, and shared its response",
  revalidated: "a stored response was used once the origin had said that it is still valid",
  stale: "a stored response was used past its freshness",
  asked: "the origin was asked more than once for one request of the client",
  intact: "every byte is the origin's, in its place",
  altered: "what arrived is not what the origin wrote",
  "at-once": "the origin's connection was dropped as soon as the client had left",
  "on-next-write": "the origin's connection was dropped only once more bytes came",
  late: "the origin's connection was dropped long after the client had left",
  lost: "the origin went on streaming to nobody: it did not learn that the client had left",
  died: "a hop ended by itself in mid-trial, which it had to itself",
  "not-judged": "nothing could be said of what the wire did",
};

export const headlines = Object.keys(meanings) as Headline[];

export const meaningOf = (headline: Headline): string => meanings[headline];

/** The page that explains it: what it is, what follows from it, what causes it. */
export const pageOf = (headline: Headline): string => `docs/verdicts/${headline}.md`;

export const outcomeWords: Record<Outcome, { mark: string; word: string; counted: string; colour: "green" | "red" | "yellow" }> = {
  pass: { mark: "✓", word: "PASS", counted: "passed", colour: "green" },
  fail: { mark: "✗", word: "FAIL", counted: "failed", colour: "red" },
  unsupported: { mark: "○", word: "UNSUPPORTED", counted: "skipped", colour: "yellow" },
  inconclusive: { mark: "?", word: "INCONCLUSIVE", counted: "not judged", colour: "yellow" },
  "harness-fault": { mark: "!", word: "HARNESS-FAULT", counted: "not judged", colour: "yellow" },
};
