// The first line of the summary: which routes stream, and what happens to the others. Pure.
import { unexplained, unjudged } from "./check-words.ts";
import { several } from "./check-group.ts";
import { notCheckedProxies } from "./check-proxies.ts";
import { probablySetMs } from "./probably-set.ts";
import type { CheckReport, CheckRoute, Finding, Level, Rule } from "./check-report.ts";

/** After "is" or "would be"; null: it is no fault of the route. */
const said: Record<Rule, string | null> = {
  buffered: "buffered",
  batched: "sent in batches",
  lagging: "sent late",
  delayed: "delayed",
  throttled: "throttled",
  held: "late to begin (header section held)",
  "truncated-silently": "whole to the client when it is cut",
  hung: "left hanging",
  "timed-out": "cut by a timeout",
  "error-response": "answered with an error",
  "no-response": "left without a response",
  malformed: "malformed",
  cached: "answered from a cache",
  collapsed: "shared with another client",
  retried: "requested twice",
  altered: "altered",
  "not-propagated": "kept running after its client has left",
  "propagated-late": "kept running after its client has left",
  reload: "cut by a reload",
  upgrade: "refused its upgrade",
  upload: "held on upload",
  refused: "refused when many run at once",
  "no-effect": null,
};

const order: readonly Level[] = ["error", "warning", "note"];

type Answer = Omit<CheckReport, "answer">;

/** A route that only has what is by itself a note streams. */
const isFault = ({ rule, level, loweredFrom = level }: Finding): boolean => said[rule] !== null && loweredFrom !== "note";

/** The worst of them first. */
const faultsOf = ({ findings }: Answer, { id }: CheckRoute): Finding[] =>
  findings
    .filter((one) => one.route === id && isFault(one))
    .toSorted((a, b) => order.indexOf(a.loweredFrom ?? a.level) - order.indexOf(b.loweredFrom ?? b.level));

const streams: Record<string, [one: string, many: string]> = {
  download: ["arrives whole", "arrive whole"],
  "long-polling": ["is answered", "are answered"],
};

/** The path alone where one host has all routes. */
const nameOf = ({ routes }: Answer, { url }: CheckRoute): string => {
  const { host } = new URL(url);
  const isAlone = new Set(routes.map((route) => new URL(route.url).host)).size === 1;
  // As it stands there: … in place of a signature would be encoded.
  return `${isAlone ? "" : host}${url.replace(/^\w+:\/\/[^/]*/, "")}`;
};

const clauseOf = (report: Answer, route: CheckRoute): ((names: string[]) => string) => {
  const [first] = faultsOf(report, route);
  if (first) {
    const words = said[first.rule] ?? "";
    if (route.intent?.kind === "unknown" || first.loweredFrom !== undefined) return () => `would be ${words}`;
    return (names) => `${names.length === 1 ? "is" : "are"} ${words}`;
  }
  if (unexplained(report).some((one) => one.route.id === route.id))
    return (names) => `${names.length === 1 ? "fails" : "fail"} a trial that no finding explains`;
  if (unjudged(report).some((one) => one.route.id === route.id)) return () => "could not be judged";
  const [one, many] = streams[route.purpose ?? report.purpose] ?? ["streams", "stream"];
  return (names) => (names.length === 1 ? one : many);
};

/** E.g. `/v1/chat/completions streams; /api/ would be buffered`. */
export const answerOf = (report: Answer): string => {
  const clauses = report.routes.map((route) => ({ name: nameOf(report, route), clause: clauseOf(report, route) }));
  const groups = Map.groupBy(clauses, ({ clause }) => clause(["one"]));
  const answers = [...groups.values()].map((all) => {
    const names = [...new Set(all.map(({ name }) => name))];
    return `${several(names)} ${all[0]?.clause(names) ?? ""}`;
  });
  return [...answers, ...unknownIn(report), ...excludedIn(report), ...notCheckedProxies(report)].join("; ");
};

/** Many reports blame the wrong hop: what was looked for here, and is not there. */
const excludedIn = (report: Answer): string[] => {
  const { routes, findings } = report;
  if (report.interrupted || findings.some(isFault) || unjudged(report).length > 0 || unexplained(report).length > 0) return [];
  const waits = routes.flatMap(({ limits, noLimits = [] }) => [
    ...limits.map((limit) => Math.round(probablySetMs(limit) / 1000)),
    ...noLimits.map(({ atLeastMs }) => Math.round(atLeastMs / 1000)),
  ]);
  const cuts = waits.length === 0 ? "cuts" : `cuts before ${Math.min(...waits)} s`;
  return [`nothing in this configuration holds, ${cuts}, caches or alters ${routes.length === 1 ? "this stream" : "these streams"}`];
};

const unknownIn = ({ routes, findings }: Answer): string[] => {
  if (!routes.some(({ intent }) => intent?.kind === "inferred")) return [];
  const unknown = routes.filter(({ id, intent }) => intent?.kind === "unknown" && findings.some((one) => one.route === id && isFault(one)));
  const count = findings.filter((one) => isFault(one) && unknown.some(({ id }) => id === one.route)).length;
  if (count === 0) return [];
  const where =
    unknown.length === 1 ? "a route that may not be meant to stream: name it" : "routes that may not be meant to stream: name them";
  return [`${count} ${count === 1 ? "finding" : "findings"} on ${where} (--path, or hopwise.yaml)`];
};
