// can-i-stream.json: the measured answers for programs that read them, e.g. linters, bots and documentation. Pure.
import type { FacetName } from "../harness/model/verdict.ts";
import { questions } from "./_questions.ts";
import type { Question } from "./_questions.ts";
import type { Result, Shown } from "./_results.ts";
import type { Asks } from "./_summary.ts";
import { byName } from "./_table.ts";

/** yes: everything measured was good. no: something was not. */
export type Answer = "yes" | "no";

export interface CanIStream {
  schema: "hopwise.can-i-stream/1";
  /** The first and the last day of the measurements. */
  measured: { from: string; to: string };
  /** What is asked of each server in its default configuration. */
  questions: Record<string, { title: string; facet: FacetName }>;
  servers: ServerAnswers[];
}

export interface ServerAnswers {
  id: string;
  kind: "server" | "middleware";
  version: string;
  /** The version of Node, where it runs in it. */
  node: string | null;
  runtime: "process" | "container";
  measuredOn: string;
  /** By question; what was not measured is absent. */
  answers: Record<string, { answer: Answer; scenario: string; verdict: string }>;
  /** Everything that was measured. */
  measurements: Measurement[];
}

export interface Measurement {
  scenario: string;
  /** The configuration, by its name in the catalog. */
  variant: string;
  facet: FacetName;
  verdict: string;
  /** The hop that did it; null: nothing is wrong. */
  culprit: string | null;
  /** Timeouts that were found, in milliseconds. */
  limits: { kind: string; ms: number }[];
  /** By what clients speak, where several were tried: the verdict for each. */
  clients?: Shown["clients"];
  /** What the culprit held, in bytes times seconds. Absent: nothing, or not known. */
  heldByteSeconds?: number;
}

const all = Object.keys(questions) as Question[];

/** Default configurations only: a variant is chosen because of what it does. */
export const answersOf = ({ scenarios }: Result, asks: Asks): ServerAnswers["answers"] =>
  Object.fromEntries(
    all.flatMap((question) => {
      const { good, facet } = questions[question];
      const asked = scenarios.filter((one) => one.variant === "default" && asks.get(one.id) === question && one.facet === facet);
      const bad = asked.find(({ word }) => !(good as readonly string[]).includes(word));
      const shown = bad ?? asked[0];
      return shown ? [[question, { answer: bad ? ("no" as const) : ("yes" as const), scenario: shown.id, verdict: shown.word }]] : [];
    }),
  );

const measurementOf = ({ id, variant, facet, word, culprit, limits, clients, heldByteSeconds }: Shown): Measurement => ({
  scenario: id,
  variant,
  facet,
  verdict: word,
  culprit,
  limits,
  ...(clients === undefined ? {} : { clients }),
  ...(heldByteSeconds === undefined ? {} : { heldByteSeconds }),
});

export const canIStream = (results: readonly Result[], asks: Asks): CanIStream => {
  const days = results.flatMap(({ measuredOn, scenarios }) => [measuredOn, ...scenarios.flatMap((one) => one.measuredOn ?? [])]).toSorted();
  return {
    schema: "hopwise.can-i-stream/1",
    measured: { from: days[0] ?? "", to: days.at(-1) ?? "" },
    questions: Object.fromEntries(
      all.map((question) => [question, { title: questions[question].title, facet: questions[question].facet }]),
    ),
    servers: results
      .toSorted((a, b) => Number(a.node !== null) - Number(b.node !== null) || byName(a, b))
      .map((result) => ({
        id: result.server,
        kind: result.kind,
        version: result.version,
        node: result.node,
        runtime: result.runtime,
        measuredOn: result.measuredOn,
        answers: answersOf(result, asks),
        measurements: result.scenarios.map(measurementOf),
      })),
  };
};
