// How a scenario can be run again: a line for a shell.
import { dirname, isAbsolute, join, relative, resolve } from "node:path";
import type { Application } from "./application.ts";
import type { Entry } from "../catalog/shelf.ts";
import { packageRoot } from "../catalog/package-root.ts";
import { commandPrefix } from "./chain.ts";
import type { Scenario } from "../define.ts";

/** The file of a scenario that the command line made. */
export const noFile = "--hop";

interface Circumstances {
  runtime: string;
  image: string | null;
  timeScale?: number;
  application?: Pick<Application, "url" | "watchMs">;
}

/** The file's relative path, null if it is not the author's; and the command, null if there is nothing to name. */
export const whereabouts = (
  { id, file }: Pick<Entry<Scenario>, "id" | "file">,
  scenario: Scenario,
  { runtime, image, timeScale = 1, application }: Circumstances,
): { file: string | null; reproduce: string | null } => {
  const what =
    file === noFile
      ? hopsOf(id, scenario, application !== undefined)
      : file === ""
        ? null
        : [isOwn(file) ? id : isAbsolute(file) ? (seenFromHere(file) ?? file) : file];
  const own = application ? ["--app", application.url, "--watch-seconds", String(application.watchMs / 1000)] : [];
  const asked = [...own, ...(image === null ? [] : ["--image", image]), ...(timeScale === 1 ? [] : ["--time-scale", String(timeScale)])];
  const rest = [...asked, "--runtime", runtime, "--save-traces", "traces"];
  return {
    file: file === noFile || file === "" ? null : seenFromHere(file),
    reproduce: what && ["npx", "hopwise", "run", ...what, ...rest].map(quoted).join(" "),
  };
};

const hopsOf = (id: string, { chain }: Scenario, isApplication: boolean): string[] => {
  const hops = chain.slice(1).filter((hop) => typeof hop === "string");
  const [only = ""] = hops;
  const named = !isApplication || (hops.length === 1 && only.startsWith(commandPrefix));
  return [...(named ? ["--hop", only.slice(commandPrefix.length)] : hops.flatMap((hop) => ["--through", hop])), "--grep", `^${id}$`];
};

const isOwn = (file: string): boolean => dirname(resolve(file)) === join(packageRoot, "scenarios");

const seenFromHere = (file: string): string | null => {
  const path = relative(process.cwd(), resolve(file)).replaceAll("\\", "/");
  return /^(\.\.|\/|[a-z]:)|(^|\/)node_modules\//i.test(path) ? null : path;
};

const quoted = (word: string): string => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`);
