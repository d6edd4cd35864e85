// The matrix says of a server in its default configuration what scenarios asked of it, and no more.
import { describe, expect, it } from "vitest";
import { openCatalog } from "../../harness/catalog/catalog.ts";
import type { Scenario } from "../../harness/define.ts";
import type { Facet } from "../../harness/model/verdict.ts";
import { questionOf } from "../../scripts/_questions.ts";
import type { Question } from "../../scripts/_questions.ts";
import { added, resultsOf } from "../../scripts/_results.ts";
import type { Result, Shown } from "../../scripts/_results.ts";
import { clientsTable } from "../../scripts/_clients-table.ts";
import { table } from "../../scripts/_table.ts";
import { summary } from "../../scripts/_summary.ts";
import { reportOf, scenarios as reported } from "./report/fixtures.ts";

const shown = (id: string, facet: Shown["facet"], word: string, variant = "default"): Shown => ({
  id,
  variant,
  facet,
  word,
  headline: word,
  culprit: null,
  limits: [],
});

const result = (scenarios: Shown[], more: Partial<Result> = {}): Result => ({
  server: "edge",
  kind: "server",
  version: "1.2.3",
  node: null,
  runtime: "container",
  measuredOn: "2026-11-01",
  scenarios,
  ...more,
});

describe("a question", () => {
  const asked = (more: Partial<Scenario>): Question | null =>
    questionOf({ title: "", chain: [{ app: "sse" }, "edge"], trial: { kind: "paced" }, must: { deliver: "incrementally" }, ...more });

  it.each<[Question | null, Partial<Scenario>]>([
    ["small", {}],
    ["large", { trial: { kind: "lock-step", recordBytes: 20_000 } }],
    ["gzip", { request: { acceptEncoding: "gzip" } }],
    ["caching", { trial: { kind: "late-joiner" } }],
    ["caching", { trial: { kind: "late-joiner", cacheControl: [null, "no-store"] } }],
    [null, { trial: { kind: "late-joiner", cacheControl: ["no-store"] } }],
    [null, { response: { framing: "close" }, trial: { kind: "origin-abort" } }],
    [null, { request: { acceptEncoding: "gzip" }, trial: { kind: "paced", recordBytes: 20_000 } }],
    [null, { chain: [{ app: "sse" }, "edge", "edge"] }],
    [null, { chain: [{ app: "sse" }, { server: "edge", middlewares: ["gzip"] }] }],
  ])("%s is what this asks: %j", (question, scenario) => {
    expect(asked(scenario)).toBe(question);
  });

  it("is asked by a scenario of the catalog each", async () => {
    const all = await Promise.all(openCatalog().scenarios.entries.map(async ({ load }) => questionOf(await load())));
    expect(new Set(all)).toEqual(new Set([null, "small", "large", "gzip", "headers", "cut", "leaving", "caching"]));
  });
});

describe("the matrix of default configurations", () => {
  const asks = new Map<string, Question>([
    ["reset", "cut"],
    ["close", "cut"],
    ["events", "small"],
  ]);
  const rows = (...results: Result[]): string[] =>
    summary(results, asks)
      .replaceAll(/\[(.)[^\]]*\]\([^)]*\)/g, "$1")
      .split("\n")
      .slice(2);

  it("counts one bad answer, and says what was not measured", () => {
    const scenarios = [
      shown("close", "ending", "truncated-visibly"),
      shown("reset", "ending", "hung"),
      shown("events", "delivery", "incremental"),
    ];
    expect(rows(result(scenarios))).toEqual(["| edge 1.2.3 | ✓ | – | – | – | ✗ | – | – |"]);
    expect(summary([result(scenarios)], asks)).toContain("| [✗ hung](../scenarios/reset.ts) |");
  });

  it("leaves out variants, other questions' facets, and servers of which nothing is known", () => {
    expect(rows(result([shown("events", "delivery", "incremental", "gzip"), shown("reset", "integrity", "altered")]))).toEqual([]);
  });

  it("has each version on its newest Node", () => {
    const on = (node: string): Result => result([shown("events", "delivery", "incremental")], { node });
    expect(rows(on("20.1.0"), on("24.2.0"), on("22.3.0"))).toEqual(["| edge 1.2.3, Node 24 | ✓ | – | – | – | – | – | – |"]);
  });
});

describe("what is kept of a report", () => {
  const ending = (id: string, observation: Extract<Facet, { facet: "ending" }>["observation"], culprit: string | null): Facet => ({
    facet: "ending",
    case: id,
    observation,
    culprit,
    evidence: "",
    hops: [],
  });
  const cut = (id: string, cause: "unclassified" | "total-timeout"): Facet =>
    ending(id, { member: "truncated-visibly", cause, afterMs: 1000, how: "reset" }, "caddy");
  const kept = async (facets: Facet[]): Promise<Shown | undefined> => {
    const scenario = {
      ...reported.timedOut,
      id: "cuts",
      chain: ["sse", "caddy@2.11:write-timeout", "client"],
      expected: { end: "truncated-visibly", culprit: "caddy" },
      facets,
      cases: facets.map(({ case: id }) => ({
        id,
        title: id,
        point: { clients: id.split(" ")[0] ?? "" },
        writtenAtMs: [],
        connections: [],
      })),
    };
    const [only] = await resultsOf(reportOf(scenario), openCatalog());
    return only?.scenarios[0];
  };

  it("is the worst of each protocol's cases, the kind of a timeout before any other fault, in whatever order they ran", async () => {
    const facets = [
      ending("h1 flow", { member: "complete" }, null),
      cut("h1 silence", "unclassified"),
      cut("h1 flow 2", "total-timeout"),
      cut("h2 flow", "total-timeout"),
      cut("h2 silence", "unclassified"),
      ending("h2c flow", { member: "complete" }, null),
      cut("h2c silence", "unclassified"),
      ending("h1-tls flow", { member: "complete" }, null),
    ];
    const clients = { h1: "total-timeout", h2: "total-timeout", h2c: "truncated-visibly", "h1-tls": "complete" };
    expect(await kept(facets)).toMatchObject({ word: "total-timeout", clients });
    expect(await kept(facets.toReversed())).toMatchObject({ word: "total-timeout", clients });
  });

  it("is the culprit's fault, though another hop's ranks higher", async () => {
    const other = ending("h1 a", { member: "truncated-visibly", cause: "total-timeout", afterMs: 1000, how: "reset" }, "origin");
    expect(await kept([other, cut("h1 b", "unclassified")])).toMatchObject({ word: "truncated-visibly", culprit: "caddy" });
  });
});

describe("what is added to a result", () => {
  it("keeps its date beside what was measured before, and takes the place of the same scenario", () => {
    const before = result([shown("a", "delivery", "buffered"), shown("c", "delivery", "buffered")]);
    const now = result([shown("b", "delivery", "incremental"), shown("a", "delivery", "incremental")], { measuredOn: "2026-11-09" });
    const whole = added(now, before);
    expect(whole.measuredOn).toBe("2026-11-01");
    expect(whole.scenarios.map(({ id, word, measuredOn }) => [id, word, measuredOn])).toEqual([
      ["a", "incremental", "2026-11-09"],
      ["b", "incremental", "2026-11-09"],
      ["c", "buffered", undefined],
    ]);
    expect(added(now, null)).toBe(now);
  });
});

describe("the matrix by what the clients speak", () => {
  const cut = { ...shown("cut", "ending", "truncated-silently", "off"), clients: { h1: "truncated-silently", h2: "truncated-visibly" } };
  const held = { ...shown("held", "headers", "held"), clients: { h1: "prompt", h2: "prompt" } };

  it("has a line for each scenario, which versions that answer alike share; what differs comes first", () => {
    const newer = { ...held, clients: { h1: "prompt", h2: "held" } };
    const again = { ...cut, id: "cut-again" };
    expect(clientsTable([result([held, cut]), result([newer, cut, again], { version: "1.2.4" })]).split("\n")).toEqual([
      "| | HTTP/1.1 | HTTP/2 over TLS |",
      "|---|---|---|",
      "| edge 1.2.3, 1.2.4: ending, [off](../scenarios/cut.ts), [2](../scenarios/cut-again.ts) | **truncated-silently** | truncated-visibly |",
      "| edge 1.2.4: headers, [default](../scenarios/held.ts) | prompt | **held** |",
      "| edge 1.2.3: headers, [default](../scenarios/held.ts) | prompt | prompt |",
    ]);
    expect(clientsTable([result([shown("reset", "ending", "complete")])])).toBe("");
  });

  it("has them to itself", () => {
    expect(table([result([cut])])).not.toContain("truncated");
  });
});
