// What the instructions of a Dockerfile do to its image.
import { AuthorError } from "../errors.ts";
import type { Place } from "../check/configuration.ts";
import type { Matches } from "./glob.ts";
import { copyLine } from "./copy.ts";
import type { Instruction } from "./dockerfile.ts";
import type { Going, BuildState } from "./build-state.ts";
import { runLine } from "./run-line.ts";
import { at } from "./scope.ts";
import type { Stage } from "./stages.ts";
import { containerPath } from "./container-files.ts";
import { assignmentsOf, jsonForm, unquoted, wordsOf } from "./words.ts";
import { located } from "./build-plan.ts";
import type { BuildPlan, Built } from "./build-plan.ts";

interface Line {
  plan: BuildPlan;
  going: Going;
  args: Map<string, string>;
  built: Built;
  evaluated: BuildState;
  ignores: Matches;
}

export const evaluateLine = async (instruction: Instruction, stage: Stage, line: Line): Promise<void> => {
  try {
    await evaluateInstruction(instruction, stage, line);
  } catch (cause) {
    throw located(cause, at(instruction.place));
  }
};

const evaluateInstruction = async (instruction: Instruction, stage: Stage, line: Line): Promise<void> => {
  const { going, built, args, evaluated } = line;
  const { name, rest, place } = instruction;
  switch (name) {
    case "ARG":
      for (const [key, value] of assignmentsOf(rest, going.lookup)) {
        const given = line.plan.args.get(key) ?? value ?? stage.globals.get(key);
        if (given !== undefined) setVariable(args, key, given, place);
      }
      return;
    case "ENV":
      for (const [key, value] of assignmentsOf(rest, going.lookup)) if (value !== null) setVariable(built.environment, key, value, place);
      return;
    case "WORKDIR":
      going.workdir = containerPath(unquoted(rest, going.lookup), going.workdir);
      return;
    case "COPY":
    case "ADD":
      await copyLine(instruction, { context: line.plan.context, going, built: evaluated, ignores: line.ignores });
      return;
    case "RUN": {
      const layout = runLine(instruction, going, evaluated, built.templates);
      if (layout && built.image !== null && !evaluated.packaging.isImage(built.image)) Object.assign(built, { layout, image: null });
      return;
    }
    case "SHELL":
      going.shell = jsonForm(rest) ?? going.shell;
      return;
    case "CMD":
      built.command = jsonForm(rest) ?? [...going.shell, rest];
      return;
    case "ENTRYPOINT":
      built.entryPoint = jsonForm(rest) ?? [...going.shell, rest];
      built.command = null;
      return;
    case "USER":
      built.user = { name: unquoted(rest, going.lookup), place };
      return;
    case "EXPOSE":
      built.ports.push(...exposed(wordsOf(rest, going.lookup)));
      return;
    case "VOLUME":
      for (const target of jsonForm(rest) ?? wordsOf(rest, going.lookup))
        evaluated.container.addFolder(containerPath(target, going.workdir), place);
      return;
    default:
  }
};

export const exposed = (words: readonly string[]): number[] =>
  words.map((word) => Number(/^\d+/.exec(word)?.[0] ?? Number.NaN)).filter((port) => port > 0 && port < 65_536);

/** Variables that name variables multiply. */
const mostVariables = 1000;
const longestVariable = 32_768;

const setVariable = (variables: Map<string, string>, name: string, value: string, place: Place): void => {
  if (value.length > longestVariable || variables.size >= mostVariables)
    throw new AuthorError(
      `${at(place)}: ${name.slice(0, 50)} is one variable of more than ${mostVariables}, or longer than ${longestVariable} characters`,
    );
  variables.set(name, value);
};
