// Timeouts of up to two minutes that what must be survived is shorter than: no fault, and named all the same, since most streams are silent
// for longer at some time. Pure.
import type { Finding } from "../report/check-report.ts";
import { limitSentence } from "../report/check-limits.ts";
import { heartbeatWords } from "../report/heartbeat.ts";
import type { CheckRoute } from "../report/check-report.ts";
import { waitOf } from "./checks.ts";
import type { Check } from "./checks.ts";
import type { Route, Suspect, Symptom } from "./configuration.ts";
import type { CheckedConfig } from "./server.ts";

const noticedMs = 120_000;

type Limit = CheckRoute["limits"][number];

/** `found`: what was reported of the route already. */
export const survivedOn = (
  config: CheckedConfig,
  route: Route,
  { limits }: Pick<CheckRoute, "limits">,
  checks: readonly Check[],
  found: readonly Finding[],
): Finding[] => {
  if (found.some((one) => one.route === route.id && one.rule === "timed-out")) return [];
  const noticed = limits.filter(({ ms }) => ms <= noticedMs);
  const placed = noticed.map((limit) => ({ limit, suspect: suspectOf(config, route, limit) }));
  const byLine = Map.groupBy(placed, ({ suspect }) => suspect?.id ?? "");
  return [...byLine.values()].map((all) => findingOf(route, all, checks));
};

/** By its value alone, without an experiment: the line that is known to set such a timeout. */
const suspectOf = (config: CheckedConfig, route: Route, { kind, ms, uncertaintyMs, hop }: Limit): Suspect | null => {
  const member = kind === "first-byte-timeout" ? "error-response" : "truncated-visibly";
  const limitMs = Math.max(1.1 * ms, ms + uncertaintyMs);
  const asked = { acceptEncoding: null, cacheControl: null, contentType: "" };
  const symptom: Symptom = {
    facet: "ending",
    member,
    cause: kind,
    limitMs,
    uncertaintyMs,
    ...asked,
    ...(hop === undefined ? {} : { hop }),
  };
  return config.suspects(route, symptom).find(({ known }) => known !== undefined) ?? null;
};

const checkOf = (checks: readonly Check[], { kind }: Limit): string =>
  checks.find(({ trial }) => waitOf({ trial }) !== null && (trial.kind === "first-byte-wait") === (kind === "first-byte-timeout"))?.id ??
  "silence";

const findingOf = (route: Route, all: readonly { limit: Limit; suspect: Suspect | null }[], checks: readonly Check[]): Finding => {
  const [{ limit, suspect }] = all as [(typeof all)[number]];
  const { file, line, column } = suspect?.place ?? route.place;
  const measured = all.map((one) => `${limitSentence(one.limit)}${heartbeatWords(one.limit)}`).join("; ");
  const evidence = suspect ? `${measured}; the line was identified by its value; removing it was not tried` : measured;
  const others = all.slice(1).map((one) => checkOf(checks, one.limit));
  return {
    id: `timed-out:${route.id}:${checkOf(checks, limit)}`,
    rule: "timed-out",
    level: "note",
    route: route.id,
    check: checkOf(checks, limit),
    ...(others.length > 0 ? { alsoIn: others } : {}),
    says: suspect ? `${suspect.directive} ${suspect.says}` : evidence,
    at: { file, line, column },
    culprit: null,
    unproven: null,
    evidence,
    conditions: [],
    fix: null,
  };
};
