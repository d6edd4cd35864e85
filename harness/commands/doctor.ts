// `hopwise doctor`: what a run needs, whether it is installed, and how to install it.
import { readFile } from "node:fs/promises";
import type { BinaryServer } from "../define.ts";
import type { Engine } from "../runtime/engine.ts";
import type { Look, Paint } from "../report/look.ts";
import { paintOf } from "../report/look.ts";
import { plain, wrap } from "../report/text.ts";
import { exitCodes } from "./exit-code.ts";
import { neededNode, oldNode } from "./node-version.ts";

interface Check {
  /** missing: some scenarios cannot run, or are judged less precisely. broken: nothing can be judged. */
  state: "here" | "missing" | "broken";
  says: string;
  fix?: string;
}

export const doctorCommand = async (look: Look): Promise<{ text: string; code: number }> => {
  const old = oldNode(process.versions.node);
  // An older Node cannot load the rest of Hopwise.
  const checks = old === null ? [nodeIsHere, await schedstat(), ...(await serversAndEngine())] : [{ state: "broken" as const, ...old }];
  const paint = paintOf(look);
  const broken = checks.some(({ state }) => state === "broken");
  const lines = checks.flatMap((check) => linesOf(check, look, paint));
  return { text: `${lines.join("\n")}\n\n${paint.bold(conclusion(checks))}\n`, code: broken ? exitCodes.unjudged : exitCodes.holds };
};

const marks = { here: "✓", missing: "○", broken: "✗" } as const;

const linesOf = ({ state, says, fix }: Check, look: Look, paint: Paint): string[] => {
  const color = { here: paint.green, missing: paint.yellow, broken: paint.red }[state];
  const [first = "", ...rest] = wrap(plain(says), look.width - 2);
  const fixes = fix === undefined ? [] : wrap(`→ ${plain(fix)}`, look.width - 4);
  return [`${color(marks[state])} ${first}`, ...rest.map((line) => `  ${line}`), ...fixes.map((line) => `    ${paint.dim(line)}`)];
};

const conclusion = (checks: readonly Check[]): string => {
  if (checks.some(({ state }) => state === "broken")) return "Nothing can be judged on this machine until this is fixed.";
  return checks.every(({ state }) => state === "here")
    ? "Everything can run on this machine."
    : "Chains of Node hops can run on this machine. What is marked ○ cannot, or is judged less precisely.";
};

const nodeIsHere: Check = {
  state: "here",
  says: `Node ${process.version} (≥ ${neededNode}): distinguishes a reset stream from one that ended`,
};

const schedstat = async (): Promise<Check> => {
  const readable = await readFile("/proc/self/schedstat", "utf8").then(
    (text) => text.trim().split(" ").length === 3,
    () => false,
  );
  return readable
    ? { state: "here", says: "/proc/<pid>/schedstat is readable: Hopwise knows how long a hop waited for a processor" }
    : {
        state: "missing",
        says: "/proc/<pid>/schedstat cannot be read: a hop that waits for a processor looks like one that holds bytes",
        fix: "use Linux with CONFIG_SCHED_INFO, or --runtime container, or keep a core idle while Hopwise runs",
      };
};

const serversAndEngine = async (): Promise<Check[]> => {
  const [{ openCatalog }, { askForEngine }, { installedAs }, { http3Program }] = await Promise.all([
    import("../catalog/catalog.ts"),
    import("../session/choose-runtime.ts"),
    import("../runtime/process-binary.ts"),
    import("../runtime/http3/program.ts"),
  ]);
  const servers = await Promise.all(openCatalog().servers.entries.map(({ load }) => load()));
  const foreign = [...servers.filter((server) => server.kind === "binary"), http3Program];
  const installed = await Promise.all(
    foreign.map(async (server): Promise<Check> => {
      const { name = server.binary, debian } = server;
      const found = await installedAs(server);
      if (found !== null) return { state: "here", says: `${name}: ${found}` };
      const without = server === http3Program ? "has no client for HTTP/3" : "cannot run it";
      return {
        state: "missing",
        says: `${name} is not installed: --runtime process ${without}`,
        fix: `Debian: apt-get install ${debian.packages.join(" ")}`,
      };
    }),
  );
  const engine = await askForEngine();
  if (engine === null)
    return [
      ...installed,
      {
        state: "missing",
        says: "No container engine answers: --runtime container cannot be used",
        fix: "start Docker or Podman and let this user reach its socket, or set DOCKER_HOST; on Debian as root: npm run prepare-engine",
      },
    ];
  return [...installed, { state: "here", says: `A container engine answers (host: ${engine.host})` }, ...(await images(engine, foreign))];
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
          says: `Image for ${recipe.name} (Debian ${recipe.release}): not built yet; the first run builds it from ${base}`,
        };
      return {
        state: "missing",
        says: `Image for ${recipe.name} (Debian ${recipe.release}): not built, and the engine has no ${base}; the first run tries to pull it`,
        fix: `without a registry: npm run prepare-engine -- ${recipe.release}`,
      };
    }),
  );
};
