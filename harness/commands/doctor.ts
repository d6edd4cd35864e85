// `hopwise doctor`: what a run needs, whether it is here, and what to do where it is not.
import { readFile } from "node:fs/promises";
import type { BinaryServer } from "../define.ts";
import type { Engine } from "../runtime/engine.ts";
import type { Look, Paint } from "../report/look.ts";
import { paintOf } from "../report/look.ts";
import { plain, wrap } from "../report/text.ts";
import { exitCodes } from "./exit-code.ts";
import { neededNode, oldNode } from "./node-version.ts";

interface Check {
  /** missing: some scenarios cannot run, or are judged less sharply. broken: nothing can be judged. */
  state: "here" | "missing" | "broken";
  says: string;
  remedy?: string;
}

export const doctorCommand = async (look: Look): Promise<{ text: string; code: number }> => {
  const old = oldNode(process.versions.node);
  // On an older Node the rest of Hopwise cannot even be loaded.
  const checks = old === null ? [nodeIsHere, await schedstat(), ...(await serversAndEngine())] : [{ state: "broken" as const, ...old }];
  const paint = paintOf(look);
  const broken = checks.some(({ state }) => state === "broken");
  const lines = checks.flatMap((check) => linesOf(check, look, paint));
  return { text: `${lines.join("\n")}\n\n${paint.bold(conclusion(checks))}\n`, code: broken ? exitCodes.unjudged : exitCodes.holds };
};

const marks = { here: "✓", missing: "○", broken: "✗" } as const;

const linesOf = ({ state, says, remedy }: Check, look: Look, paint: Paint): string[] => {
  const colour = { here: paint.green, missing: paint.yellow, broken: paint.red }[state];
  const [first = "", ...rest] = wrap(plain(says), look.width - 2);
  const remedies = remedy === undefined ? [] : wrap(`→ ${plain(remedy)}`, look.width - 4);
  return [`${colour(marks[state])} ${first}`, ...rest.map((line) => `  ${line}`), ...remedies.map((line) => `    ${paint.dim(line)}`)];
};

const conclusion = (checks: readonly Check[]): string => {
  if (checks.some(({ state }) => state === "broken")) return "Nothing can be judged here before that is cured.";
  return checks.every(({ state }) => state === "here")
    ? "All that Hopwise knows can run here."
    : "The Node chains can run here; what is marked ○ cannot, or is judged less sharply.";
};

const nodeIsHere: Check = {
  state: "here",
  says: `Node ${process.version}: ≥ ${neededNode}, which tells a stream that was cut from one that ended`,
};

const schedstat = async (): Promise<Check> => {
  const readable = await readFile("/proc/self/schedstat", "utf8").then(
    (text) => text.trim().split(" ").length === 3,
    () => false,
  );
  return readable
    ? { state: "here", says: "/proc/<pid>/schedstat: tells how long a hop waited for a processor" }
    : {
        state: "missing",
        says: "/proc/<pid>/schedstat cannot be read: a hop that waits for a processor looks like one that holds bytes",
        remedy: "use Linux with CONFIG_SCHED_INFO, or --runtime container; else leave a core idle while Hopwise runs",
      };
};

const serversAndEngine = async (): Promise<Check[]> => {
  const [{ openCatalog }, { askForEngine }, { findBinary }] = await Promise.all([
    import("../catalog.ts"),
    import("../runtime/choose.ts"),
    import("../runtime/places.ts"),
  ]);
  const servers = await Promise.all(openCatalog().servers.entries.map(({ load }) => load()));
  const foreign = servers.filter((server) => server.kind === "binary");
  const installed = await Promise.all(
    foreign.map(async ({ binary, debian }): Promise<Check> => {
      const found = await findBinary(binary);
      return found === null
        ? {
            state: "missing",
            says: `${binary} is not on this machine: --runtime process cannot run it`,
            remedy: `Debian: apt-get install ${debian.packages.join(" ")}`,
          }
        : { state: "here", says: `${binary}: ${found}` };
    }),
  );
  const engine = await askForEngine();
  if (engine === null)
    return [
      ...installed,
      {
        state: "missing",
        says: "No container engine answers: --runtime container cannot be used",
        remedy: "start Docker or Podman and let this user reach its socket, or set DOCKER_HOST; on Debian as root: npm run prepare-engine",
      },
    ];
  return [
    ...installed,
    { state: "here", says: `A container engine answers (containers are reached at ${engine.host})` },
    ...(await images(engine, foreign)),
  ];
};

const images = async (engine: Engine, foreign: readonly BinaryServer[]): Promise<Check[]> => {
  const { hasImage, nodeRecipe, recipesOf, tagOf } = await import("../runtime/images.ts");
  const recipes = new Map([nodeRecipe, ...foreign.flatMap(recipesOf)].map((recipe) => [tagOf(recipe), recipe]));
  return Promise.all(
    Array.from(recipes.values(), async (recipe): Promise<Check> => {
      const base = `debian:${recipe.release}-slim`;
      if (await hasImage(engine.docker, tagOf(recipe)))
        return { state: "here", says: `Image for ${recipe.name} (Debian ${recipe.release}): ${tagOf(recipe)}` };
      if (await hasImage(engine.docker, base))
        return {
          state: "here",
          says: `Image for ${recipe.name} (Debian ${recipe.release}): not built yet, the first run builds it on ${base}`,
        };
      return {
        state: "missing",
        says: `Image for ${recipe.name} (Debian ${recipe.release}): neither built nor its base ${base} on the engine; the first run tries to pull it`,
        remedy: `without a registry: npm run prepare-engine -- ${recipe.release}`,
      };
    }),
  );
};
