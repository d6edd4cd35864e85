// The README's samples: recorded reports of real runs (docs/samples/readme/), and what today's renderers make of them: the
// verdict and the picture of a scenario, and findings without theirs. Pure.
import { card } from "../harness/report/card.ts";
import { findingCard } from "../harness/report/check-card.ts";
import { groupsOf } from "../harness/report/check-group.ts";
import type { CheckReport } from "../harness/report/check-report.ts";
import { legend } from "../harness/report/picture.ts";
import type { Report, ScenarioReport } from "../harness/report/report.ts";

const look = { width: 110, color: false };

export interface Sample {
  /** Of the recorded report in docs/samples/readme/, and of the region in the README. */
  name: "run" | "check";
  /** What was run in docs/samples/readme/. */
  args: string[];
  exitCode: number;
  render: (report: unknown) => string;
}

export const samples: Sample[] = [
  {
    name: "run",
    args: ["run", "gzip-without-flush-holds-events", "--runtime", "process"],
    exitCode: 0,
    render: (report) => `${(report as Report).scenarios.map(verdictAndPicture).join("\n\n")}\n\n${legend}\n`,
  },
  {
    name: "check",
    args: ["check", "deploy/nginx.conf"],
    exitCode: 1,
    render: (report) => `${findings(report as CheckReport).join("\n\n")}\n`,
  },
];

/** Without what stands after the picture: the other facets, links, how to run it again. */
const verdictAndPicture = (scenario: ScenarioReport): string => card(scenario, look).text.split("\n\n").slice(0, 2).join("\n\n");

/** Without the picture, which the README has already. */
const findings = (report: CheckReport): string[] =>
  groupsOf(report).map((group) => {
    const [head, quote, picture, ...rest] = findingCard(report, group, look).text.split("\n\n");
    if (!picture?.includes("origin writes")) throw new Error(`The finding ${group.first.id} has no picture in its third part`);
    return [head, quote, ...rest].join("\n\n");
  });

/** The README with what each sample's report looks like today. */
export const withSamples = (readme: string, reports: Record<Sample["name"], unknown>): string =>
  samples.reduce((text, { name, render }) => {
    const region = new RegExp(`(<!-- readme: ${name} -->\n\`\`\`\n)[^]*?(\`\`\`\n)`);
    if (!region.test(text)) throw new Error(`README.md has no <!-- readme: ${name} --> with a block after it`);
    return text.replace(region, (_all, open: string, close: string) => `${open}${render(reports[name])}${close}`);
  }, readme);
