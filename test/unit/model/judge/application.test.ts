// A hop in front of an application, which decides itself what it sends and when it ends.
import { expect, it } from "vitest";
import { judge } from "../../../../harness/model/judge/judge.ts";
import { applicationNonce } from "../../../../harness/model/recording.ts";
import type { Closing } from "../../../../harness/model/recording.ts";
import type { Exchange, Trace } from "../../../../harness/model/trace.ts";
import { straight, traceOf } from "./traces.ts";

const whole = traceOf({ kind: "paced", records: 8, everyMs: 100 }, { bad: straight }, { confirmed: false });
const passed = whole.cases[0]?.exchanges.find(({ link }) => link === 1) as Exchange;
const lastMs = passed.records.at(-1) as number;

/** The hop's own output: with which of its parts, and how it was closed. */
const given = (output: Partial<Exchange>, closing?: Closing): Trace => ({
  ...whole,
  origin: "application",
  cases: whole.cases.map((trialCase) => ({
    ...trialCase,
    endedAt: lastMs + 1000,
    origin: trialCase.origin.map((one) => ({ ...one, nonce: applicationNonce })),
    exchanges: trialCase.exchanges.map((exchange) =>
      exchange.link === 0 ? exchange : { ...exchange, ...output, closings: closing ? [closing] : exchange.closings },
    ),
  })),
});

const silent: Partial<Exchange> = {
  progress: [],
  records: passed.records.map(() => null),
  contentBytes: 0,
  end: { at: passed.request.at, kind: "open", codingComplete: null },
};
const nothing: Partial<Exchange> = { ...silent, response: null };

const leftAt = (at: number): Closing => ({ at, by: "downstream", how: "fin" });

const delivery = (trace: Trace): unknown => {
  const { facets, inconclusive } = judge(trace);
  const [facet] = facets.filter(({ facet: name }) => name === "delivery");
  return facet ? [facet.observation.member, facet.culprit] : inconclusive.find(({ facet: name }) => name === "delivery")?.why;
};

it("passes a hop that passes records on", () => {
  expect(delivery(given({}))).toEqual(["incremental", null]);
});

it.each([
  ["nothing, not even a header section", nothing],
  ["a header section alone", silent],
])("blames a hop that sends its client %s until the client leaves", (_, output) => {
  expect(delivery(given(output, leftAt(lastMs + 500)))).toEqual(["buffered", "bad"]);
});

it.each([
  ["that had left before the application sent anything", leftAt(-0.5)],
  ["that left when the first record had come and the second just came", leftAt((passed.records[1] as number) + 2)],
])("does not accuse a hop of what it kept from a client %s", (_, closing) => {
  for (const output of [nothing, silent]) expect(delivery(given(output, closing))).toContain("could not be followed");
});

it("leaves it to the ending facet if the hop itself closes without a response", () => {
  const why = delivery(given(nothing, { at: lastMs + 10, by: "upstream", how: "fin" }));
  expect(why).toContain("could not be followed");
});

/** An application that sends its header section alone: how that ended, and how its client did. */
const bare = (end: Exchange["end"], closings: Closing[], how: string): Trace => ({
  ...whole,
  origin: "application",
  cases: whole.cases.map((trialCase) => ({
    ...trialCase,
    endedAt: 2010,
    origin: trialCase.origin.map((one) => ({ ...one, nonce: applicationNonce, startedAt: 0, writes: [] })),
    exchanges: trialCase.exchanges.map((exchange) => ({ ...exchange, ...silent, end, closings })),
    clients: trialCase.clients.map((client) => ({ ...client, ended: { at: 2000, how } })),
  })),
});

it.each<[what: string, end: Exchange["end"]["kind"], at: number, closings: Closing[], how: string, why: string]>([
  ["ended", "last-chunk", 5, [leftAt(2000)], "complete", "your application answered 200 without a body"],
  ["broke off", "cut-by-fin", 500, [{ at: 500, by: "upstream", how: "fin" }], "fin", "your application answered 200 without a body"],
  ["was open", "open", 5, [], "gave-up", "(status 200) and nothing more in the 2 s it was watched: watch longer with --watch-seconds"],
  ["was closed when the client had watched", "cut-by-fin", 2003, [leftAt(2000)], "gave-up", "nothing more in the 2 s it was watched"],
  ["was closed by its hop", "cut-by-fin", 503, [leftAt(500)], "fin", "nothing more in the 0.5 s before its connection was closed"],
])("reports of a response without a body that it %s", (_, kind, at, closings, how, why) => {
  expect(delivery(bare({ at, kind, codingComplete: null }, closings, how))).toContain(why);
});
