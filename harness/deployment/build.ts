// Evaluates a Dockerfile as far as files go: COPY, ADD and ENV of its final stage, and what is recognized of RUN. Nothing is executed.
import { posix } from "node:path";
import { AuthorError } from "../errors.ts";
import type { Place } from "../check/configuration.ts";
import type { Matches } from "./glob.ts";
import { parseDockerfile } from "./dockerfile.ts";
import type { Folder } from "./folder.ts";
import { readIgnore } from "./patterns.ts";
import type { Going, BuildState } from "./build-state.ts";
import { at } from "./scope.ts";
import { splitStages } from "./stages.ts";
import type { Stage } from "./stages.ts";
import { readText } from "./text-file.ts";
import { evaluateLine } from "./build-instructions.ts";
import { located } from "./build-plan.ts";
import type { BuildPlan, Built } from "./build-plan.ts";

export interface ParsedBuild {
  stages: Stage[];
  /** From the base to the final one. */
  chain: Stage[];
  image: string;
  imagePlace: Place;
  /** As the user would name it. */
  file: string;
}

export const parseBuild = async (plan: BuildPlan, folder: Folder): Promise<ParsedBuild> => {
  const { text, file } = await textOfPlan(plan, folder);
  try {
    const stages = splitStages(parseDockerfile(text, file), plan.args, file);
    const { chain, image, place } = chainTo(stages, plan.target, plan.place);
    return { stages, chain, image, imagePlace: place, file };
  } catch (cause) {
    throw located(cause, file);
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
  if (!last) throw new AuthorError(`${at(place)}: the build's target "${target}" is not a stage of its Dockerfile`);
  const chain = [last];
  for (;;) {
    const [first] = chain as [Stage];
    const base = stages.slice(0, stages.indexOf(first)).findLast(({ name }) => name !== null && name === first.image.toLowerCase());
    if (!base) return { chain, image: first.image, place: first.place };
    chain.unshift(base);
  }
};

export const evaluateBuild = async (plan: BuildPlan, parsed: ParsedBuild, evaluated: BuildState): Promise<Built> => {
  const built: Built = {
    image: parsed.image,
    imagePlace: parsed.imagePlace,
    layout: evaluated.packaging.layoutOf(parsed.image),
    environment: new Map(),
    entryPoint: null,
    command: null,
    ports: [],
    templates: [],
    workdir: "/",
    user: null,
    read: [parsed.file],
  };
  const args = new Map<string, string>();
  const going: Going = {
    workdir: "/",
    environment: built.environment,
    lookup: (name) => built.environment.get(name) ?? args.get(name),
    shell: ["/bin/sh", "-c"],
  };
  const ignores = await ignoresOf(plan, parsed.file, evaluated.folder);
  const line = { plan, going, args, built, evaluated, ignores };
  for (const stage of parsed.chain) for (const instruction of stage.instructions) await evaluateLine(instruction, stage, line);
  built.workdir = going.workdir;
  return built;
};

/** The Dockerfile's own wins over the context's. */
const ignoresOf = async ({ context, dockerfile, place }: BuildPlan, file: string, folder: Folder): Promise<Matches> => {
  const asks = `${at(place)} builds with`;
  const own = "path" in dockerfile ? await readText(folder, `${file}.dockerignore`, asks) : null;
  return readIgnore(own ?? (await readText(folder, posix.join(context, ".dockerignore"), asks)) ?? "");
};
