// From platforms/ to the table that docs/platforms.md shows. Pure.
import type { DocumentedLimit, PlatformDefinition } from "../harness/define.ts";
import { formerlyWords, kindWords, rangeWords, timeWords } from "../harness/report/timeouts-words.ts";

export interface Platform extends PlatformDefinition {
  id: string;
}

export const platformTable = (platforms: readonly Platform[]): string =>
  [
    "| name | platform | timeouts, as documented | formerly | remarks | page |",
    "|---|---|---|---|---|---|",
    ...platforms.map((platform) => `| ${cellsOf(platform).map(cell).join(" | ")} |`),
  ].join("\n");

const cell = (text: string): string => text.replaceAll("|", String.raw`\|`);

const cellsOf = ({ id, title, limits, remarks = [], pages, read }: Platform): string[] => [
  `\`${id}\``,
  title,
  limits.length === 0 ? "–" : limits.map(now).join("<br>"),
  limits.flatMap((limit) => (limit.formerly ? [`${kindWords[limit.kind]} ${formerlyWords(limit.formerly)}`] : [])).join("<br>") || "–",
  remarks.join(" ") || "–",
  `${pages.map((page, index) => `[${index === 0 ? "page" : index + 1}](${page})`).join(", ")}, ${read === null ? "date not recorded" : `read ${read}`}`,
];

/** `idle 60 s (1–4000 s, by idle_timeout.timeout_seconds)` */
const now = (limit: DocumentedLimit): string => {
  const { kind, ms } = limit;
  const details = detailsOf(limit);
  return `**${kindWords[kind]}** ${ms === null ? "none unless set" : timeWords(ms)}${details.length === 0 ? "" : ` (${details.join(", ")})`}`;
};

/** For what, in which range, set by what, and how it is reported; in Markdown. */
export const detailsOf = ({ range, setBy, scope, side, seenAs }: DocumentedLimit): string[] => [
  ...(scope === undefined ? [] : [`for ${scope}`]),
  ...(side === undefined ? [] : ["of the client's connection"]),
  ...(range === undefined ? [] : [rangeWords(range)]),
  ...(setBy === undefined ? [] : [`set by \`${setBy}\``]),
  ...(seenAs === undefined ? [] : [`reported as ${seenAs}`]),
];

const region = /(<!-- platforms -->\n)[\s\S]*?(<!-- \/platforms -->)/;

export const renderedPlatforms = (page: string, platforms: readonly Platform[]): string =>
  page.replace(region, (_all, open: string, close: string) => `${open}\n${platformTable(platforms)}\n\n${close}`);
