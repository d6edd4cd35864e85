// The matrix: one line per server and version in its default configuration, one symbol per question. Pure.
import { questions } from "./_questions.ts";
import type { Question } from "./_questions.ts";
import type { Result, Shown } from "./_results.ts";
import { byName, nameOf } from "./_table.ts";

const all = Object.keys(questions) as Question[];

/** The question of a scenario, by its id. */
export type Asks = ReadonlyMap<string, Question | null>;

interface Row {
  result: Result;
  answers: Map<Question, Shown[]>;
}

export const summary = (results: readonly Result[], asks: Asks): string => {
  const rows = results
    .filter((result) => onNewestNode(result, results))
    .map((result) => ({ result, answers: answersOf(result, asks) }))
    .filter(({ answers }) => answers.size > 0)
    .toSorted((a, b) => Number(a.result.node !== null) - Number(b.result.node !== null) || byName(a.result, b.result));
  return [
    `| default configuration | ${all.map((question) => questions[question].title).join(" | ")} |`,
    `|---|${all.map(() => ":-:").join("|")}|`,
    ...rows.map((row) => `| ${nameOf(row.result)} | ${all.map((question) => cellOf(row, question)).join(" | ")} |`),
  ].join("\n");
};

const onNewestNode = ({ server, version, node }: Result, results: readonly Result[]): boolean =>
  results.every((other) => other.server !== server || other.version !== version || majorOf(other.node) <= majorOf(node));

const majorOf = (node: string | null): number => Number(node?.split(".")[0] ?? 0);

const answersOf = ({ scenarios }: Result, asks: Asks): Row["answers"] => {
  const answers: Row["answers"] = new Map();
  for (const shown of scenarios) {
    const question = asks.get(shown.id);
    if (shown.variant !== "default" || !question || questions[question].facet !== shown.facet) continue;
    answers.set(question, [...(answers.get(question) ?? []), shown]);
  }
  return answers;
};

/** One bad answer is enough: a server that holds one kind of stream, or hides one kind of cut, gets ✗. */
const cellOf = ({ answers }: Row, question: Question): string => {
  const shown = answers.get(question);
  if (!shown) return "–";
  const { good } = questions[question];
  const bad = shown.find(({ word }) => !(good as readonly string[]).includes(word));
  const symbol = bad ? "✗" : "✓";
  const id = (bad ?? shown[0])?.id;
  return `[${symbol}${bad ? ` ${bad.word}` : ""}](../scenarios/${id}.ts)`;
};
