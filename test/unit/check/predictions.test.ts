// What is predicted without a container engine, against what was measured with one: the corpus and its mutations.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { applyPatch, parsePatch } from "diff";
import { describe, expect, it, test } from "vitest";
import { packageRoot } from "../../../harness/catalog/package-root.ts";
import type { Prediction } from "../../../harness/report/predicted-report.ts";
import { sentencesOf } from "../../../harness/report/predicted-words.ts";
import { expectedOf } from "../../configs/_expected.ts";
import { mutated, spread } from "../../configs/_mutations.ts";
import { corpus, figuresOf, isOf, mutatedSample, mutations, predictFiles, risksIn, tableOf } from "./_predicting.ts";
import type { Claim } from "./_predicting.ts";

/** Risks that no run of the corpus confirms, each with its reason. */
const unconfirmed: Record<string, string> = {
  "sub-filter-inside location / altered":
    "the text that it replaces does not occur in the lab's stream; the prediction says that condition",
  "sub-filter-keeps-the-end location /events altered": "the same",
  "tls-server-with-defaults location / held": "of nginx 1.22, where HTTP/2 alone holds the header section too, and is blamed",
};

const deliveryRules = new Set(["buffered", "batched", "lagging", "held"]);
const inWords = (claims: readonly Claim[]): string =>
  claims.map(({ rule, line, directive }) => `${rule} ${line} ${directive}`).join(", ") || "none";

describe("the corpus: what a run finds is predicted, by the line", () => {
  test.for(corpus)("$name", async ({ name, expected, files }) => {
    for (const version of expected.nginx) {
      // oxlint-disable-next-line no-await-in-loop
      const { on } = await predictFiles(expected, files, version);
      for (const { location, host, findings } of expectedOf(expected, version).routes) {
        const predictions = on(location, host);
        if (!predictions) expect.fail(`there is no route ${location}`);
        const claims = risksIn(predictions);
        const errors = findings.filter(({ level }) => level === "error");
        for (const finding of errors.filter(({ maybe }) => !maybe))
          expect(
            claims.some((one) => isOf(finding, one)),
            `${finding.rule} in ${finding.lines.join(" or ")} of ${inWords(claims)}`,
          ).toBe(true);
        for (const { lines } of findings.filter(({ rule }) => rule === "no-effect"))
          expect(
            predictions.some(({ level, at }) => level === "note" && lines.includes(`${at.file}:${at.line}`)),
            lines.join(),
          ).toBe(true);
        const more = claims.filter((one) => !errors.some((finding) => isOf(finding, one)));
        expect(more.filter(({ rule }) => unconfirmed[`${name} ${location} ${rule}`] === undefined)).toEqual([]);
        if (errors.length === 0) expect(claims.filter(({ rule }) => deliveryRules.has(rule))).toEqual([]);
      }
    }
  });
});

describe("a harmful change to a healthy configuration is predicted, by the line", () => {
  it("there are changes of every kind", () => {
    expect(mutations.length).toBeGreaterThan(150);
  });

  test.for(mutations)("$id", async (mutation) => {
    const sample = mutatedSample(mutation.config);
    if (!sample) expect.fail(`there is no ${mutation.config}`);
    const files = mutated(sample, mutation);
    for (const version of mutation.nginx) {
      // oxlint-disable-next-line no-await-in-loop
      const claims = risksIn((await predictFiles(sample.expected, files, version)).on(mutation.location, mutation.host) ?? []);
      const [rule, ...also] = mutation.rules;
      if (rule === undefined) expect.fail("it breaks nothing");
      expect(
        claims.some((one) => isOf({ rule, also, lines: mutation.lines }, one)),
        `${mutation.lines.join(" or ")} of ${inWords(claims)}`,
      ).toBe(true);
    }
  });
});

const lastVersion = (nginx: readonly string[]): string => (nginx.includes("1.26") ? "1.26" : (nginx.at(-1) ?? ""));

describe("a fix, made in the files, ends what it is proposed for, and puts nothing in its place", () => {
  const patched = (files: ReadonlyMap<string, string>, diff: string): Map<string, string> => {
    const after = new Map(files);
    for (const patch of parsePatch(diff)) {
      const name = patch.newFileName?.replace(/^b\//, "") ?? "";
      const text = applyPatch(after.get(name) ?? "", patch);
      if (text === false) throw new Error(`${diff} does not fit ${name}`);
      after.set(name, text);
    }
    return after;
  };
  const keys = (predictions: readonly Prediction[], route: string): Set<string> =>
    new Set(risksIn(predictions.filter((one) => one.route === route)).map(({ rule, directive }) => `${rule} ${directive.split(" ")[0]}`));
  const cases = [
    ...corpus.map(({ name, expected, files }) => ({ name, expected, files, version: lastVersion(expected.nginx) })),
    ...spread(mutations, 120, 1).flatMap((mutation) => {
      const sample = mutatedSample(mutation.config);
      const [name, version] = [mutation.id, lastVersion(mutation.nginx)];
      return sample ? [{ name, expected: sample.expected, files: mutated(sample, mutation), version }] : [];
    }),
  ];

  test.for(cases)("$name", async ({ expected, files, version }) => {
    const before = (await predictFiles(expected, files, version)).predictions;
    for (const { route, directive, risks, fix } of before.filter(({ level }) => level === "risk")) {
      if (fix === null) expect.fail(`there is no fix to try for ${directive}`);
      // oxlint-disable-next-line no-await-in-loop
      const after = keys((await predictFiles(expected, patched(files, fix.diff), version)).predictions, route);
      for (const { rule } of risks) expect(after).not.toContain(`${rule} ${directive.split(" ")[0]}`);
      expect([...after].filter((key) => !keys(before, route).has(key))).toEqual([]);
    }
  });
});

describe("what is said", () => {
  it("is what may happen, and its conditions", async () => {
    for (const { expected, files } of corpus)
      // oxlint-disable-next-line no-await-in-loop
      for (const prediction of (await predictFiles(expected, files, null)).predictions)
        for (const sentence of sentencesOf(prediction)) expect(sentence).toMatch(/^(?:may|only if|because it) /);
  });

  it("depends on the version where that is not known, and only there", async () => {
    const bare = corpus.find(({ name }) => name === "bare-proxy-pass");
    if (!bare) expect.fail("there is no bare-proxy-pass");
    const conditions = async (version: string | null): Promise<string[] | undefined> => {
      const { predictions } = await predictFiles(bare.expected, bare.files, version);
      return predictions.find(({ directive }) => directive === "proxy_http_version")?.risks[0]?.provided;
    };
    expect(await conditions(null)).toEqual(["nginx is older than 1.29.7"]);
    expect(await conditions("1.26")).toEqual([]);
    expect(await conditions("1.30")).toBeUndefined();
  });
});

test("docs/check.md has these figures", async () => {
  const page = readFileSync(join(packageRoot, "docs/check.md"), "utf8");
  const known = await Promise.all(["1.22", "1.26", "1.30"].map((version) => figuresOf(version, true)));
  const [, shown] = /<!-- predicted: .* -->\n\n([^]*?)\n\n<!-- \/predicted -->/.exec(page) ?? [];
  expect(shown).toBe(tableOf([await figuresOf("1.26", false), ...known]));
  expect(page).toContain(`All ${mutations.length} harmful single changes to healthy routes are predicted by the right line.`);
});
