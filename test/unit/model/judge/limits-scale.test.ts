// The same trace as if the servers' clocks had run faster: limits are result by those, and nothing else is result otherwise.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { judge } from "../../../../harness/model/judge/judge.ts";
import { decide } from "../../../../harness/model/outcome.ts";
import type { Trace } from "../../../../harness/model/trace.ts";
import { isLimitCause } from "../../../../harness/model/verdict.ts";
import type { Ending, Facet, Verdict } from "../../../../harness/model/verdict.ts";
import { savedTrace } from "../../../_saved-trace.ts";

const folder = join(import.meta.dirname, "../../../traces");
const files = readdirSync(folder).filter((name) => name.endsWith(".json"));
const read = (name: string): Trace => savedTrace(name);

const scale = 20;
const faster = (trace: Trace): Verdict => judge({ ...trace, timeScale: scale });

const isLimit = (observation: Facet["observation"]): boolean => "cause" in observation && isLimitCause(observation.cause);
const unscaled = <F extends Facet["observation"]>(observation: F): F => {
  if (!isLimit(observation)) return observation;
  const { afterMs, atMostMs } = observation as Extract<Ending, { member: "error-response" }>;
  return { ...observation, afterMs: afterMs / scale, ...(atMostMs === undefined ? {} : { atMostMs: atMostMs / scale }) };
};

const limited = {
  "cut-idle-2-of-4.json": "idle-timeout",
  "cut-total-2-of-4.json": "total-timeout",
  "answer-504-2-of-4.json": "first-byte-timeout",
};

describe("judge, on traces of clocks that ran faster", () => {
  it.each(Object.entries(limited))("reports the timeout of %s by the server's clock", (name, kind) => {
    const real = judge(read(name));
    const result = faster(read(name));
    expect(real.limits.map((limit) => limit.kind)).toContain(kind);
    expect(result.limits).toEqual(
      real.limits.map((limit) => ({ ...limit, ms: limit.ms * scale, uncertaintyMs: limit.uncertaintyMs * scale })),
    );
    const ending = result.facets.find(({ facet, observation }) => facet === "ending" && isLimit(observation));
    expect(ending?.evidence).toMatch(/ after \d{5} ms.*; measured in \d+ ms with a clock that ran 20× faster$/);
  });

  it("is the less exact the later the lab read what the hop made of the request, unless the hop asked twice", () => {
    const trace = read("answer-504-2-of-4.json");
    const link = trace.nodes.indexOf("answer-504") - 1;
    const uncertaintyOf = (lateMs: number, isTwice = false): number => {
      const cases = trace.cases.map((one) => ({
        ...one,
        exchanges: one.exchanges.flatMap((exchange) => {
          if (exchange.link !== link) return [exchange];
          const late = { ...exchange, request: { ...exchange.request, at: exchange.request.at + lateMs } };
          return isTwice ? [exchange, late] : [late];
        }),
      }));
      return judge({ ...trace, cases }).limits[0]?.uncertaintyMs ?? NaN;
    };
    expect(uncertaintyOf(246)).toBeGreaterThan(uncertaintyOf(0) + 200);
    expect(uncertaintyOf(246, true)).toBeLessThan(uncertaintyOf(0) + 100);
  });

  it.each(files)("changes nothing else of %s", (name) => {
    const real = judge(read(name));
    const result = faster(read(name));
    const bare = (facet: Facet): unknown => ({
      ...facet,
      observation: unscaled(facet.observation),
      hops: facet.hops.map((hop) => (hop.masked ? hop : { ...hop, observation: unscaled(hop.observation) })),
      evidence: "",
    });
    const comparable = (facet: Facet): unknown => ({ ...facet, evidence: "" });
    expect(result.facets.map(bare)).toEqual(real.facets.filter(({ facet }) => facet !== "source").map(comparable));
    expect(result.limits.map(({ kind, culprit, seenAs }) => ({ kind, culprit, seenAs }))).toEqual(
      real.limits.map(({ kind, culprit, seenAs }) => ({ kind, culprit, seenAs })),
    );
  });

  it("explains why source is not judged", () => {
    const result = faster(read("cache-everything-2-of-4.json"));
    expect(result.inconclusive).toContainEqual({
      facet: "source",
      case: expect.any(String),
      why: "cached responses age 20× faster, as the clocks of the servers do",
    });
    const scenario = { title: "x", chain: [{ app: "sse" }, "x"], trial: { kind: "late-joiner" }, must: { source: "origin" } } as const;
    expect(decide({ ...scenario, chain: [{ app: "sse" }, "x"] }, result)).toMatchObject({ outcome: "inconclusive" });
  });

  it("compares a timeout with the required silence by the server's clock", () => {
    const trial = { kind: "silence", silentMs: 60_000 } as const;
    const survives = (surviveSilenceMs: number): string =>
      decide({ title: "x", chain: [{ app: "sse" }, "x"], trial, must: { surviveSilenceMs } }, faster(read("cut-idle-2-of-4.json"))).outcome;
    const [limit] = faster(read("cut-idle-2-of-4.json")).limits;
    expect(survives(0.9 * (limit?.ms ?? 0))).toBe("pass");
    expect(survives(1.1 * (limit?.ms ?? 0))).toBe("fail");
  });
});
