// Sentences of every report without an engine. A prediction is worded as what may happen, never as what did.
import type { PredictedReport, PredictedRoute, Prediction, Risk } from "./predicted-report.ts";
import { placeOf } from "./check-words.ts";

export const headline = "No container engine answers: nothing was run. Predicted from the configuration, not proven:";

/** `GET http://app.example/events`. */
export const requestOf = ({ url }: PredictedRoute): string => `GET ${url}`;

const featureWords: Record<PredictedRoute["features"][number], string> = {
  upgrade: "upgrades to WebSocket",
  upload: "unbuffered uploads",
  brotli: "brotli",
};

/** The block, and what the route carries. */
export const purposeOf = ({ purpose }: PredictedReport, { title, at, features, upstreams }: PredictedRoute): string =>
  [
    `${title} (${placeOf(at)})`,
    `for ${[purpose, ...features.map((one) => featureWords[one])].join(", ")}`,
    `forwards to ${upstreams.join(", ") || "an address that depends on the request"}`,
  ].join(" · ");

/** `deploy/nginx.conf:10: proxy_buffering off is not set (default: on)`. */
export const subjectOf = ({ at, directive, absent, default: instead, with: partner }: Prediction): string =>
  [
    `${placeOf(at)}: ${directive}`,
    ...(absent ? [" is not set", ...(instead === null ? [] : [` (default: ${instead})`])] : []),
    ...(partner === null ? [] : [`, together with ${placeOf(partner.at)}: ${partner.directive}`]),
  ].join("");

const clause = (provided: readonly string[]): string => provided.join(" and ");

/** One sentence per risk, and their common condition last. */
export const sentencesOf = ({ risks, because }: Prediction): string[] => {
  const [first] = risks;
  const shared = risks.length > 1 ? (first?.provided ?? []).filter((one) => risks.every(({ provided }) => provided.includes(one))) : [];
  const sentence = ({ may, provided }: Risk): string => {
    const own = provided.filter((one) => !shared.includes(one));
    return `may ${may}${own.length === 0 ? "" : `, if ${clause(own)}`}`;
  };
  return [
    ...risks.map(sentence),
    ...(because === null ? [] : [`because it ${because}`]),
    ...(shared.length === 0 ? [] : [`only if ${clause(shared)}`]),
  ];
};

export const predictionsOn = ({ predicted }: PredictedReport, { id }: PredictedRoute): Prediction[] =>
  predicted.filter(({ route }) => route === id);

/** No pass: nothing ran. */
export const nothingKnown = "no known risk in the directives in effect here; this is not a pass";

/** The next steps. */
export const proofSteps = ({ notRun: { at, notDone } }: PredictedReport): string[] => [
  ...notDone,
  ...(at === null ? [] : [`DOCKER_HOST is ${at}, and no container engine answers there`]),
  "to prove this, start a container engine (Docker or Podman) and run the same command again: it runs nginx, confirms or clears each line, and tests each fix",
  "npm run prepare-engine installs and starts an engine on Debian, as root, in a clone of Hopwise",
  "npx hopwise doctor lists what is missing on this machine",
];

const plural = (count: number, word: string): string => `${count} ${word}${count === 1 ? "" : "s"}`;

/** `3 risks and 1 note predicted on 2 routes, 0 trials run`. */
export const countsOf = ({ predicted, routes }: PredictedReport): string => {
  const count = (wanted: Prediction["level"]): number => predicted.filter(({ level }) => level === wanted).length;
  return `${plural(count("risk"), "risk")}, ${plural(count("note"), "note")} predicted on ${plural(routes.length, "route")}, 0 trials run`;
};
