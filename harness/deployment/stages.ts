// A Dockerfile's stages, each from one FROM to the next. Pure.
import { AuthorError } from "../errors.ts";
import type { Place } from "../check/configuration.ts";
import type { Instruction } from "./dockerfile.ts";
import { at } from "./scope.ts";
import { assignmentsOf, unquoted } from "./words.ts";

export interface Stage {
  /** In small letters; null without AS. */
  name: string | null;
  /** An image, or an earlier stage's name. */
  image: string;
  place: Place;
  instructions: Instruction[];
  /** ARGs before the first FROM: known to a stage that declares them again. */
  globals: ReadonlyMap<string, string>;
}

/** Known to every FROM without being declared. */
const platforms: [string, string][] = [
  ["TARGETPLATFORM", "linux/amd64"],
  ["BUILDPLATFORM", "linux/amd64"],
  ["TARGETOS", "linux"],
  ["TARGETARCH", "amd64"],
  ["BUILDARCH", "amd64"],
];

export const splitStages = (instructions: readonly Instruction[], args: ReadonlyMap<string, string>, file: string): Stage[] => {
  const globals = new Map<string, string>(platforms);
  const stages: Stage[] = [];
  for (const instruction of instructions) {
    const stage = stages.at(-1);
    if (instruction.name === "FROM") stages.push(stageOf(instruction, globals));
    else if (stage) stage.instructions.push(instruction);
    else if (instruction.name === "ARG")
      for (const [key, value] of assignmentsOf(instruction.rest, (name) => globals.get(name))) {
        const given = args.get(key) ?? value;
        if (given !== null) globals.set(key, given);
      }
    else throw new AuthorError(`${at(instruction.place)}: ${instruction.name} is before the first FROM`);
  }
  if (stages.length === 0) throw new AuthorError(`${file} has no FROM, so that there is nothing to build`);
  return stages;
};

const stageOf = ({ rest, place }: Instruction, globals: ReadonlyMap<string, string>): Stage => {
  const [image = "", as, name] = rest.split(/\s+/);
  const filled = unquoted(image, (key) => globals.get(key));
  if (filled === "") throw new AuthorError(`${at(place)}: FROM ${image} names no image; an ARG before it may need a value`);
  return {
    name: as?.toLowerCase() === "as" && name !== undefined ? name.toLowerCase() : null,
    image: filled,
    place,
    instructions: [],
    globals,
  };
};
