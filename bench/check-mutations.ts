// `node bench/check-mutations.ts`: harmful single changes to the healthy configurations of test/configs, through `hopwise check`. How many
// are found, how many by the right line, and is any healthy one accused? Writes results/check-mutations.json; part of them: out/.
//   --seed 1        chooses values and places within the changes, and which of them are taken
//   --take 150      so many of all, spread over configurations and kinds; 0: all
//   --only text     those whose id contains it
//   --nginx 1.26    the version
//   --at-once 2     so many at a time
//   --healthy 20    so many repetitions of every healthy configuration; 0: none
import { join } from "node:path";
import { parseArgs } from "node:util";
import { packageRoot } from "../harness/catalog.ts";
import type { CheckReport, Finding } from "../harness/report/check-report.ts";
import { mainOf, readCorpus } from "../test/configs/_corpus.ts";
import { mutated, mutationsOf, spread } from "../test/configs/_mutations.ts";
import type { Healthy, Mutation } from "../test/configs/_mutations.ts";
import { mutationsFile, writeResults } from "./_accuracy.ts";
import type { Judged, MutationResults } from "./_accuracy.ts";
import { checkMany } from "./_checking.ts";

const { values } = parseArgs({
  options: {
    seed: { type: "string", default: "1" },
    take: { type: "string", default: "0" },
    only: { type: "string" },
    nginx: { type: "string", default: "1.26" },
    "at-once": { type: "string", default: "2" },
    healthy: { type: "string", default: "20" },
  },
});

const seed = Number(values.seed);
const healthy = readCorpus()
  .filter(({ expected }) => expected.nginx.includes(values.nginx) && expected.routes.every(({ findings }) => findings.length === 0))
  .map((sample): Healthy => ({ expected: sample.expected, main: mainOf(sample), files: sample.files }));
const generated = mutationsOf(healthy, seed);
const harmful = generated.filter(
  ({ id, nginx }) => nginx.includes(values.nginx) && (values.only === undefined || id.includes(values.only)),
);
const chosen = Number(values.take) > 0 ? spread(harmful, Number(values.take), seed) : harmful;

const placeOf = ({ guilty }: Finding): string => (guilty ? `${guilty.at.file}:${guilty.at.line}` : "no line");

const onRoute = (report: CheckReport, { location, host }: Mutation): Finding[] => {
  const routes = report.routes.filter(({ title, url }) => title === location && (host === null || new URL(url).hostname === host));
  return report.findings.filter(({ route, level }) => level === "error" && routes.some(({ id }) => id === route));
};

/** What could not be judged there, in a few words. */
const openOn = (report: CheckReport, { location }: Mutation): string[] =>
  report.routes
    .filter(({ title }) => title === location)
    .flatMap(({ checks }) => checks)
    .filter(({ scenario }) => scenario.outcome !== "pass" && scenario.outcome !== "fail")
    .map(({ check, scenario }) => `${check} is ${scenario.outcome} (${scenario.why})`);

const judge = (mutation: Mutation, report: CheckReport): Judged => {
  const findings = onRoute(report, mutation);
  const fitting = findings.filter(({ rule }) => mutation.rules.includes(rule));
  const named = fitting.flatMap(({ guilty }) => (guilty ? [guilty.at, ...(guilty.with ? [guilty.with.at] : [])] : []));
  return {
    id: mutation.id,
    detected: fitting.length > 0,
    rightLine: named.some(({ file, line }) => mutation.lines.includes(`${file}:${line}`)),
    told: [...findings.map((finding) => `${finding.rule} by ${placeOf(finding)}`), ...openOn(report, mutation)],
  };
};

const failed = (id: string, error: unknown): Judged => ({
  id,
  detected: false,
  rightLine: false,
  told: [`failed: ${error instanceof Error ? error.message : String(error)}`],
});

const judged: Judged[] = [];
const accused: { config: string; repetition: number; told: string[] }[] = [];
const repetitions = Number(values.healthy);
let server = "";
const atOnce = Number(values["at-once"]);

await checkMany(chosen, atOnce, async (mutation, checking) => {
  const source = healthy.find(({ expected }) => expected.name === mutation.config);
  if (!source) return;
  const result = await checking.checkFiles(source.expected, mutated(source, mutation), values.nginx).then(
    (report) => {
      server = report.server.version;
      return judge(mutation, report);
    },
    (error: unknown) => failed(mutation.id, error),
  );
  judged.push(result);
  const mark = result.detected ? (result.rightLine ? "right line" : "wrong line") : "missed    ";
  console.log(
    `${mark} ${mutation.id}${result.rightLine ? "" : `: ${result.told.join(", ") || "nothing"}, not ${mutation.rules[0]} by ${mutation.lines.join(" or ")}`}`,
  );
});

const rounds = Array.from({ length: repetitions }, (_, index) => healthy.map((one) => ({ ...one, repetition: index + 1 }))).flat();
await checkMany(rounds, atOnce, async ({ expected, files, repetition }, checking) => {
  const told = await checking.checkFiles(expected, files, values.nginx).then(
    (report) => {
      server = report.server.version;
      const wanted = report.routes.filter(({ title }) => expected.routes.some(({ location }) => location === title));
      if (wanted.length < expected.routes.length) return [`only ${wanted.length} of ${expected.routes.length} routes were checked`];
      return report.findings
        .filter(({ level, route }) => level === "error" && wanted.some(({ id }) => id === route))
        .map((finding) => `${finding.rule} by ${placeOf(finding)}: ${finding.evidence}`);
    },
    (error: unknown) => failed(expected.name, error).told,
  );
  if (told.length === 0) return;
  accused.push({ config: expected.name, repetition, told });
  console.log(`accused    ${expected.name}, repetition ${repetition}: ${told.join(", ")}`);
});

const inOrder = judged.toSorted((a, b) => (a.id < b.id ? -1 : 1));
const count = (test: (one: Judged) => boolean): number => judged.filter(test).length;
const share = (part: number, whole: number): number => (whole === 0 ? 0 : Math.round((10_000 * part) / whole) / 100);
const report: MutationResults = {
  schema: "hopwise.check-mutations/1",
  date: new Date().toISOString(),
  server,
  seed,
  generated: generated.length,
  harmfulHere: harmful.length,
  tried: judged.length,
  detected: count(({ detected }) => detected),
  detectedPercent: share(
    count(({ detected }) => detected),
    judged.length,
  ),
  rightLine: count(({ rightLine }) => rightLine),
  rightLinePercent: share(
    count(({ rightLine }) => rightLine),
    judged.length,
  ),
  healthy: { configurations: healthy.length, repetitions, accused: accused.length },
  missed: inOrder.filter(({ detected }) => !detected),
  wrongLine: inOrder.filter(({ detected, rightLine }) => detected && !rightLine),
  accused,
};
const isWhole = values.only === undefined && judged.length >= 150 && repetitions >= 20;
writeResults(isWhole ? mutationsFile : join(packageRoot, "out/check-mutations.json"), report);
console.log(`
${report.generated} changes generated from ${healthy.length} healthy configurations, ${report.harmfulHere} of them harmful on nginx ${values.nginx}; seed ${seed}
${report.detected} of ${report.tried} detected (${report.detectedPercent} %), the right line named for ${report.rightLine} (${report.rightLinePercent} %)
${accused.length} of ${healthy.length * repetitions} checks of healthy configurations accused one`);
process.exitCode = report.detectedPercent < 98 || report.rightLinePercent < 95 || accused.length > 0 ? 1 : 0;
