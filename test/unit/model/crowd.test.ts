// How trials affect each other through a server that limits streams or requests, on traces made by hand.
import { describe, expect, it } from "vitest";
import { crowdIn, crowdSentence, disturbancesIn, firstOf, ordinal } from "../../../harness/model/crowd.ts";
import type { Exchange, Trace } from "../../../harness/model/trace.ts";
import { straight, traceOf } from "./judge/traces.ts";

const scripted = ["web:8000"];

/** Of a response that the proxy made itself. */
const own = (given: Exchange, status: number): Exchange => ({
  ...given,
  nonce: null,
  fidelity: { kind: "foreign" },
  response: given.response && { ...given.response, status, at: given.request.at + 1 },
});

/** Concurrent streams of one address, each served, answered with a status, delayed, or given up. */
const streams = (fates: ("served" | number | { lateMs: number } | "given up")[]): Trace => {
  const trace = traceOf({ kind: "paced", recordBytes: fates.map((_, index) => 100 + index) }, { nginx: straight });
  const cases = trace.cases.map((trialCase, index) => {
    const fate = fates[index] ?? "served";
    const exchanges = trialCase.exchanges.map((one): Exchange => ({ ...one, client: 0 }));
    const [given] = exchanges.filter(({ link }) => link === 1);
    if (!given || fate === "served") return { ...trialCase, exchanges };
    if (typeof fate === "number") return { ...trialCase, exchanges: [own(given, fate)], origin: [] };
    if (fate === "given up") {
      const clients = [{ startedAt: 0, recordsAt: [], ended: { at: given.request.at + 2000, how: "gave-up" } }];
      return { ...trialCase, exchanges: [{ ...given, response: null, nonce: null }], origin: [], clients };
    }
    const late = exchanges.map((one) => (one.link === 0 ? { ...one, request: { ...one.request, at: one.request.at + fate.lateMs } } : one));
    return { ...trialCase, exchanges: late };
  });
  return { ...trace, cases };
};

describe("streams at once", () => {
  it.each<[what: string, trace: Trace, first: number | null, sentence: string]>([
    [
      "all served",
      streams(["served", "served", "served"]),
      null,
      "of 3 streams that one address opened at once, nginx passed 3 on without delay",
    ],
    [
      "one too many",
      streams(["served", 429, "served", 429]),
      3,
      "of 4 streams that one address opened at once, nginx passed 2 on without delay, and answered 2 with 429",
    ],
    [
      "delayed one after the other, the last not served at all",
      streams(["served", { lateMs: 500 }, { lateMs: 1000 }, "given up"]),
      2,
      "of 4 streams that one address opened at once, nginx passed 1 on without delay, and delayed 3 by 500 to 2000 ms",
    ],
    [
      "delayed, and refused",
      streams(["served", { lateMs: 500 }, 503]),
      2,
      "of 3 streams that one address opened at once, nginx passed 1 on without delay, and delayed 1 by 500 ms and answered 1 with 503",
    ],
    // What no client gets is no matter of how many there are.
    [
      "none served",
      streams([403, 403]),
      null,
      "of 2 streams that one address opened at once, nginx passed 0 on without delay, and answered 2 with 403",
    ],
    [
      "no connection left to the upstream",
      streams(["served", 502]),
      2,
      "of 2 streams that one address opened at once, nginx passed 1 on without delay, and answered 1 with 502",
    ],
    [
      "what a machine adds",
      streams(["served", { lateMs: 120 }]),
      null,
      "of 2 streams that one address opened at once, nginx passed 2 on without delay",
    ],
    [
      "what the application answers, and the server",
      streams(["served", 404]),
      null,
      "of 2 streams that one address opened at once, nginx passed 2 on without delay",
    ],
  ])("%s", (_, trace, first, sentence) => {
    const crowd = crowdIn(trace, scripted);
    expect([firstOf(crowd), crowdSentence("nginx", crowd)]).toEqual([first, sentence]);
  });
});

it("a response that the lab caused is no refusal", () => {
  const trace = streams(["served", 503]);
  const cases = trace.cases.map((trialCase) => ({
    ...trialCase,
    strangers: trialCase.exchanges.map(({ request }) => ({ at: request.at + 0.5, what: "tls" as const })),
  }));
  expect(disturbancesIn({ ...trace, cases }, scripted, 250)).toEqual([]);
});

it("a request is late if its content is held", () => {
  const trace = streams([{ lateMs: 1200 }]);
  const upload = { pieces: 6, pieceBytes: 200, everyMs: 200 };
  const cases = trace.cases.map((one) => ({
    ...one,
    case: { ...one.case, clients: one.case.clients.map((client) => ({ ...client, upload })) },
  }));
  expect(disturbancesIn(trace, scripted, 250)).toHaveLength(1);
  expect(disturbancesIn({ ...trace, cases }, scripted, 250)).toEqual([]);
});

it.each([
  [1, "1st"],
  [2, "2nd"],
  [3, "3rd"],
  [4, "4th"],
  [11, "11th"],
  [12, "12th"],
  [21, "21st"],
  [112, "112th"],
])("%i is the %s", (number, word) => expect(ordinal(number)).toBe(word));
