// The most urgent picture of a report as an SVG file: for a README, a comment, a page of documentation. It follows the reader's light or dark theme.
import { decisiveFacet } from "../decisive.ts";
import { groupsOf, seenIn } from "../check-group.ts";
import { placeOf } from "../check-words.ts";
import type { AnyCheckReport } from "../predicted-report.ts";
import { isPredicted } from "../predicted-report.ts";
import type { Report, ScenarioReport } from "../report.ts";
import { fit, plain } from "../text.ts";
import { drawn } from "./figure.ts";
import type { Drawn } from "./figure.ts";
import { markup, ownCode } from "./markup.ts";
import type { Markup } from "./markup.ts";
import { shapes } from "./marks.ts";
import { colors, pictureStyle } from "./picture-style.ts";
import { heights, middleOf } from "./rows.ts";
import type { Row } from "./rows.ts";

const width = 960;
const names = 190;
const edge = 16;
const head = 58;

const style = `${colors("svg")}${pictureStyle}
.page{fill:var(--page)}
.title{font:700 17px system-ui,sans-serif;fill:var(--ink)}
.sub{font:13px system-ui,sans-serif;fill:var(--soft)}
.name{font:13px system-ui,sans-serif;fill:var(--ink)}
.name.culprit{font:700 18px system-ui,sans-serif;fill:var(--harm)}
.detail{font:12px system-ui,sans-serif;fill:var(--soft)}
.detail.culprit{font:700 14px system-ui,sans-serif;fill:var(--harm)}
.box{fill:var(--tint);stroke:var(--harm)}`;

const svgFile = (title: string, subtitle: string, picture: Drawn | null): string => {
  const height = head + (picture?.height ?? 0) + edge;
  return `${markup`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${title}">
    ${ownCode("style", style)}<defs>${shapes}</defs>
    <rect class="page" width="100%" height="100%" rx="8" />
    <text class="title" x="${edge}" y="27">${fit(plain(title), 100)}</text>
    <text class="sub" x="${edge}" y="47">${fit(plain(subtitle), 130)}</text>
    ${picture && [...picture.rows.map(nameOf), markup`<svg x="${edge + names}" y="${head}" width="${width - names - 2 * edge - 8}" height="${picture.height}" overflow="visible">${picture.plot}</svg>`]}
  </svg>`.toString()}\n`;
};

const nameOf = (row: Row): Markup => {
  const y = head + middleOf(row);
  const isCulprit = row.kind === "culprit";
  const up = row.detail === "" ? 4 : -4;
  return markup`${isCulprit && markup`<rect class="box" x="${edge}" y="${head + row.top + 2}" width="${names}" height="${heights.culprit - 4}" rx="3" />`}<text class="name ${isCulprit ? "culprit" : ""}" x="${edge + (isCulprit ? 10 : row.kind === "hop" ? 14 : 0)}" y="${y + up}">${fit(plain(row.label), isCulprit ? 17 : 27)}</text>${
    row.detail !== "" &&
    markup`<text class="detail ${isCulprit ? "culprit" : ""}" x="${edge + (isCulprit ? 10 : 0)}" y="${y + 15}">${fit(plain(row.detail), 28)}</text>`
  }`;
};

/** The first that fails, otherwise the first known fault, otherwise the first. */
const mostUrgent = (scenarios: readonly ScenarioReport[]): ScenarioReport | undefined =>
  scenarios.find(({ outcome }) => outcome === "fail") ?? scenarios.find(({ culprit }) => culprit !== null) ?? scenarios[0];

const scenarioSvg = (scenario: ScenarioReport, control: Report["control"]): string =>
  svgFile(scenario.title, scenario.why, drawn(scenario, decisiveFacet(scenario), control));

export const runSvg = (report: Report): string => {
  const scenario = mostUrgent(report.scenarios);
  return scenario ? scenarioSvg(scenario, report.control) : svgFile("Nothing was run", "", null);
};

export const checkSvg = (report: AnyCheckReport): string => {
  if (isPredicted(report)) return svgFile("Nothing was run", "No container engine answers: there is nothing to draw", null);
  const first = groupsOf(report)[0]?.first;
  const seen = first && seenIn(report, first);
  if (!first || !seen)
    return runSvg({
      ...report,
      scenarios: report.routes.flatMap(({ checks }) => checks.map(({ scenario }) => scenario)),
    } as unknown as Report);
  return svgFile(`${placeOf(first.at)}: ${first.says}`, first.evidence, drawn(seen.scenario, seen.facet, report.control));
};
