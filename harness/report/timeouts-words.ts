// Sentences about timeouts that are known without a run.
import type { LimitKind } from "../define/limit.ts";
import type { Heartbeat } from "../model/strictest.ts";
import type { LimitSource, TimeLimit } from "../model/time-limit.ts";
import type { Limit } from "../model/verdict.ts";

const secondMs = 1000;
const minuteMs = 60_000;
const hourMs = 3_600_000;

/** `30 s`, `5 min`, `1 h`; minutes only above 120 s. */
export const timeWords = (ms: number): string => {
  if (ms < secondMs) return `${ms} ms`;
  if (ms >= hourMs && ms % hourMs === 0) return `${ms / hourMs} h`;
  return ms > 2 * minuteMs && ms % minuteMs === 0 ? `${ms / minuteMs} min` : `${Number((ms / secondMs).toFixed(1))} s`;
};

/** `1–4000 s` */
export const rangeWords = ({ leastMs, mostMs }: NonNullable<TimeLimit["range"]>): string =>
  leastMs === undefined ? `up to ${timeWords(mostMs)}` : `${leastMs / secondMs}–${mostMs / secondMs} s`;

export const kindWords: Record<LimitKind, string> = {
  "first-byte-timeout": "first byte",
  "idle-timeout": "idle",
  "total-timeout": "total",
  "write-timeout": "write",
  "upload-timeout": "upload",
  "connect-timeout": "connect",
  unclassified: "idle or total",
};

export const formerlyWords = ({ ms, until }: NonNullable<TimeLimit["formerly"]>): string =>
  `${ms === null ? "none" : timeWords(ms)}${until === undefined ? " in earlier texts" : ` until ${until}`}`;

/** `otherLines`: how many other lines set the same for other routes. */
const setWords = (source: LimitSource, otherLines: number): string[] => {
  switch (source.from) {
    case "configuration": {
      const more = otherLines === 0 ? "" : ` and ${otherLines} more ${otherLines === 1 ? "line" : "lines"}`;
      return [`${source.directive} (${source.file}:${source.line}${more})`];
    }
    case "variant":
      return [`${source.directive}, as this variant has it`];
    case "default":
      return [`default of ${source.server}${source.setBy === null ? "" : ` (${source.setBy})`}`];
    case "platform":
      return source.setBy === null ? [] : [`default of ${source.setBy}`];
    case "measurement":
      return [];
  }
};

/** `nginx: default of nginx 1.26 (proxy_read_timeout)`. `as`: the kind for which it counts. */
export const settingWords = (limit: TimeLimit, as?: Limit, otherLines = 0): string => {
  const { hop, kind, source, scope, side, seenAs, range, formerly } = limit;
  const details = [
    ...setWords(source, otherLines),
    ...(kind === "unclassified" ? ["idle or total: the source does not say which"] : []),
    ...(as === "first-byte-timeout" && kind !== as ? ["silence before the first byte counts, too"] : []),
    ...(scope === undefined ? [] : [`for ${scope}`]),
    ...(side === undefined ? [] : ["of the client's connection"]),
    ...(range === undefined ? [] : [`can be ${rangeWords(range)}`]),
    ...(seenAs === undefined ? [] : [`reported as ${seenAs}`]),
    ...(formerly === undefined ? [] : [formerlyWords(formerly)]),
  ];
  return details.length === 0 ? hop : `${hop}: ${details.join("; ")}`;
};

const dateWords = (read: string | null): string => (read === null ? "date of reading not recorded" : `read ${read}`);

/** How it is known. `as`: the kind for which it counts. */
export const evidenceWords = ({ source, measured, kind }: TimeLimit, as?: Limit): string => {
  if (measured) {
    const what = as === "first-byte-timeout" && kind !== as ? "measured for silence within a response" : "measured";
    return `${what}${measured.ms === null ? "" : `: ${timeWords(measured.ms)}`} with ${measured.ran} (scenario ${measured.scenario}, ${measured.on})`;
  }
  switch (source.from) {
    case "configuration":
      return kind === "idle-timeout" || kind === "first-byte-timeout"
        ? "set, not measured: npx hopwise check measures it"
        : `set, not measured: ${source.page}`;
    case "variant":
      return `set, not measured: ${source.page}`;
    case "default":
      return `documented, not measured: ${source.page}`;
    case "platform":
      return `documented, not measured: ${source.pages[0] ?? "no page"} (${dateWords(source.read)})`;
    case "measurement":
      return "measured";
  }
};

/** `hops`: those with the shortest idle timeout. */
export const heartbeatSentences = ({ everyMs, idleMs, endsBeforeMs }: Heartbeat, hops: readonly string[]): string[] => {
  if (idleMs === null) return ["none is needed: no hop has a known idle timeout"];
  if (everyMs === null)
    return [`no heartbeat is frequent enough for an idle timeout of ${timeWords(idleMs)} (${hops.join(", ")}): set a longer one`];
  return [
    `at least every ${timeWords(everyMs)}: half of the shortest idle timeout (${timeWords(idleMs)}, ${hops.join(", ")}), so a heartbeat may be up to that late`,
    "a hop that buffers holds heartbeats, too: npx hopwise check shows whether one does",
    ...(endsBeforeMs === null ? [] : [`a total timeout ends every stream after ${timeWords(endsBeforeMs)}, before a heartbeat is needed`]),
  ];
};

/** What no heartbeat helps against, and what does. `isCertain`: traffic is known not to reset it. */
export const withoutHelp = (kind: Exclude<Limit, "idle-timeout">, time: string, isCertain: boolean): string => {
  switch (kind) {
    case "first-byte-timeout":
      return `first byte: send the header section and a first comment or record within ${time}, before the work begins`;
    case "total-timeout":
      return `total: every stream ${isCertain ? "ends" : "may end"} after ${time}; the client has to reconnect and resume before then`;
    case "write-timeout":
      return `write: a client that takes nothing for ${time} is cut`;
  }
};

/** `fly: no idle timeout unless http_options.idle_timeout is set (60 s until 2023-09)`. */
export const noneUnlessSet = ({ hop, kind, source, formerly }: TimeLimit): string => {
  const setBy = "setBy" in source ? source.setBy : null;
  return `${hop}: no ${kindWords[kind]} timeout${setBy === null ? "" : ` unless ${setBy} is set`}${formerly === undefined ? "" : ` (${formerlyWords(formerly)})`}`;
};

/** `upload 60 s, nginx (default)`, `connect 5 s, nginx: proxy_connect_timeout 5s`. */
export const besidesWords = (limit: TimeLimit, ms: number): string => {
  const { hop, kind, source } = limit;
  const set =
    source.from === "default" ? `${hop} (default)` : source.from === "configuration" ? `${hop}: ${source.directive}` : settingWords(limit);
  return `${kindWords[kind]} ${timeWords(ms)}, ${set}`;
};
