// A client that cancels one stream of its HTTP/2 connection, and one that closes the whole connection: from the wire to the verdict.
import { afterEach, describe, expect, it } from "vitest";
import { decodeCase } from "../../../harness/decode/exchanges.ts";
import { judge } from "../../../harness/model/judge/judge.ts";
import type { CaseTrace, Trace } from "../../../harness/model/trace.ts";
import { firstCases } from "../../../harness/model/first-cases.ts";
import type { FacetName } from "../../../harness/model/verdict.ts";
import { openHttp2Hop } from "./_http2-hop.ts";
import type { OnCancel } from "./_http2-hop.ts";
import { type Bench, newToken, openBench } from "./_lab.ts";

const toClose: AsyncDisposable[] = [];
afterEach(async () => {
  for (const thing of toClose.splice(0).toReversed()) await thing[Symbol.asyncDispose]();
});

const places = { linkOfTap: (tap: number) => tap, linkOfProbe: () => -1 };

const observedOn = async ({ lab, taps }: Bench): Promise<CaseTrace[]> => {
  const trial = { kind: "client-leaving", noticeMs: 600 } as const;
  const cases = firstCases(trial, { request: { clients: "h2" }, response: {}, epsilonMs: 5, limitMs: null });
  return Promise.all(
    cases.map(async (trialCase) => {
      const token = newToken();
      return decodeCase(trialCase, token, await lab.do("run-case", { case: trialCase, token, taps }), [], places);
    }),
  );
};

const traceThrough = async (onCancel: OnCancel): Promise<Trace> => {
  const bench = await openBench([
    async (upstream) => {
      const hop = await openHttp2Hop(upstream, onCancel);
      toClose.push(hop);
      return hop.address;
    },
  ]);
  toClose.push(bench);
  return {
    schema: "hopwise.trace/1",
    runtime: "process",
    timeScale: 1,
    nodes: ["origin", "hop", "client"],
    links: [
      { from: "origin", to: "hop", level: "decoded" },
      { from: "hop", to: "client", level: "decoded" },
    ],
    cases: await observedOn(bench),
    // What runs beside this test makes everything later: ε is 60 ms.
    control: { samples: 200, p50Ms: 1, p99Ms: 20, maxMs: 50, netP99Ms: 20 },
    queueDelay: {},
    harnessFault: null,
  };
};

const found = (trace: Trace, wanted: FacetName) =>
  judge(trace).facets.flatMap(({ facet, case: trialCase, observation, evidence }) =>
    facet === wanted ? [[trialCase, observation.member, evidence]] : [],
  );

const other = (trace: Trace) => trace.cases.flatMap(({ case: trialCase, clients }) => (trialCase.clients.length > 1 ? [clients[1]] : []));

describe("an HTTP/2 client that leaves", { timeout: 60_000 }, () => {
  it("cancels one stream and closes a connection, each flowing and silent, and the other stream continues", async () => {
    const trace = await traceThrough("drops-the-upstream");
    expect(judge(trace).inconclusive).toEqual([]);
    expect(found(trace, "disconnect")).toEqual([
      ["leave-cancel-flowing", "propagated", expect.stringContaining("(it canceled its stream and kept the connection)")],
      ["leave-cancel-silent", "propagated", expect.stringContaining("(it canceled its stream and kept the connection)")],
      ["leave-close-flowing", "propagated", expect.stringContaining("(it closed its connection)")],
      ["leave-close-silent", "propagated", expect.stringContaining("(it closed its connection)")],
    ]);
    // The origin of the other stream wrote all of its records, and all of them came after the one before had been canceled.
    for (const { case: trialCase, origin, clients, exchanges } of trace.cases.filter((one) => one.case.clients.length > 1)) {
      const [left, stayed] = clients;
      expect([left?.ended?.how, stayed?.ended?.how]).toEqual(["left", "complete"]);
      expect(stayed?.recordsAt).toHaveLength(trialCase.script.body.recordBytes.length);
      expect(stayed?.recordsAt.filter((at) => at > (left?.ended?.at ?? Infinity)).length).toBeGreaterThan(4);
      expect(origin.filter(({ gone }) => gone !== null)).toHaveLength(1);
      const ofClient = exchanges.filter(({ link }) => link === 1);
      expect(ofClient.map(({ client, closings }) => [client, closings[0]?.http2 ?? null])).toEqual([
        [0, { frame: "RST_STREAM", code: "CANCEL" }],
        [1, null],
      ]);
    }
  });

  it("is not noticed by a hop that ignores the cancel, while one that ends with its connection is", async () => {
    const trace = await traceThrough("ignores-it");
    expect(found(trace, "disconnect").map(([trialCase, member]) => [trialCase, member])).toEqual([
      ["leave-cancel-flowing", "not-propagated"],
      ["leave-cancel-silent", "not-propagated"],
      ["leave-close-flowing", "propagated"],
      ["leave-close-silent", "propagated"],
    ]);
    expect(other(trace).map((client) => client?.ended?.how)).toEqual(["complete", "complete"]);
  });

  it("judges a hop that ends the whole connection because of one stream only by the cut of the other one", async () => {
    const trace = await traceThrough("closes-the-connection");
    expect(judge(trace).inconclusive).toMatchObject([
      { facet: "disconnect", case: "leave-cancel-flowing", why: expect.stringMatching(/^the other stream of the connection was cut/) },
      { facet: "disconnect", case: "leave-cancel-silent", why: expect.stringMatching(/^the other stream of the connection was cut/) },
    ]);
    expect(found(trace, "ending").map(([trialCase, member]) => [trialCase, member])).toEqual([
      ["leave-cancel-flowing", "truncated-visibly"],
      ["leave-cancel-silent", "truncated-visibly"],
    ]);
    expect(found(trace, "disconnect").map(([trialCase]) => trialCase)).toEqual(["leave-close-flowing", "leave-close-silent"]);
  });
});
