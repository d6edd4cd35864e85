// The same trace as if the servers' clocks had run faster: limits are told by those, and nothing else is told otherwise.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { judge } from "../../../harness/model/judge/judge.ts";
import { decide } from "../../../harness/model/outcome.ts";
import type { Trace } from "../../../harness/model/trace.ts";
import type { Ending, Facet, Verdict } from "../../../harness/model/verdict.ts";

const folder = join(import.meta.dirname, "../../traces");
const files = readdirSync(folder).filter((name) => name.endsWith(".json"));
const read = (name: string): Trace => JSON.parse(readFileSync(join(folder, name), "utf8")) as Trace;

const scale = 20;
const faster = (trace: Trace): Verdict => judge({ ...trace, timeScale: scale });

const isLimit = (finding: Facet["finding"]): boolean => "cause" in finding && finding.cause.includes("limit");
const unscaled = <F extends Facet["finding"]>(finding: F): F => {
  if (!isLimit(finding)) return finding;
  const { afterMs, atMostMs } = finding as Extract<Ending, { member: "error-response" }>;
  return { ...finding, afterMs: afterMs / scale, ...(atMostMs === undefined ? {} : { atMostMs: atMostMs / scale }) };
};

const limited = {
  "cut-idle-2-of-4.json": "idle-limit",
  "cut-total-2-of-4.json": "total-limit",
  "answer-504-2-of-4.json": "first-byte-limit",
};

describe("judge, on traces of clocks that ran faster", () => {
  it.each(Object.entries(limited))("tells the limit of %s by the server's clock", (name, kind) => {
    const real = judge(read(name));
    const told = faster(read(name));
    expect(real.limits.map((limit) => limit.kind)).toContain(kind);
    expect(told.limits).toEqual(real.limits.map((limit) => ({ ...limit, ms: limit.ms * scale })));
    const ending = told.facets.find(({ facet, finding }) => facet === "ending" && isLimit(finding));
    expect(ending?.evidence).toMatch(/ after \d{5} ms .*; by a clock that ran 20 times faster that took \d+ ms$/);
  });

  it.each(files)("tells nothing else of %s otherwise", (name) => {
    const real = judge(read(name));
    const told = faster(read(name));
    const bare = (facet: Facet): unknown => ({
      ...facet,
      finding: unscaled(facet.finding),
      hops: facet.hops.map((hop) => (hop.masked ? hop : { ...hop, finding: unscaled(hop.finding) })),
      evidence: "",
    });
    const comparable = (facet: Facet): unknown => ({ ...facet, evidence: "" });
    expect(told.facets.map(bare)).toEqual(real.facets.filter(({ facet }) => facet !== "source").map(comparable));
    expect(told.limits.map(({ kind, culprit, tells }) => ({ kind, culprit, tells }))).toEqual(
      real.limits.map(({ kind, culprit, tells }) => ({ kind, culprit, tells })),
    );
  });

  it("says why it does not say whose body it is", () => {
    const told = faster(read("cache-everything-2-of-4.json"));
    expect(told.undecided).toContainEqual({ facet: "source", arm: expect.any(String), why: "stores age 20 times faster with their clock" });
    const scenario = { title: "x", chain: [{ app: "sse" }, "x"], trial: { kind: "late-joiner" }, must: { source: "origin" } } as const;
    expect(decide({ ...scenario, chain: [{ app: "sse" }, "x"] }, told)).toMatchObject({ outcome: "inconclusive" });
  });

  it("holds a limit against what must be survived by the server's clock", () => {
    const trial = { kind: "silence", silentMs: 60_000 } as const;
    const survives = (surviveSilenceMs: number): string =>
      decide({ title: "x", chain: [{ app: "sse" }, "x"], trial, must: { surviveSilenceMs } }, faster(read("cut-idle-2-of-4.json"))).outcome;
    const [limit] = faster(read("cut-idle-2-of-4.json")).limits;
    expect(survives(0.9 * (limit?.ms ?? 0))).toBe("pass");
    expect(survives(1.1 * (limit?.ms ?? 0))).toBe("fail");
  });
});
