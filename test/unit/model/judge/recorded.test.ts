// Traces of real mutants, recorded by `npm run mutants -- --record`: the effect of a changed rule on them shows immediately.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { judge } from "../../../../harness/model/judge/judge.ts";
import { nextCases } from "../../../../harness/model/sequels.ts";
import type { CaseTrace, Trace } from "../../../../harness/model/trace.ts";
import { expectations } from "../../../e2e/mutants/table.ts";
import { asNextAttempt } from "./traces.ts";
import { savedTrace } from "../../../_saved-trace.ts";

const folder = join(import.meta.dirname, "../../../traces");
const files = readdirSync(folder).filter((name) => name.endsWith(".json"));

describe("judge, on recorded traces", () => {
  it("has one of every mutant", () => {
    const mutants = new Set(expectations.map(({ mutant }) => mutant));
    expect(files.map((name) => name.replace(/-2-of-4\.json$/, "")).toSorted()).toEqual([...mutants].toSorted());
  });

  it.each(files)("%s", (name) => {
    const trace = savedTrace(name);
    const expected = expectations.find(({ mutant }) => name === `${mutant}-2-of-4.json`);
    const accused = judge(trace).facets.filter(({ culprit }) => culprit !== null && culprit !== "origin");
    expect(new Set(accused.map(({ facet, culprit }) => `${facet} ${culprit}`))).toEqual(
      new Set([`${expected?.facet} ${expected?.mutant}`]),
    );
    expect(accused.map(({ observation }) => observation.member)).toContain(expected?.member);
  });
});

// Recorded by `npm run soak -- 6 --stalls 500`: all processes stood still in the middle of the heartbeats.
describe("a timeout on a machine that stood still", () => {
  const read = (name: string): Trace => savedTrace(`stalled/${name}`);

  it("is an idle timeout if the machine made the flowing stream as silent", () => {
    const found = judge(read("cut-idle.json"));
    expect(found.limits).toMatchObject([{ kind: "idle-timeout", culprit: "cut-idle" }]);
    expect(found.facets.filter(({ facet }) => facet === "ending")).toMatchObject([
      { case: "silence", observation: { cause: "idle-timeout" } },
      { case: "heartbeats", observation: { cause: "idle-timeout" } },
    ]);
  });

  it("stays unclassified if the machine made the two ages differ, and both cases get a second attempt", () => {
    const trace = read("cut-total.json");
    const { limits, facets } = judge(trace);
    expect(limits[0]).toMatchObject({ kind: "unclassified", culprit: "cut-total" });
    const circumstances = { request: {}, response: {}, epsilonMs: 5, limitMs: null };
    const next = nextCases({ kind: "silence" }, circumstances, trace.cases, { epsilonMs: 5, facets, inconclusive: [] });
    expect(next.map(({ id }) => id)).toEqual(["silence-again", "heartbeats-again"]);
    expect(
      nextCases(
        { kind: "silence" },
        circumstances,
        [...trace.cases, ...next.map((trialCase) => ({ ...(trace.cases[0] as CaseTrace), case: trialCase }))],
        {
          epsilonMs: 5,
          facets,
          inconclusive: [],
        },
      ),
    ).toEqual([]);
  });

  it("is known for both attempts once the second has shown it", () => {
    const trace = read("cut-total.json");
    const calm = savedTrace("cut-total-2-of-4.json");
    const link = calm.nodes.indexOf("cut-total") - trace.nodes.indexOf("cut-total");
    const again = calm.cases.map((trialCase) => ({
      ...asNextAttempt(trialCase),
      exchanges: trialCase.exchanges.map((exchange) => ({ ...exchange, link: exchange.link - link })),
    }));
    expect(judge({ ...trace, cases: [...trace.cases, ...again] }).limits).toMatchObject([{ kind: "total-timeout", culprit: "cut-total" }]);
  });
});

// Recorded by `hopwise run` in the same way.
it("a hop that releases full blocks is not lagging, even on a machine that stood still", () => {
  const trace = savedTrace("stalled/four-kilobytes.json");
  expect(judge(trace).facets.find(({ facet }) => facet === "delivery")).toMatchObject({
    culprit: "nginx",
    observation: { member: "batched", by: "bytes" },
  });
});

// Recorded by `npm run soak`: every core was busy, and the hop saw the result of its write after 52 ms.
it("a drop right after a write that ends a second of silence was caused by the write", () => {
  const { facets } = judge(savedTrace("stalled/keep-upstream.json"));
  const found = facets.filter(({ facet, culprit }) => facet === "disconnect" && culprit !== null);
  expect(new Set(found.map(({ observation, culprit }) => `${observation.member} ${culprit}`))).toEqual(
    new Set(["propagated-on-next-write keep-upstream-until-write"]),
  );
});

// The same drop 80 ms after the write: in CI a hop took as long to notice it, while no run queue showed a wait.
it("a drop a little later after such a write is no proof of a hop that noticed the leaving late", () => {
  const trace = savedTrace("keep-upstream-until-write-2-of-4.json");
  const silent = trace.cases.filter((one) => one.case.id.endsWith("silent"));
  for (const { closings } of silent.flatMap(({ exchanges }) => exchanges.filter(({ link }) => link < 2)))
    for (const closing of closings) closing.at += 80;
  const { facets, inconclusive } = judge({ ...trace, cases: silent });
  expect(facets.filter(({ facet }) => facet === "disconnect")).toEqual([]);
  expect(inconclusive).toMatchObject([
    { case: "leave-fin-silent", facet: "disconnect", byMachine: true },
    { case: "leave-reset-silent", facet: "disconnect", byMachine: true },
  ]);
});

// Recorded by `npm run soak` with bursts of high-priority work: the pipe waited 84 ms for a processor.
it("a write that arrived while the hop waited for a processor did not cause the drop", () => {
  const { facets, inconclusive } = judge(savedTrace("stalled/until-write.json"));
  expect(facets.filter(({ facet }) => facet === "disconnect")).toEqual([]);
  expect(inconclusive).toMatchObject([
    { facet: "disconnect", why: expect.stringMatching(/^http-pipe: it closed its upstream connection 86\.8 ms after/) },
  ]);
});

// Recorded with bursts of high-priority work: the lab waited for a processor in 1.4 of the 1.6 s after the client left, but was awake when it wrote.
it("a drop after a write that the lab was awake to make was not the client's leaving noticed late", () => {
  const found = judge(savedTrace("stalled/until-write-lab-busy.json")).facets.filter(({ facet }) => facet === "disconnect");
  expect(found.map(({ case: id, observation, culprit }) => `${id}: ${observation.member} ${culprit}`)).toContain(
    "leave-fin-silent: propagated-on-next-write keep-upstream-until-write",
  );
});

// Recorded with bursts of high-priority work, when the lab did not say yet when it passed a reset on. The tap before http-pipe-3 waited until
// the kernel had sent the 2 MB before the reset, and the busy lab looked rarely.
it("a hop is not blamed for the time that the tap took to pass a reset on to it", () => {
  const hangs = (passedAt?: number | null) => {
    const trace = savedTrace("stalled/reset-passed-on-late.json");
    const reset = trace.cases[0]?.exchanges.find(({ link }) => link === 3)?.closings[0];
    if (reset && passedAt !== undefined) reset.passedAt = passedAt;
    return judge(trace).facets.flatMap(({ observation, culprit }) => (observation.member === "hung" ? [culprit] : []));
  };
  expect(hangs()).toEqual(["http-pipe-3"]);
  expect(hangs(1_419_100)).toEqual([]);
  expect(hangs(null)).toEqual([]);
});

// Recorded by `npm run mutants -- --late` with bursts of work: a few records of a straight pipe were late, seemingly by a rule.
it.each(["gzip-members", "throttle-1k"])("a straight pipe beside %s that the machine sometimes delayed is not blamed", (name) => {
  const { facets } = judge(savedTrace(`stalled/${name}.json`));
  expect(facets.filter(({ culprit }) => culprit?.startsWith("http-pipe"))).toEqual([]);
});

// Recorded by `hopwise check` on a slow machine: of a megabyte nginx kept 8 kB in one attempt and 133 kB in the other.
it("what a server keeps of a flood says nothing of small records: each attempt shows the same count", () => {
  const trace = savedTrace("stalled/nginx-buffers.json");
  for (const one of trace.cases) {
    const [facet] = judge({ ...trace, cases: [one] }).facets.filter((found) => found.facet === "delivery");
    expect(facet?.observation).toEqual({ member: "batched", by: "bytes", atLeastBytes: 1200, atMostBytes: 1300 });
  }
});

// Recorded by the mutants' test on a machine whose hops waited up to a second for a processor: groups of three that leave a second later looked
// as if each record left with the third one after it.
it("a cause that ε is as long as is asked for again", () => {
  const { facets, inconclusive } = judge(savedTrace("stalled/groups-of-three-late.json"));
  expect(facets.filter(({ facet }) => facet === "delivery")).toEqual([]);
  expect(inconclusive).toMatchObject([{ facet: "delivery", isOpenToAttempt: true }]);
});

// Recorded by the mutants' test with every core busy. In the backlog, inputs came 10 ms apart and left 20 ms later, within an ε of 44 ms: they
// looked like groups of two. In the busy one the second attempt had no room to show a cause, after one that had shown it at two gaps and sizes.
it.each(["backlog", "busy"])("groups of three are known as such: %s", (name) => {
  const { facets } = judge(savedTrace(`stalled/groups-of-three-${name}.json`));
  const found = facets.filter(({ facet, culprit }) => facet === "delivery" && culprit !== null);
  expect(found.length).toBeGreaterThan(0);
  for (const { observation } of found) expect(observation).toEqual({ member: "batched", by: "writes", writes: 3 });
});

// Recorded by `npm run soak -- 22 --bursts 700`: the machine stood still for most of the two seconds between the leaving and the write.
it("a drop after the write that ends a long silence shows nothing where the machine explains as much", () => {
  const { facets, inconclusive } = judge(savedTrace("stalled/keep-upstream-until-write.json"));
  const silent = ({ case: id }: { case: string }): boolean => id.endsWith("silent");
  expect(facets.filter((one) => one.facet === "disconnect" && silent(one))).toEqual([]);
  expect(inconclusive.filter(silent)).toMatchObject([
    { case: "leave-fin-silent", byMachine: true },
    { case: "leave-reset-silent", byMachine: true },
  ]);
});

// Recorded by `npm run soak -- 22 --bursts 700`: the lab stood still between its tap and its origin, which are one process.
describe("a request that the lab's origin did not read", () => {
  const trace = savedTrace("stalled/origin-unread.json");

  it("leaves every facet to a second attempt", () => {
    const { facets, inconclusive } = judge(trace);
    expect(facets).toEqual([]);
    expect(new Set(inconclusive.map(({ byMachine }) => byMachine))).toEqual(new Set([true]));
    expect(inconclusive.map(({ facet }) => facet).toSorted()).toEqual([
      "delivery",
      "disconnect",
      "ending",
      "headers",
      "integrity",
      "source",
    ]);
  });

  it("may have come too late", () => {
    const [trialCase] = trace.cases as [CaseTrace];
    const late = trialCase.exchanges.map((one) =>
      one.link === 0 ? { ...one, request: { ...one.request, at: trialCase.endedAt - 20 } } : one,
    );
    const { inconclusive } = judge({ ...trace, cases: [{ ...trialCase, exchanges: late }] });
    expect(new Set(inconclusive.map(({ why }) => why))).toEqual(
      new Set(["the request needed 2072 ms to reach the lab's origin, too long to be answered in time"]),
    );
  });
});

// Recorded by `hopwise check` on a server with `client_max_body_size 1k`: nginx drops what it had begun to pass on, and answers 413.
describe("a request that a hop takes back before the origin could answer", () => {
  const judged = (trace: Trace) => {
    const { facets, inconclusive } = judge(trace);
    return { accused: facets.map(({ facet, culprit }) => `${facet} ${culprit}`), open: inconclusive.map(({ why }) => why) };
  };

  it("is judged where its content was never complete", () => {
    const { accused, open } = judged(savedTrace("check/upload.json"));
    expect(accused).toContain("ending nginx");
    expect(open).toEqual([]);
  });

  it("is judged where the hop closes the connection immediately, not where it lost patience with a lab that stood still", () => {
    const trace = savedTrace("stalled/origin-unread.json");
    const [trialCase] = trace.cases as [CaseTrace];
    const closedAfter = (ms: number): CaseTrace => ({
      ...trialCase,
      exchanges: trialCase.exchanges.map((one) =>
        one.link === 0 ? { ...one, closings: [{ at: one.request.at + ms, by: "downstream", how: "fin" }] } : one,
      ),
    });
    // A machine that did not stand still explains nothing.
    const judgedAfter = (ms: number) => judged({ ...trace, queueDelay: {}, cases: [closedAfter(ms)] });
    expect(judgedAfter(20).accused).not.toEqual([]);
    expect(judgedAfter(600)).toEqual({ accused: [], open: expect.arrayContaining([expect.stringMatching(/did not read/)]) });
  });
});

// Recorded by `hopwise check` on a server with `send_timeout 2s` and `proxy_max_temp_file_size 0`, and a client that pauses for 3 s.
it("a hop that drops its upstream while the client reads nothing has a write timeout, though the client sees the cut later", () => {
  const [ending] = judge(savedTrace("check/send-timeout.json")).facets.filter(({ facet }) => facet === "ending");
  expect([ending?.culprit, ending?.observation]).toMatchObject(["nginx", { member: "truncated-visibly", cause: "write-timeout" }]);
  expect(ending?.observation).toHaveProperty("afterMs", expect.closeTo(1722, 0));
});

// Recorded by `npm run soak -- 22 --bursts 700`: the first attempts of innocent pipes, between bursts of work of a higher priority.
describe("a pipe that was late once", () => {
  const accusedIn = (name: string): string[] =>
    judge(savedTrace(`stalled/${name}`)).facets.flatMap(({ facet, culprit }) => (culprit?.includes("pipe") ? [`${facet} ${culprit}`] : []));

  it("with the header section, by little more than the machine's own waits meanwhile", () => {
    expect(accusedIn("header-late.json")).toEqual([]);
  });

  it("with dropping its upstream, neither soon after a write nor by a clock", () => {
    expect(accusedIn("drop-between-writes.json")).toEqual([]);
  });

  it("with dropping its upstream, just when a record of the flowing stream came", () => {
    expect(accusedIn("drop-with-a-write.json")).toEqual([]);
  });
});

// Recorded likewise: the origin had written its end when the second request came to the hop, and that end had not arrived there yet.
it("a response that is in flight at the hop is collapsed, whatever the origin has written", () => {
  const [source] = judge(savedTrace("stalled/collapse-in-flight.json")).facets.filter(({ facet }) => facet === "source");
  expect([source?.culprit, source?.observation.member]).toEqual(["collapse", "collapsed"]);
});

// nginx learns of STOP_SENDING at its next write; this was on a machine that waited for most of the silence.
it("does not take the writes of another stream on the connection for those of the canceled one", () => {
  const { facets, inconclusive } = judge(savedTrace("stalled/until-write-over-http3.json"));
  expect(facets.filter(({ facet }) => facet === "disconnect")).toEqual([]);
  expect(inconclusive).toMatchObject([{ facet: "disconnect", byMachine: true }]);
});
