// The corpus and its mutations say what stands in the files: a line that is named is there, what is called absent is.
import { describe, expect, it } from "vitest";
import { readCorpus, filledIn, mainOf } from "../../configs/_corpus.ts";
import type { Sample } from "../../configs/_corpus.ts";
import { compare, expectedOf, readExpected } from "../../configs/_expected.ts";
import { mutated, mutationsOf } from "../../configs/_mutations.ts";
import type { Healthy } from "../../configs/_mutations.ts";
import { operators } from "../../configs/_operators.ts";
import { effective, locationsOf, parse } from "../../configs/_tree.ts";
import type { Location } from "../../configs/_tree.ts";
import type { CheckReport, Finding, Rule } from "../../../harness/report/check-report.ts";

const corpus = readCorpus();
const isHealthy = ({ expected }: Sample): boolean => expected.routes.every(({ findings }) => findings.length === 0);
/** Versions differ; the mutations are made for this one. */
const usual = "1.26";
const healthy = corpus
  .map((sample) => ({ ...sample, expected: expectedOf(sample.expected, usual) }))
  .filter(isHealthy)
  .map((sample): Healthy => ({ expected: sample.expected, main: mainOf(sample), files: sample.files }));
const everything = mutationsOf(healthy, 1);

const lineOf = (files: ReadonlyMap<string, string>, place: string): string | undefined => {
  const [, file = "", line] = /^(.*):(\d+)$/.exec(place) ?? [];
  return files.get(file)?.split("\n")[Number(line) - 1];
};

const serves = ({ levels }: Location, host: string | null): boolean =>
  host === null ||
  levels.some(({ name, nodes }) => name === "server" && nodes.some((node) => node.name === "server_name" && node.args.includes(host)));

const locationOf = (files: ReadonlyMap<string, string>, main: string, title: string, host: string | null): Location | undefined =>
  locationsOf(files, main).find((location) => location.title === title && serves(location, host));

describe("the corpus", () => {
  it("has at least forty configurations, about half of them broken", () => {
    const broken = corpus.filter((sample) => !isHealthy(sample)).length;
    expect(corpus.length).toBeGreaterThanOrEqual(40);
    expect(broken / corpus.length).toBeGreaterThan(0.4);
    expect(broken / corpus.length).toBeLessThan(0.6);
  });

  it.each(corpus.map((sample) => [sample.expected.name, sample] as const))(
    "%s has the locations and lines that are expected of it",
    (_, sample) => {
      const files = filledIn(sample);
      for (const { location: title, host, findings } of sample.expected.routes) {
        const location = locationOf(files, mainOf(sample), title, host);
        expect(location, title).toBeDefined();
        for (const { lines, directives, absent, rule } of findings) {
          expect(lines.length, rule).toBeGreaterThan(0);
          for (const place of lines) {
            const line = lineOf(files, place);
            const opens = absent && location?.levels.at(-1)?.opens;
            const isThere = opens ? `${opens.file}:${opens.line}` === place : directives.some((directive) => line?.includes(directive));
            expect(isThere || line?.trim().startsWith(title), `${rule} at ${place}: ${line}`).toBe(true);
          }
          if (!absent || !location) continue;
          // Another header may well be set: of proxy_set_header one line alone is missing.
          for (const directive of directives.filter((name) => name !== "proxy_set_header"))
            expect(effective(location, directive), `${directive} of ${title}`).toBeNull();
        }
      }
    },
  );
});

describe("the mutations", () => {
  it("are at least 150, each with a name of its own, and of every kind that there is", () => {
    expect(everything.length).toBeGreaterThanOrEqual(150);
    expect(new Set(everything.map(({ id }) => id)).size).toBe(everything.length);
    expect(new Set(everything.map(({ operator }) => operator))).toEqual(new Set(Object.keys(operators)));
  });

  it("are the same for the same seed, and others for another", () => {
    expect(mutationsOf(healthy, 1)).toEqual(everything);
    const other = mutationsOf(healthy, 2);
    expect(other.map(({ id }) => id)).toEqual(everything.map(({ id }) => id));
    expect(other).not.toEqual(everything);
  });

  it("change the text, leave it readable, and name the line that is to blame afterwards", () => {
    for (const mutation of everything) {
      const sample = corpus.find(({ expected }) => expected.name === mutation.config) as Sample;
      const before = healthy.find(({ expected }) => expected.name === mutation.config) as Healthy;
      const after = mutated(before, mutation);
      expect(after, mutation.id).not.toEqual(before.files);
      for (const [file, text] of after) expect(() => parse(file, text), `${mutation.id}: ${file}`).not.toThrow();
      const location = locationOf(filledIn({ ...sample, files: after }), before.main, mutation.location, mutation.host);
      const opens = location?.levels.at(-1)?.opens;
      expect(opens, mutation.id).toBeDefined();
      expect(mutation.lines.length, mutation.id).toBeGreaterThan(0);
      for (const place of mutation.lines) {
        if (opens && place === `${opens.file}:${opens.line}`) continue;
        const line = lineOf(after, place);
        expect(mutation.absent, `${mutation.id} at ${place}`).toBe(false);
        expect(
          mutation.directives.some((directive) => line?.trim().includes(directive)),
          `${mutation.id} at ${place}: ${line}`,
        ).toBe(true);
      }
    }
  });

  it("take away or turn what counts for the location", () => {
    for (const mutation of everything.filter(({ absent, operator }) => absent && !operator.startsWith("upgrade"))) {
      const sample = corpus.find(({ expected }) => expected.name === mutation.config) as Sample;
      const files = filledIn({ ...sample, files: mutated({ ...sample, main: mainOf(sample) }, mutation) });
      const location = locationOf(files, mainOf(sample), mutation.location, mutation.host) as Location;
      for (const directive of mutation.directives) expect(effective(location, directive), mutation.id).toBeNull();
    }
  });
});

it("what is expected of one version only is expected of no other", () => {
  const written = `title: x
given: a.conf
nginx: ["1.22", "1.26"]
routes:
  - location: "location /"
    findings:
      - { rule: held, line: "a.conf:1", directive: listen, nginx: ["1.22"] }`;
  const rulesIn = (version: string) =>
    expectedOf(readExpected("x", written), version).routes.flatMap(({ findings }) => findings.map(({ rule }) => rule));
  expect([rulesIn("1.22"), rulesIn("1.26")]).toEqual([["held"], []]);
});

describe("the comparison", () => {
  const expected = readExpected(
    "example",
    `title: x
given: nginx.conf
routes:
  - location: "location /a"
    findings:
      - { rule: held, also: [lagging], line: "nginx.conf:7", directive: proxy_buffering, absent: true }
  - { location: "location /b", healthy: true }`,
  );

  const route = (id: string): CheckReport["routes"][number] => ({
    id,
    at: { file: "x/nginx.conf", line: 1, column: 1 },
    title: `location /${id}`,
    url: `http://localhost/${id}`,
    upstreams: [],
    checks: [],
    limits: [],
  });

  const finding = (routeId: string, rule: Rule, line: number | null, conditions: string[] = []): Finding => {
    const at = { file: "x/nginx.conf", line: line ?? 1, column: 1 };
    return {
      id: `${rule}:${routeId}:headers`,
      rule,
      level: "error",
      route: routeId,
      check: "headers",
      says: "says",
      at,
      culprit: line === null ? null : { at, directive: "proxy_buffering", absent: true, with: null, link: "" },
      unproven: null,
      evidence: "evidence",
      conditions,
      fix: null,
    };
  };

  const reportOf = (routes: string[], findings: Finding[]): CheckReport => ({
    schema: "hopwise.check/1",
    tool: { name: "hopwise", version: "0" },
    machine: { platform: "linux", cores: 2, node: "v24.0.0", labNode: "v24.0.0" },
    given: "x",
    files: [],
    purpose: "sse",
    server: { version: "nginx/1.26.3", image: "", why: "" },
    control: null,
    startedAt: "",
    tookMs: 0,
    interrupted: false,
    stubs: [],
    notChecked: [],
    routes: routes.map(route),
    findings,
  });

  const kinds = (routes: string[], findings: Finding[]): string[] =>
    compare(expected, reportOf(routes, findings), "x").map(({ kind }) => kind);

  it("has nothing to say where the report says what is expected, in either of its words", () => {
    expect(kinds(["a", "b"], [finding("a", "held", 7)])).toEqual([]);
    expect(kinds(["a", "b"], [finding("a", "lagging", 7)])).toEqual([]);
  });

  it("does not take one finding for two faults", () => {
    const two = readExpected(
      "example",
      `title: x
given: nginx.conf
routes:
  - location: "location /a"
    findings:
      - { rule: buffered, line: "nginx.conf:3", directive: gzip_types, when: gzip }
      - { rule: lagging, also: [buffered], line: "nginx.conf:7", directive: proxy_buffering, absent: true }`,
    );
    const complaints = (findings: Finding[]): string[] => compare(two, reportOf(["a"], findings), "x").map(({ kind }) => kind);
    const gzip = ["Accept-Encoding: gzip"];
    expect(complaints([finding("a", "buffered", 3, gzip)])).toEqual(["missed"]);
    expect(complaints([finding("a", "buffered", 3, gzip), finding("a", "buffered", 7)])).toEqual([]);
    expect(complaints([finding("a", "buffered", 3, gzip), finding("a", "lagging", 7)])).toEqual([]);
    expect(complaints([finding("a", "buffered", 3), finding("a", "lagging", 7)])).toEqual(["wrong-condition"]);
  });

  it("complains of what is missed, named wrongly or not at all, made up, or not checked", () => {
    expect(kinds(["a", "b"], [])).toEqual(["missed"]);
    expect(kinds(["a", "b"], [finding("a", "held", 8)])).toEqual(["wrong-line"]);
    expect(kinds(["a", "b"], [finding("a", "held", null)])).toEqual(["wrong-line"]);
    expect(kinds(["a", "b"], [finding("a", "held", 7), finding("b", "held", 7)])).toEqual(["accused"]);
    expect(kinds(["a", "b"], [finding("a", "held", 7), finding("a", "cached", 7)])).toEqual(["accused"]);
    expect(kinds(["a"], [finding("a", "held", 7)])).toEqual(["unchecked"]);
  });
});
