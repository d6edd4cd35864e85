// Checks a scenario file.
import type { Scenario } from "../define.ts";
import { AuthorError } from "../errors.ts";
import { scenarioSchema } from "./scenario-schema.ts";
import { faultFinder } from "./schema-faults.ts";
import { noLines, placeIn } from "./source.ts";
import type { LineOf, Path } from "./source.ts";
import { definitionOf, kindsThat } from "../trials/index.ts";

/** Without any requirement or expectation, nothing would be checked. */
const isEmpty = (expectation: object): boolean => Object.values(expectation).every((word) => word === undefined);

const faultOf = faultFinder(scenarioSchema, "the scenario");

/** Returns the scenario, or throws an AuthorError with file, line, what is there and what is allowed. */
export const checkScenario = (given: unknown, file: string, lineOf: LineOf = noLines): Scenario => {
  const refuse = (path: Path, sentence: string): AuthorError => new AuthorError(`${placeIn({ file, lineOf }, path)}: ${sentence}`);
  const fault = faultOf(given);
  if (fault) throw refuse(fault.path, fault.sentence);
  const value = given as Scenario;
  if ("must" in value === "does" in value)
    throw refuse(["does"], "a scenario needs either `must` (requirements) or `does` (known behavior), not both or neither");
  if ("must" in value ? isEmpty(value.must) : isEmpty(value.does)) {
    const side = "must" in value ? "must" : "does";
    throw refuse([side], `${side} is empty, so nothing would be checked; name at least one of ${wordsOf(side).join(", ")}`);
  }
  if (value.timeScale !== undefined && !definitionOf(value.trial).waitMs)
    throw refuse(
      ["timeScale"],
      `timeScale applies to trials that wait for a timeout (${kindsThat(({ waitMs }) => waitMs).join(", ")}), not to ${value.trial.kind}`,
    );
  if ("does" in value && value.because === undefined) throw refuse(["does"], "a characterization needs a link in `because`");
  return value;
};

const wordsOf = (side: "must" | "does"): string[] =>
  Object.keys((scenarioSchema.properties[side] as { properties: Record<string, unknown> }).properties);
