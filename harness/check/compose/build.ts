// Plays a Dockerfile as far as files go: its final stage's COPY, ADD and ENV are done, of RUN what is recognised. Nothing is executed.
import { posix } from "node:path";
import { AuthorError } from "../../runtime/runtime.ts";
import type { Place } from "../configuration.ts";
import { copyLine } from "./copy.ts";
import { parseDockerfile } from "./dockerfile.ts";
import type { Instruction } from "./dockerfile.ts";
import type { Folder } from "./folder.ts";
import { isNginxImage, layoutOfImage } from "./image.ts";
import { readIgnore } from "./patterns.ts";
import type { Matches } from "./patterns.ts";
import type { Going, Stageplay } from "./play.ts";
import { runLine } from "./run-line.ts";
import { at } from "./scope.ts";
import { splitStages } from "./stages.ts";
import type { Stage } from "./stages.ts";
import type { Layout, Template } from "./subject.ts";
import { SubstitutionProblem } from "./substitute.ts";
import { readText } from "./text-file.ts";
import { containerPath } from "./container-files.ts";
import { assignmentsOf, jsonForm, unquoted, wordsOf } from "./words.ts";

/** `build:` of a service. */
export interface BuildPlan {
  place: Place;
  /** In the user's words, e.g. `deploy/nginx`. */
  context: string;
  /** Its path in the user's words, or its text where it stands in the compose file. */
  dockerfile: { path: string } | { text: string; place: Place };
  args: ReadonlyMap<string, string>;
  target: string | null;
}

export interface ParsedBuild {
  stages: Stage[];
  /** From the base to the final one. */
  chain: Stage[];
  image: string;
  imagePlace: Place;
  /** As the user would name it. */
  file: string;
}

export interface Built {
  /** Null: nginx is installed into some other image. */
  image: string | null;
  imagePlace: Place;
  layout: Layout;
  environment: Map<string, string>;
  entryPoint: string[] | null;
  command: string[] | null;
  ports: number[];
  templates: Template[];
  /** Where what it starts is started. */
  workdir: string;
  read: string[];
}

export const parseBuild = async (plan: BuildPlan, folder: Folder): Promise<ParsedBuild> => {
  const { text, file } = await textOfPlan(plan, folder);
  try {
    const stages = splitStages(parseDockerfile(text, file), plan.args, file);
    const { chain, image, place } = chainTo(stages, plan.target, plan.place);
    return { stages, chain, image, imagePlace: place, file };
  } catch (cause) {
    throw told(cause, file);
  }
};

const textOfPlan = async ({ dockerfile, place }: BuildPlan, folder: Folder): Promise<{ text: string; file: string }> => {
  if ("text" in dockerfile) return { text: dockerfile.text, file: `${dockerfile.place.file}#dockerfile_inline` };
  const text = await readText(folder, dockerfile.path, `${at(place)} builds from`);
  if (text === null) throw new AuthorError(`${at(place)} builds from ${dockerfile.path}, and there is no such file`);
  return { text, file: dockerfile.path };
};

const chainTo = (stages: Stage[], target: string | null, place: Place): { chain: Stage[]; image: string; place: Place } => {
  const last = target === null ? stages.at(-1) : (stages.find(({ name }) => name === target.toLowerCase()) ?? stages[Number(target)]);
  if (!last) throw new AuthorError(`${at(place)}: the build's target "${target}" is no stage of its Dockerfile`);
  const chain = [last];
  for (;;) {
    const [first] = chain as [Stage];
    const base = stages.slice(0, stages.indexOf(first)).findLast(({ name }) => name !== null && name === first.image.toLowerCase());
    if (!base) return { chain, image: first.image, place: first.place };
    chain.unshift(base);
  }
};

const told = (cause: unknown, where: string): unknown =>
  cause instanceof SubstitutionProblem ? new AuthorError(`${where}: this ${cause.message}`, { cause }) : cause;

export const playBuild = async (plan: BuildPlan, parsed: ParsedBuild, play: Stageplay): Promise<Built> => {
  const built: Built = {
    image: parsed.image,
    imagePlace: parsed.imagePlace,
    layout: layoutOfImage(parsed.image),
    environment: new Map(),
    entryPoint: null,
    command: null,
    ports: [],
    templates: [],
    workdir: "/",
    read: [parsed.file],
  };
  const args = new Map<string, string>();
  const going: Going = {
    workdir: "/",
    environment: built.environment,
    lookup: (name) => built.environment.get(name) ?? args.get(name),
    shell: ["/bin/sh", "-c"],
  };
  const ignores = await ignoresOf(plan, parsed.file, play.folder);
  const line = { plan, going, args, built, play, ignores };
  for (const stage of parsed.chain) for (const instruction of stage.instructions) await playLine(instruction, stage, line);
  built.workdir = going.workdir;
  return built;
};

interface Line {
  plan: BuildPlan;
  going: Going;
  args: Map<string, string>;
  built: Built;
  play: Stageplay;
  ignores: Matches;
}

const playLine = async (instruction: Instruction, stage: Stage, line: Line): Promise<void> => {
  try {
    await playInstruction(instruction, stage, line);
  } catch (cause) {
    throw told(cause, at(instruction.place));
  }
};

const playInstruction = async (instruction: Instruction, stage: Stage, line: Line): Promise<void> => {
  const { going, built, args, play } = line;
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
      await copyLine(instruction, { context: line.plan.context, going, play, ignores: line.ignores });
      return;
    case "RUN": {
      const layout = runLine(instruction, going, play, built.templates);
      if (layout && !isNginxImage(built.image ?? "nginx")) Object.assign(built, { layout, image: null });
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
    case "EXPOSE":
      built.ports.push(...exposed(wordsOf(rest, going.lookup)));
      return;
    case "VOLUME":
      for (const target of jsonForm(rest) ?? wordsOf(rest, going.lookup))
        play.container.addFolder(containerPath(target, going.workdir), place);
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

/** The Dockerfile's own wins over the context's. */
const ignoresOf = async ({ context, dockerfile, place }: BuildPlan, file: string, folder: Folder): Promise<Matches> => {
  const asks = `${at(place)} builds with`;
  const own = "path" in dockerfile ? await readText(folder, `${file}.dockerignore`, asks) : null;
  return readIgnore(own ?? (await readText(folder, posix.join(context, ".dockerignore"), asks)) ?? "");
};
