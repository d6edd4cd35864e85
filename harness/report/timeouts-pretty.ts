// For people: the strictest timeout of each kind, who sets it, and the heartbeat interval that keeps a stream alive.
import { limitKinds } from "../model/strictest.ts";
import type { TimeLimit } from "../model/time-limit.ts";
import type { Limit } from "../model/verdict.ts";
import { noCommands, said } from "./check-text.ts";
import type { Look, Paint } from "./look.ts";
import { paintOf } from "./look.ts";
import { wrap } from "./text.ts";
import type { ChainTimeouts, TimeoutsReport } from "./timeouts-report.ts";
import {
  besidesWords,
  evidenceWords,
  heartbeatSentences,
  kindWords,
  noneUnlessSet,
  settingWords,
  timeWords,
  withoutHelp,
} from "./timeouts-words.ts";

const labelWidth = 13;
const timeWidth = 8;

export const timeoutsPretty = ({ chains }: TimeoutsReport, look: Look): string => {
  const paint = paintOf(look);
  const blocks = [...groupsOf(chains).map((group) => block(group, look, paint)), wrap(conclusion, look.width).map(paint.dim)];
  return `${noCommands(blocks.map((lines) => lines.join("\n")).join("\n\n"))}\n`;
};

const conclusion =
  "Nothing was run: values come from your configuration, from documentation, and from recorded runs of the catalog. What is not in the chain, e.g. the server of your application, is not covered.";

/** Chains that differ only in routes, lines, and timeouts that are not the strictest, share a block. */
interface Group extends ChainTimeouts {
  alike: ChainTimeouts[];
}

const withoutLines = (key: string, value: unknown): unknown => (key === "line" || key === "file" ? null : value);

const groupsOf = (chains: readonly ChainTimeouts[]): Group[] =>
  [...Map.groupBy(chains, ({ strictest: all, unknown }) => JSON.stringify([all, unknown], withoutLines)).values()].flatMap((alike) => {
    const [first] = alike;
    if (!first) return [];
    const hops = first.hops.map((hop, index) => ({ ...hop, limits: alike.flatMap((chain) => chain.hops[index]?.limits ?? []) }));
    return [{ ...first, routes: alike.flatMap(({ routes }) => routes), hops, alike }];
  });

/** Of a group, the lines that set its strictest timeout of a kind, without the first. */
const otherLines = ({ alike }: Group, kind: Limit, index: number): number => {
  const places = alike.map((chain) => {
    const source = chain.strictest[kind][index]?.source;
    return source?.from === "configuration" ? `${source.file}:${source.line}` : "";
  });
  return new Set(places).size - 1;
};

const block = (chain: Group, look: Look, paint: Paint): string[] => [
  ...wrap(said([...chain.hops.map(({ hop }) => hop), "client"].join(" → ")), look.width).map(paint.bold),
  ...rows("routes", chain.routes.length === 0 ? [] : [chain.routes.join(", ")], look, paint),
  "",
  ...limitKinds.flatMap((kind) => strictest(chain, kind, look, paint)),
  "",
  ...rows("heartbeat", heartbeat(chain), look, paint),
  ...rows("no help for", noHelp(chain), look, paint),
  ...rows("also", others(chain), look, paint),
  ...rows("no timeout", absent(chain), look, paint),
  ...rows(
    "not read",
    chain.unknown.map((limit) => `${settingWords(limit)}: its value is not known`),
    look,
    paint,
  ),
  ...rows(
    "remarks",
    chain.hops.flatMap(({ hop, remarks }) => remarks.map((remark) => `${hop}: ${remark}`)),
    look,
    paint,
  ),
];

/** The label on the first line only. */
const row = (label: string, text: string, { width }: Look, paint: Paint): string[] =>
  wrap(said(text), width - labelWidth).map((line, index) => `${paint.dim((index === 0 ? label : "").padEnd(labelWidth))}${line}`);

const rows = (label: string, texts: readonly string[], look: Look, paint: Paint): string[] =>
  texts.flatMap((text, index) => row(index === 0 ? label : "", text, look, paint));

const strictest = (group: Group, kind: Limit, { width }: Look, paint: Paint): string[] => {
  const { strictest: all, hops } = group;
  const label = paint.bold(kindWords[kind].padEnd(labelWidth));
  const limits = all[kind];
  if (limits.length === 0)
    return [
      `${label}${paint.dim(
        noneWords(
          hops.flatMap((hop) => hop.limits),
          kind,
        ),
      )}`,
    ];
  const indent = " ".repeat(labelWidth + timeWidth);
  return limits.flatMap((limit, index) => {
    const time = typeof limit.ms === "number" ? timeWords(limit.ms) : limit.ms;
    const first = index === 0 ? `${label}${paint.bold(time.padEnd(timeWidth))}` : indent;
    const setting = wrap(said(settingWords(limit, kind, otherLines(group, kind, index))), width - indent.length);
    const evidence = wrap(said(evidenceWords(limit, kind)), width - indent.length);
    return [
      ...setting.map((line, at) => `${at === 0 ? first : indent}${line}`),
      ...evidence.map((line) => `${indent}${limit.measured ? paint.green(line) : paint.dim(line)}`),
    ];
  });
};

const noneWords = (limits: readonly TimeLimit[], kind: Limit): string =>
  limits.some((limit) => limit.kind === kind) ? "none unless it is set" : "none known";

const heartbeat = ({ heartbeat: found, strictest: { "idle-timeout": idle } }: ChainTimeouts): string[] =>
  heartbeatSentences(
    found,
    idle.map(({ hop }) => hop),
  );

const noHelp = ({ strictest: all }: ChainTimeouts): string[] =>
  (["first-byte-timeout", "total-timeout", "write-timeout"] as const).flatMap((kind) => {
    const ms = all[kind][0]?.ms;
    const isCertain = all[kind].some((limit) => limit.kind !== "unclassified");
    return typeof ms === "number" ? [withoutHelp(kind, timeWords(ms), isCertain)] : [];
  });

/** About the request, and about getting a connection. */
const others = ({ hops }: ChainTimeouts): string[] => {
  const limits = hops.flatMap((hop) => hop.limits).filter(({ kind }) => kind === "upload-timeout" || kind === "connect-timeout");
  return [...new Set(limits.flatMap((limit) => (typeof limit.ms === "number" ? [besidesWords(limit, limit.ms)] : [])))];
};

/** Hops of which nothing is known, and timeouts that are off unless they are set. */
const absent = ({ hops }: ChainTimeouts): string[] => [
  ...hops.flatMap(({ hop, limits }) => (limits.length === 0 ? [`${hop}: none documented in the catalog, and none measured`] : [])),
  ...new Set(hops.flatMap(({ limits }) => limits.filter(({ ms }) => ms === "none").map(noneUnlessSet))),
];
