// A real application at the start of a chain: it is started like a server of the catalog that has a binary of its own, with the lab as its
// upstream, which it asks for its records.
import { readdirSync, readFileSync } from "node:fs";
import { extname, join, relative } from "node:path";
import type { ApplicationOrigin, ApplicationVariant, BinaryServer, Render, Scenario, Trial } from "../define.ts";
import { AuthorError } from "../errors.ts";
import type { ServerPlan } from "../runtime/runtime.ts";
import type { AskedVersion } from "../catalog/versions.ts";
import { definitionOf } from "../trials/index.ts";

/** What the rest of a run needs to know of the application that asks for its records. */
export interface Fed {
  hop: string;
  /** What a client asks for where the scenario names nothing else. */
  path: string;
  /** So many requests at a time. */
  concurrency: number;
}

export interface Chosen {
  id: string;
  /** Of its definition. */
  file: string;
  variant: string;
  settings: ApplicationVariant;
  version: AskedVersion | null;
}

export const planApplication = (definition: ApplicationOrigin, chosen: Chosen, trial: Trial): { plan: ServerPlan; fed: Fed } => {
  const { id, variant, settings, version } = chosen;
  return {
    plan: { kind: "binary", hop: id, definition: asServer(definition, chosen), variant, settings, image: null, version },
    fed: {
      hop: id,
      path: (setsHead(trial) ? definition.scriptedHead : null) ?? definition.path,
      concurrency: settings.concurrency ?? Infinity,
    },
  };
};

/** Its programs are found on the PATH, and one of them prints what is installed. */
const asServer = (definition: ApplicationOrigin, { id, file, settings }: Chosen): BinaryServer => {
  const { title, link, debian, versions, clock, readiness, command, environment, files } = definition;
  const sources = sourcesOf(file);
  const { command: asks, pattern } = definition.version(settings.options ?? {});
  return {
    kind: "binary",
    name: id,
    title,
    link,
    debian,
    ...(versions ? { versions } : {}),
    ...(clock ? { clock } : {}),
    ...(settings.reload ? { reload: settings.reload } : {}),
    image: "",
    clients: ["h1"],
    // One program stands for all of them; `env` finds each, whichever of them a variant starts.
    binary: "env",
    version: { args: asks, pattern },
    isProvenByVersion: true,
    readiness,
    environment: (render) => ({
      HOPWISE_LAB: `${render.upstream.origin}/hopwise`,
      PORT: String(render.listenPort),
      PYTHONDONTWRITEBYTECODE: "1",
      PYTHONUNBUFFERED: "1",
      ...environment?.(render),
    }),
    files: (render: Render) => ({ ...sources, ...files?.(render) }),
    args: command,
    variants: definition.variants,
  };
};

/** Of `origins/django.ts`: what is in `origins/django/`. */
const sourcesOf = (file: string): Record<string, string> => {
  const folder = file.slice(0, -extname(file).length);
  let entries: ReturnType<typeof list>;
  try {
    entries = list(folder);
  } catch (cause) {
    throw new AuthorError(`${file} is an application, and its sources in ${folder} cannot be read: ${(cause as Error).message}`, { cause });
  }
  return Object.fromEntries(entries.map((path) => [relative(folder, path), readFileSync(path, "utf8")]));
};

const list = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true, recursive: true }).flatMap((entry) =>
    entry.isFile() && !entry.parentPath.includes("__pycache__") ? [join(entry.parentPath, entry.name)] : [],
  );

/** The trial has a response with a status or header fields of the script's. */
const setsHead = (trial: Trial): boolean => definitionOf(trial).setsHead?.(trial) ?? false;

/** Throws an AuthorError if the scenario sets what a real application decides for itself. */
export const refuseUntold = ({ trial, response }: Scenario, asked: string, id: string, { scriptedHead }: ApplicationOrigin): void => {
  const untold = Object.keys(response ?? {}).find((key) => key !== "format" && key !== "filler");
  if (untold !== undefined)
    throw new AuthorError(`${asked} sets response.${untold}, which the application "${id}" decides for itself: leave it out`);
  if (setsHead(trial) && scriptedHead === undefined)
    throw new AuthorError(
      `${asked} has a ${trial.kind} trial, which sets the status or the header section of the response, and the application "${id}" decides on these itself: use another trial, a scripted origin, or an application that has scriptedHead`,
    );
};
