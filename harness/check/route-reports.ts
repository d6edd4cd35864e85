// What the report says of each route, and what a search changes in it. Pure, but for the reports that it changes in place.
import type { CheckRoute } from "../report/check-report.ts";
import type { Purpose } from "./checks.ts";
import type { Keeping, Route } from "./configuration.ts";
import type { CrowdFault } from "./crowd-faults.ts";
import { withoutFault } from "./findings.ts";
import { byIntent } from "./intent.ts";
import type { Intent } from "./intent.ts";
import { slowClientsOf } from "./slow-clients.ts";
import { limitsOf } from "./limits.ts";
import type { ObservedCheck } from "./observed.ts";
import { sentenceOf, unjudged } from "./rounds.ts";
import type { Fault } from "./search.ts";

export interface Observed {
  routes: CheckRoute[];
  /** By route. */
  results: Map<string, ObservedCheck[]>;
}

/** In place: removes a fault from its trial's report, and from what is derived of it. */
export const forget = (routes: readonly CheckRoute[], results: Observed["results"], about: About, fault: Fault): void => {
  const observed = results.get(fault.route.id) ?? [];
  for (const one of observed) if (one.check.id === fault.check.id) one.result = { ...one.result, report: withoutFault(one.result, fault) };
  reportAgain(routes, fault.route, observed, about);
};

/** In place: a limit that lets one stream through also explains a trial that was refused alone, since the trial opened several streams. */
export const leaveOpen = (
  routes: readonly CheckRoute[],
  results: Observed["results"],
  about: About,
  { route, measured }: CrowdFault,
): void => {
  const observed = results.get(route.id) ?? [];
  for (const one of observed) {
    const alone = one.crowded?.alone ?? null;
    if (alone === null || alone === "not-repeated") continue;
    one.result = unjudged(one.result, "inconclusive", `${sentenceOf(alone)} when it ran alone, too: ${measured}`);
  }
  reportAgain(routes, route, observed, about);
};

const reportAgain = (routes: readonly CheckRoute[], route: Route, observed: readonly ObservedCheck[], about: About): void => {
  const report = routes.find(({ id }) => id === route.id);
  if (report) Object.assign(report, routeReport(route, observed, about));
};

const reportedIntent = (intent: Intent): NonNullable<CheckRoute["intent"]> =>
  intent.kind === "inferred"
    ? { ...intent, signs: intent.signs.map(({ directive, place }) => ({ directive, at: lineOf(place) })) }
    : intent;

export const lineOf = ({ file, line, column }: { file: string; line: number; column: number }) => ({ file, line, column });

export const routeReports = (routes: readonly Route[], byRoute: Observed["results"], about: About): CheckRoute[] =>
  byIntent(routes, (route) => about(route).intent.kind).map((route) => routeReport(route, byRoute.get(route.id) ?? [], about));

export type About = (route: Route) => { purpose: Purpose; intent: Intent; keeps?: Keeping | null };

const routeReport = (route: Route, observed: readonly ObservedCheck[], about: About): CheckRoute => ({
  id: route.id,
  at: lineOf(route.place),
  title: route.title,
  url: urlOf(route),
  upstreams: route.upstreams,
  purpose: about(route).purpose,
  intent: reportedIntent(about(route).intent),
  checks: observed.map(({ check: one, result, crowded }) => ({
    check: one.id,
    ...(one.feature ? { feature: one.feature } : {}),
    scenario: result.report,
    ...(crowded && result.report.outcome !== "harness-fault" ? { alone: true as const } : {}),
  })),
  ...limitsOf(observed),
  ...slowClientsOf(observed, about(route).keeps ?? null),
});

export const urlOf = ({ tls, host, port, path, shownPath = path }: Route): string => {
  const usual = tls ? 443 : 80;
  return `${tls ? "https" : "http"}://${host}${port === usual ? "" : `:${port}`}${shownPath}`;
};
