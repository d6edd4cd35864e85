// `node bench/check-mutations.ts`: harmful single changes to the healthy configurations of test/configs, through `hopwise check`. How many
// are found, how many by the right line, and is any healthy one accused? Writes results/check-mutations.json; what is less than that: out/.
//   --seed 1        chooses values and places within the changes, and which of them are taken
//   --take 150      so many of all, spread over configurations and kinds; 0: none; default: all
//   --only text     those whose id contains it
//   --nginx 1.26    the version
//   --at-once 2     so many at a time
//   --healthy 20    so many repetitions of every healthy configuration; 0: none
//   --add           keeps them in results/, where they become the figures once they are 20
import { join } from "node:path";
import { packageRoot } from "../harness/catalog/package-root.ts";
import type { CheckReport, Finding } from "../harness/report/check-report.ts";
import { mainOf, readCorpus } from "../test/configs/_corpus.ts";
import { expectedOf, isAccusation } from "../test/configs/_expected.ts";
import { mutated, mutationsOf, spread } from "../test/configs/_mutations.ts";
import type { Healthy, Mutation } from "../test/configs/_mutations.ts";
import { mutationsFile, readMutationResults, withHealthy, writeResults } from "./_accuracy.ts";
import type { HealthyFigures, Judged, MutationFigures } from "./_accuracy.ts";
import { checkMany } from "./_checking.ts";
import { optionsOf } from "../scripts/_options.ts";

const { values } = optionsOf({
  options: {
    seed: { type: "string", default: "1" },
    take: { type: "string" },
    only: { type: "string" },
    nginx: { type: "string", default: "1.26" },
    "at-once": { type: "string", default: "2" },
    healthy: { type: "string", default: "20" },
    add: { type: "boolean", default: false },
  },
});

const seed = Number(values.seed);
const healthy = readCorpus()
  .map((sample) => ({ ...sample, expected: expectedOf(sample.expected, values.nginx) }))
  .filter(({ expected }) => expected.nginx.includes(values.nginx) && expected.routes.every(({ findings }) => findings.length === 0))
  .map((sample): Healthy => ({ expected: sample.expected, main: mainOf(sample), files: sample.files }));
const generated = mutationsOf(healthy, seed);
const harmful = generated.filter(
  ({ id, nginx }) => nginx.includes(values.nginx) && (values.only === undefined || id.includes(values.only)),
);
const chosen = values.take === undefined ? harmful : Number(values.take) === 0 ? [] : spread(harmful, Number(values.take), seed);

const placeOf = ({ culprit }: Finding): string => (culprit ? `${culprit.at.file}:${culprit.at.line}` : "no line");

const onRoute = (report: CheckReport, { location, host }: Mutation): Finding[] => {
  const routes = report.routes.filter(({ title, url }) => title === location && (host === null || new URL(url).hostname === host));
  return report.findings.filter((one) => isAccusation(one) && routes.some(({ id }) => id === one.route));
};

/** What could not be judged there, in a few words. */
const openOf = ({ checks }: CheckReport["routes"][number]): string[] =>
  checks
    .filter(({ scenario }) => scenario.outcome !== "pass" && scenario.outcome !== "fail")
    .map(({ check, scenario }) => `${check} is ${scenario.outcome} (${scenario.why})`);

const judge = (mutation: Mutation, report: CheckReport): Judged => {
  const findings = onRoute(report, mutation);
  const fitting = findings.filter(({ rule }) => mutation.rules.includes(rule));
  const named = fitting.flatMap(({ culprit }) => (culprit ? [culprit.at, ...(culprit.with ? [culprit.with.at] : [])] : []));
  return {
    id: mutation.id,
    detected: fitting.length > 0,
    rightLine: named.some(({ file, line }) => mutation.lines.includes(`${file}:${line}`)),
    reported: [
      ...findings.map((finding) => `${finding.rule} by ${placeOf(finding)}`),
      ...report.routes.filter(({ title }) => title === mutation.location).flatMap(openOf),
    ],
  };
};

const failed = (id: string, error: unknown): Judged => ({
  id,
  detected: false,
  rightLine: false,
  reported: [`failed: ${error instanceof Error ? error.message : String(error)}`],
});

const atOnce = Number(values["at-once"]);
const share = (part: number, whole: number): number => (whole === 0 ? 0 : Math.round((10_000 * part) / whole) / 100);
let server = "";

const tryMutations = async (): Promise<MutationFigures> => {
  const judged: Judged[] = [];
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
      `${mark} ${mutation.id}${result.rightLine ? "" : `: ${result.reported.join(", ") || "nothing"}, not ${mutation.rules[0]} by ${mutation.lines.join(" or ")}`}`,
    );
  });
  const inOrder = judged.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const detected = judged.filter((one) => one.detected).length;
  const rightLine = judged.filter((one) => one.rightLine).length;
  return {
    date: new Date().toISOString(),
    server,
    seed,
    generated: generated.length,
    harmfulHere: harmful.length,
    tried: judged.length,
    detected,
    detectedPercent: share(detected, judged.length),
    rightLine,
    rightLinePercent: share(rightLine, judged.length),
    missed: inOrder.filter((one) => !one.detected),
    wrongLine: inOrder.filter((one) => one.detected && !one.rightLine),
  };
};

const repetitions = Number(values.healthy);

const checkHealthy = async (): Promise<HealthyFigures> => {
  const accused: HealthyFigures["accused"] = [];
  const notJudged: HealthyFigures["notJudged"] = [];
  const rounds = Array.from({ length: repetitions }, (_, index) => healthy.map((one) => ({ ...one, repetition: index + 1 }))).flat();
  let done = 0;
  await checkMany(rounds, atOnce, async ({ expected, files, repetition }, checking) => {
    const [reported, open] = await checking.checkFiles(expected, files, values.nginx).then(
      (report): [string[], string[]] => {
        server = report.server.version;
        const wanted = report.routes.filter(({ title }) => expected.routes.some(({ location }) => location === title));
        if (wanted.length < expected.routes.length) return [[`only ${wanted.length} of ${expected.routes.length} routes were checked`], []];
        const accusing = report.findings.filter((one) => isAccusation(one) && wanted.some(({ id }) => id === one.route));
        return [accusing.map((finding) => `${finding.rule} by ${placeOf(finding)}: ${finding.evidence}`), wanted.flatMap(openOf)];
      },
      (error: unknown) => [failed(expected.name, error).reported, []],
    );
    const about = { config: expected.name, repetition };
    if (reported.length > 0) accused.push({ ...about, reported });
    else if (open.length > 0) notJudged.push({ ...about, reported: open });
    if (reported.length > 0 || open.length > 0)
      console.log(
        `${reported.length > 0 ? "accused   " : "not judged"} ${expected.name}, repetition ${repetition}: ${[...reported, ...open].join(", ")}`,
      );
    if (++done % healthy.length === 0) console.log(`${done} of ${rounds.length} checks of healthy configurations are done`);
  });
  return { date: new Date().toISOString(), server, configurations: healthy.length, repetitions, accused, notJudged };
};

/** The figures that are on record are of so many. */
const enough = 20;
const mutations = chosen.length > 0 ? await tryMutations() : null;
// What is on record gives way to what says as much.
if (mutations && values.only === undefined && mutations.tried >= 150)
  writeResults(mutationsFile, { schema: "hopwise.check-mutations/1", healthy: null, ...readMutationResults(), mutations });
const checked = repetitions > 0 ? await checkHealthy() : null;
if (checked && (values.add || repetitions >= enough)) writeResults(mutationsFile, withHealthy(readMutationResults(), checked, enough));
writeResults(join(packageRoot, "out/check-mutations.json"), { schema: "hopwise.check-mutations/1", mutations, healthy: checked });
if (mutations)
  console.log(
    `\n${mutations.generated} changes generated from ${healthy.length} healthy configurations, ${mutations.harmfulHere} of them harmful on nginx ${values.nginx}; seed ${seed}\n` +
      `${mutations.detected} of ${mutations.tried} detected (${mutations.detectedPercent} %), the right line named for ${mutations.rightLine} (${mutations.rightLinePercent} %)`,
  );
if (checked)
  console.log(
    `${checked.accused.length} of ${healthy.length * repetitions} checks of healthy configurations accused one, ${checked.notJudged.length} could not judge all`,
  );
const isGood =
  (mutations === null || (mutations.detectedPercent >= 98 && mutations.rightLinePercent >= 95)) && (checked?.accused.length ?? 0) === 0;
process.exitCode = isGood ? 0 : 1;
