// What is known of a configuration before anything has run: for each trial's hypothetical symptoms, the suspects that are known to cause
// them by themselves, and a fix that a run would try. Pure.
import type { Prediction, Risk } from "../report/predicted-report.ts";
import { AuthorError } from "../errors.ts";
import { isFor } from "./checks.ts";
import type { Check } from "./checks.ts";
import type { ApplicationFix, Deployment, Edit, NoEffectCandidate, Known, Place, Fix, Route, Suspect } from "./configuration.ts";
import { diffOf } from "./fix.ts";
import { applyEdits } from "./edits.ts";
import { hypothesesOf } from "./hypotheses.ts";
import type { Hypothesis } from "./hypotheses.ts";
import type { CheckedConfig } from "./server.ts";
import { routeVia, withoutUntestable, withProtocols } from "./protocols.ts";
import { isConfigurationFix } from "./search.ts";

/** One trial in which one suspect may show. */
interface Showing {
  check: Check;
  hypothesis: Hypothesis;
  suspect: Suspect;
  known: Known;
}

export const predict = (config: CheckedConfig, checks: readonly Check[]): Prediction[] => {
  const lines = new Set<string>();
  return config.routes.flatMap((route) => {
    const showings = checksFor(config, route, checks).flatMap((check) => showingsIn(config, route, check));
    const risks = [...Map.groupBy(showings, ({ suspect }) => keyOf(suspect)).values()].map((all) => predictionOf(config, route, all));
    const notes = config.noEffectCandidates(route).flatMap((fix) => {
      const key = keyOf(fix);
      // A line that several routes share is named once.
      if (fix.because === undefined || lines.has(key)) return [];
      lines.add(key);
      return [noteOf(config.deployment, route, fix, fix.because)];
    });
    return [...risks, ...notes].toSorted((a, b) => Number(a.level === "note") - Number(b.level === "note"));
  });
};

/** The trials that a run would put this route through. */
export const checksFor = (config: CheckedConfig, route: Route, checks: readonly Check[]): Check[] => {
  const features = config.features(route);
  return withProtocols(route, withoutUntestable(route, config.deployment.upstreams, checks)).filter((one) => isFor(one, features));
};

const keyOf = ({ place, directive }: { place: Place; directive: string }): string => JSON.stringify([place.file, place.start, directive]);

const showingsIn = (config: CheckedConfig, route: Route, check: Check): Showing[] =>
  hypothesesOf(check).flatMap((hypothesis) =>
    config
      .suspects(routeVia(route, check), hypothesis.symptom)
      .flatMap((suspect) => (suspect.known ? [{ check, hypothesis, suspect, known: suspect.known }] : [])),
  );

const predictionOf = (config: CheckedConfig, route: Route, all: readonly Showing[]): Prediction => {
  const [first] = all as [Showing, ...Showing[]];
  const worst = all.filter(({ hypothesis }) => hypothesis.level === "risk");
  const shown = worst.length > 0 ? worst : all;
  const { suspect, known } = first;
  return {
    id: `predicted:${route.id}:${suspect.id}`,
    level: worst.length > 0 ? "risk" : "note",
    route: route.id,
    ...lineOf(config.deployment, suspect.place),
    directive: suspect.directive,
    absent: suspect.absent,
    default: known.instead ?? null,
    because: known.because ?? null,
    with: suspect.with ? { at: placeOf(suspect.with.place), directive: suspect.with.directive } : null,
    risks: risksOf(shown),
    fix: worst.length > 0 ? fixOf(config, route, shown) : null,
    link: suspect.link,
  };
};

/** The same sentence of several trials is one. */
const risksOf = (all: readonly Showing[]): Risk[] =>
  [...Map.groupBy(all, ({ hypothesis: { rule, may } }) => JSON.stringify([rule, may])).values()].flatMap((alike) => {
    const [first] = alike;
    if (!first) return [];
    const { rule, may } = first.hypothesis;
    return [{ rule, may, trials: [...new Set(alike.map(({ check }) => check.id))], provided: providedIn(alike) }];
  });

const providedIn = (alike: readonly Showing[]): string[] => {
  const codings = new Set(alike.map(({ hypothesis }) => hypothesis.symptom.acceptEncoding));
  const [coding] = codings;
  return [
    ...(codings.size === 1 && coding ? [`the client sends Accept-Encoding: ${coding}`] : []),
    ...new Set(alike.flatMap(({ known }) => known.provided)),
  ];
};

/** A change of the directive itself, else of what makes it harmful; of several, the server's first one. */
const fixOf = (config: CheckedConfig, route: Route, all: readonly Showing[]): Prediction["fix"] => {
  const fixes = all.flatMap(({ check, hypothesis, known: { name } }) =>
    config
      .fixes(routeVia(route, check), hypothesis.symptom)
      .filter(isAgainst(name))
      .map((fix) => ({ fix, isItself: fix.id === name })),
  );
  const best = fixes.find(({ isItself }) => isItself) ?? fixes[0];
  if (!best) return null;
  const { title, edits, cost, link } = best.fix;
  const diff = diffWith(config.deployment, edits);
  return diff === null ? null : { title, diff, cost, link };
};

/** Null: the file is not UTF-8, and cannot be edited without changing other bytes of it. */
const diffWith = ({ files }: Deployment, edits: Edit[]): string | null => {
  try {
    return diffOf(files, applyEdits(files, edits));
  } catch (error) {
    if (error instanceof AuthorError) return null;
    throw error;
  }
};

const isAgainst =
  (name: string) =>
  (one: Fix | ApplicationFix): one is Fix =>
    isConfigurationFix(one) && one.against.includes(name);

const noteOf = (
  deployment: Deployment,
  route: Route,
  { id, place, directive, belief, link }: NoEffectCandidate,
  because: string,
): Prediction => ({
  id: `predicted:${route.id}:no-effect:${id}`,
  level: "note",
  route: route.id,
  ...lineOf(deployment, place),
  directive,
  absent: false,
  default: null,
  because: null,
  with: null,
  risks: [{ rule: "no-effect", may: `have no effect here, though it is believed to ${belief}: ${because}`, trials: [], provided: [] }],
  fix: null,
  link,
});

const lineOf = ({ files }: Deployment, place: Place): Pick<Prediction, "at" | "quote"> => {
  const text = files.find(({ path }) => path === place.file)?.text?.split(/\r?\n/)[place.line - 1];
  return { at: placeOf(place), ...(text === undefined ? {} : { quote: text }) };
};

const placeOf = ({ file, line, column }: Place): Prediction["at"] => ({ file, line, column });
