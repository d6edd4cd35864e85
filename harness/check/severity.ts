// How bad a finding is: by what the route carries, by whether the route is known to stream, and by what the user requires. Pure.
import type { Must } from "../define.ts";
import { browserStreams } from "../model/crowd.ts";
import type { Level, Rule } from "../report/check-report.ts";
import type { Purpose } from "./checks.ts";
import type { IntentKind } from "./intent.ts";

/** What is wrong, as far as its level depends on it. */
export interface Wrong {
  rule: Rule;
  /** The observation's own member, where a rule covers several. */
  member?: string;
  /** Of a cached response: the application sent `no-store` or `no-cache`. */
  isForbidden?: boolean;
  /** Only records of more than 4 kB show it. */
  isOfLargeRecords?: boolean;
  /** Of a refusal: the first stream of one address that meets it. */
  nth?: number;
}

export interface Standing {
  purpose: Purpose;
  intent: IntentKind;
  /** The best known intent of any route. */
  others: IntentKind;
  /** What the user's own `must` requires. */
  required: ReadonlySet<keyof Must>;
}

type Row = Readonly<Record<Purpose, Level>>;

/** The columns that differ; `mcp` is as `llm`, and `long-polling` as `download`, unless given. */
const row = (sse: Level, llm: Level, ndjson: Level, download: Level, longPolling: Level = download): Row => ({
  sse,
  llm,
  mcp: llm,
  ndjson,
  download,
  "long-polling": longPolling,
});

const always = (level: Level): Row => row(level, level, level, level);

const lateness = row("error", "error", "error", "note");
const shared = (isForbidden: boolean): Row => (isForbidden ? always("error") : row("error", "error", "warning", "note", "error"));

const rows: Record<Rule, Row | ((wrong: Wrong) => Row)> = {
  buffered: lateness,
  batched: lateness,
  lagging: lateness,
  delayed: row("error", "error", "error", "note", "warning"),
  throttled: lateness,
  held: row("warning", "warning", "warning", "note"),
  "truncated-silently": ({ member }) => (member === "truncated-visibly" ? always("error") : row("warning", "error", "error", "error")),
  hung: always("error"),
  "timed-out": always("error"),
  "error-response": always("error"),
  "no-response": always("error"),
  malformed: always("error"),
  cached: ({ member, isForbidden = false }) => {
    if (member === "stale") return always("error");
    return member === "revalidated" ? row("error", "error", "error", "note", "error") : shared(isForbidden);
  },
  collapsed: ({ isForbidden = false }) => shared(isForbidden),
  retried: always("error"),
  altered: always("error"),
  "not-propagated": row("warning", "error", "warning", "warning"),
  "propagated-late": row("note", "warning", "note", "note"),
  reload: row("note", "warning", "warning", "warning"),
  upgrade: row("error", "error", "warning", "warning"),
  upload: row("error", "error", "warning", "warning"),
  refused: ({ nth = 1 }) => (nth > browserStreams ? always("note") : row("warning", "warning", "note", "note")),
  "no-effect": always("note"),
};

const requirements: Partial<Record<Rule, keyof Must>> = {
  buffered: "deliver",
  batched: "deliver",
  lagging: "deliver",
  delayed: "deliver",
  throttled: "deliver",
  held: "headers",
  "truncated-silently": "end",
  cached: "source",
  collapsed: "source",
  altered: "integrity",
  "not-propagated": "noticeDisconnectWithinMs",
  "propagated-late": "noticeDisconnectWithinMs",
  "timed-out": "surviveSilenceMs",
};

const order: readonly Level[] = ["error", "warning", "note"];

export const worstOf = (levels: readonly Level[]): Level => order.find((level) => levels.includes(level)) ?? "note";

const lower: Record<Level, Level> = { error: "warning", warning: "note", note: "note" };

const isLateness = (rule: Rule): boolean => requirements[rule] === "deliver";

/** See docs/check.md, "Severities". */
export const levelOf = (wrong: Wrong, { purpose, intent, others, required }: Standing): Level => {
  if (others === "explicit" && intent !== "explicit") return "note";
  const { rule } = wrong;
  const known = rows[rule];
  const requirement = requirements[rule];
  const usual = requirement && required.has(requirement) ? "error" : (typeof known === "function" ? known(wrong) : known)[purpose];
  const seen = wrong.isOfLargeRecords && isLateness(rule) ? lower[usual] : usual;
  return others === "inferred" && intent === "unknown" ? lower[seen] : seen;
};
