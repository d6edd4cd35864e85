// Whatever an expert would name in the corpus, and whatever a mutation makes the culprit, is among the suspects: the experiments decide the rest.
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Rule } from "../../../../../harness/report/check-report.ts";
import type { Symptom } from "../../../../../harness/check/configuration.ts";
import { checked } from "../../../../../harness/check/servers/nginx/checked.ts";
import { readNginx } from "../../../../../harness/check/servers/nginx/read.ts";
import { mainOf, readCorpus } from "../../../../configs/_corpus.ts";
import { expectedOf } from "../../../../configs/_expected.ts";
import type { Expected } from "../../../../configs/_expected.ts";
import { mutated, mutationsOf } from "../../../../configs/_mutations.ts";
import { symptoms } from "./_parsed.ts";

const ofRule: Partial<Record<Rule, Symptom[]>> = {
  buffered: [symptoms.buffered],
  batched: [symptoms.buffered],
  lagging: [symptoms.lagging],
  held: [symptoms.held],
  "truncated-silently": [symptoms["truncated silently"]],
  hung: [symptoms.hung],
  "timed-out": [{ ...symptoms["cut when silent"], limitMs: null }],
  "error-response": [{ ...symptoms["cut before the first byte"], limitMs: null }],
  cached: [symptoms.cached, symptoms["cached against no-store"]],
  collapsed: [symptoms.collapsed],
  retried: [symptoms["requested again"]],
  altered: [symptoms.altered],
  "not-propagated": [symptoms.lost],
  "propagated-late": [symptoms.lost],
  reload: [symptoms["cut by a reload"]],
  upgrade: [symptoms["not upgraded"]],
  upload: [symptoms["upload held"]],
};

const types: Record<string, string> = { ndjson: "application/x-ndjson", download: "text/csv" };

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "hopwise-corpus-"));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

const read = async (id: string, { given, env, path }: Expected, files: ReadonlyMap<string, string>) => {
  const own = join(folder, id.replaceAll(/[^\w.]/g, "-"));
  for (const [name, text] of files) {
    await mkdir(dirname(join(own, name)), { recursive: true });
    await writeFile(join(own, name), text);
  }
  return readNginx(given, { cwd: own, env, ...(path !== null && { path }) });
};

type Read = Awaited<ReturnType<typeof read>>;

/** `file:line` of everything that is suspected on this route. */
const suspected = (
  configuration: Read,
  route: Read["routes"][number],
  rules: Rule[],
  contentType: string,
  acceptEncoding: string | null,
): Set<string> =>
  new Set(
    rules
      .flatMap((rule) => ofRule[rule] ?? [])
      .flatMap((symptom) => checked(configuration).suspects(route, { ...symptom, contentType, acceptEncoding }))
      .flatMap(({ place, with: partner }) => [place, ...(partner ? [partner.place] : [])])
      .map(({ file, line }) => `${file}:${line}`),
  );

const routesAt = ({ routes }: Read, location: string, host: string | null) =>
  routes.filter((route) => route.title === location && (host === null || route.host === host));

const samples = readCorpus().map((sample) => ({ ...sample, name: sample.expected.name }));

test.for(samples)("$name", async ({ expected, files }) => {
  const configuration = await read(expected.name, expected, files);
  for (const version of expected.nginx) {
    configuration.version = `nginx/${version}.0`;
    for (const { location, host, findings } of expectedOf(expected, version).routes) {
      const [route] = routesAt(configuration, location, host);
      if (!route) expect.fail(`there is no route ${location}`);
      for (const { rule, also, lines, level, when } of findings) {
        const lineSet =
          rule === "no-effect"
            ? new Set(
                checked(configuration)
                  .noEffectCandidates(route)
                  .map(({ place }) => `${place.file}:${place.line}`),
              )
            : suspected(
                configuration,
                route,
                [rule, ...also],
                types[expected.purpose] ?? "text/event-stream",
                when === "gzip" || when === "br" ? when : null,
              );
        expect(
          lines.some((line) => lineSet.has(line)),
          `${level} ${rule} in ${lines.join(" or ")} of ${[...lineSet].join(", ")}`,
        ).toBe(true);
      }
    }
  }
});

const healthy = samples.map((sample) => ({ expected: expectedOf(sample.expected, "1.26"), main: mainOf(sample), files: sample.files }));
const mutations = mutationsOf(healthy, 1);

test("there are mutations of every kind", () => {
  expect(mutations.length).toBeGreaterThan(150);
});

test.for(mutations)("$id", async (mutation) => {
  const sample = healthy.find(({ expected }) => expected.name === mutation.config);
  if (!sample) expect.fail(`there is no ${mutation.config}`);
  const configuration = await read(mutation.id, sample.expected, mutated(sample, mutation));
  const [route] = routesAt(configuration, mutation.location, mutation.host);
  if (!route) expect.fail(`there is no route ${mutation.location}`);
  for (const version of mutation.nginx) {
    configuration.version = `nginx/${version}.0`;
    const lineSet = suspected(configuration, route, mutation.rules, types[sample.expected.purpose] ?? "text/event-stream", null);
    expect(
      mutation.lines.some((line) => lineSet.has(line)),
      `${mutation.lines.join(" or ")} of ${[...lineSet].join(", ")}`,
    ).toBe(true);
  }
});
