// What a container starts: which configuration nginx is given, and which templates are filled in before. Pure.
import { containerPath } from "./container-files.ts";
import { commandsOf } from "./shell.ts";
import type { Command } from "./shell.ts";
import type { Template } from "./subject.ts";

export interface Startup {
  /** Behind `-c`; null: the build's own place. */
  main: string | null;
  /** Directives behind `-g`, without those that only keep nginx in the foreground. */
  globals: string | null;
  templates: Omit<Template, "place">[];
  /** Whether the image's own entry point is what runs, and so /etc/nginx/templates is filled in. */
  byEntryPoint: boolean;
  /** Commands that are not executed, as written. */
  leftOut: string[];
  /** The user's own script that they stand in; null: the command itself. */
  script: string | null;
  /** Whether nginx is seen to be started; if not, it is taken for granted. */
  startsNginx: boolean;
}

/** What is known of the container. */
export interface Surroundings {
  /** Added to by what a script sets. */
  environment: Map<string, string>;
  /** The text of a script of the user's own; null: the image's, or none. */
  scriptOf: (path: string) => string | null;
}

const nothingSeen = (): Startup => ({
  main: null,
  globals: null,
  templates: [],
  byEntryPoint: false,
  leftOut: [],
  script: null,
  startsNginx: false,
});

const isNginx = (word: string | undefined): boolean => /(^|\/)(nginx|nginx-debug|openresty)$/.test(word ?? "");
const isShell = (word: string | undefined): boolean => /(^|\/)(sh|bash|ash|dash)$/.test(word ?? "");
const isEntryPoint = (word: string | undefined): boolean => /(^|\/)docker-entrypoint\.sh$/.test(word ?? "");
const isWrapper = (word: string | undefined): boolean => /(^|\/)(exec|tini|dumb-init|catatonit)$/.test(word ?? "");

/** Null for both: what the image does by itself, which is to start nginx by its entry point. */
export const readStartup = (entryPoint: string[] | null, command: string[] | null, around: Surroundings): Startup =>
  startedBy([...(entryPoint ?? ["/docker-entrypoint.sh"]), ...(command ?? (entryPoint ? [] : ["nginx"]))], around, 0);

/** Scripts that start scripts. */
const deepest = 5;

const startedBy = (words: readonly string[], around: Surroundings, depth: number): Startup => {
  const [head = "", ...rest] = words;
  const own = isNginx(head) || depth > deepest ? null : around.scriptOf(head);
  if (own !== null) return { ...readScript(own, rest, around, depth + 1), script: head };
  if (isEntryPoint(head)) return { ...startedBy(rest, around, depth + 1), byEntryPoint: isNginx(rest[0]) };
  // Programs that only run what stands behind them.
  if (isWrapper(head)) return startedBy(rest[0] === "--" ? rest.slice(1) : rest, around, depth);
  if (isNginx(head)) return startOf(nothingSeen(), words);
  const [first = "", second = ""] = rest;
  if (isShell(head) && /^-[a-z]*c$/.test(first)) return readScript(second, rest.slice(2), around, depth + 1);
  if (isShell(head) && around.scriptOf(first) !== null && depth <= deepest) return startedBy(rest, around, depth + 1);
  return words.length === 0 ? nothingSeen() : { ...nothingSeen(), leftOut: [words.join(" ")] };
};

const readScript = (script: string, args: readonly string[], around: Surroundings, depth: number): Startup => {
  let startup = nothingSeen();
  for (const command of commandsOf(script, (name) => around.environment.get(name))) {
    const given = command.words.some((word) => word === "$@" || word === "$*");
    const words = command.words.flatMap((word) => (word === "$@" || word === "$*" ? args : [word]));
    const [head = "", second] = words;
    const template = templateOf(command, around.environment);
    const starts = !command.conditional && !words.some((word) => word === "-s" || word === "-t" || word === "-T");
    if (template) startup.templates.push(template);
    else if (head === "" || takesSettings(command, around.environment) || harmless.test(head)) continue;
    else if (isNginx(head)) startup = starts ? startOf(startup, words) : startup;
    else if (starts && (given || isEntryPoint(head) || around.scriptOf(head) !== null))
      startup = both(startup, startedBy(words, around, depth));
    else if (head === "service" && second === "nginx") startup = { ...startup, startsNginx: true };
    else startup.leftOut.push(command.raw);
  }
  return startup;
};

/** What a script has done, and then what it starts. */
const both = (before: Startup, after: Startup): Startup => ({
  ...after,
  main: after.main ?? before.main,
  globals: after.globals ?? before.globals,
  templates: [...before.templates, ...after.templates],
  leftOut: [...before.leftOut, ...after.leftOut],
  startsNginx: before.startsNginx || after.startsNginx,
});

const setting = /^([A-Za-z_]\w*)=([^]*)$/;

/** `NAME=value` and `export NAME=value`: true if that is all that the command is. */
const takesSettings = ({ words, computed, conditional }: Command, environment: Map<string, string>): boolean => {
  const settings = words[0] === "export" ? words.slice(1) : words;
  if (computed || conditional || settings.length === 0 || !settings.every((word) => setting.test(word))) return false;
  for (const word of settings) {
    const [, name = "", value = ""] = setting.exec(word) ?? [];
    environment.set(name, value);
  }
  return true;
};

/** Without an effect on what nginx reads. */
const harmless = /^(set|true|:|echo|sleep|wait|cd|export|chmod|chown|mkdir|touch|exec|tail|date|ls|cat|printf|test|\[|\[\[|exit|shift)$/;

const startOf = (startup: Startup, words: readonly string[]): Startup => {
  const behind = (option: string): string | null => {
    const i = words.indexOf(option);
    if (i !== -1) return words[i + 1] ?? null;
    return words.find((word) => word.startsWith(option) && word.length > 2)?.slice(2) ?? null;
  };
  const main = behind("-c");
  const globals = (behind("-g") ?? "").replaceAll(/\b(daemon|master_process)\s+\w+\s*;?/g, "").trim();
  return {
    ...startup,
    startsNginx: true,
    main: main === null ? startup.main : containerPath(main, "/etc/nginx"),
    globals: globals === "" ? startup.globals : globals,
  };
};

/** `envsubst '$HOST' < a > b`; null for every other command. */
export const templateOf = (command: Command, environment: ReadonlyMap<string, string>): Omit<Template, "place"> | null => {
  if (!/(^|\/)envsubst$/.test(command.words[0] ?? "") || command.conditional || command.piped) return null;
  const from = command.redirects.find(({ operator }) => operator === "<");
  const to = command.redirects.find(({ operator }) => operator === ">");
  if (!from || !to) return null;
  const format = command.words.slice(1).find((word) => !word.startsWith("-"));
  const ends = { from: containerPath(from.target), to: containerPath(to.target) };
  if (format === undefined) return { ...ends, variables: "all" };
  // The names come from `env`: all that are set.
  if (command.computed && /\benv\b|ENVIRON|compgen/.test(format)) return { ...ends, variables: [...environment.keys()] };
  return { ...ends, variables: [...format.matchAll(/\$(?:\{(\w+)\}|(\w+))/g)].map(([, braced, bare]) => braced ?? bare ?? "") };
};

/** What the image `nginx` fills in before it starts: every file `x.template` becomes a file `x`. */
export const templatesOfEntryPoint = (
  files: readonly { target: string }[],
  environment: ReadonlyMap<string, string>,
): Omit<Template, "place">[] => {
  const from = containerPath(environment.get("NGINX_ENVSUBST_TEMPLATE_DIR") ?? "/etc/nginx/templates");
  const to = containerPath(environment.get("NGINX_ENVSUBST_OUTPUT_DIR") ?? "/etc/nginx/conf.d");
  const suffix = environment.get("NGINX_ENVSUBST_TEMPLATE_SUFFIX") ?? ".template";
  const chosen = filterOf(environment.get("NGINX_ENVSUBST_FILTER") ?? "");
  const variables = [...environment.keys()].filter(chosen);
  return files
    .filter(({ target }) => target.startsWith(`${from}/`) && target.endsWith(suffix) && suffix !== "")
    .map(({ target }) => ({ from: target, to: containerPath(to + target.slice(from.length, -suffix.length)), variables }));
};

/** Expressions in which something repeated is repeated could take for ever, and are nobody's. */
const filterOf = (filter: string): ((name: string) => boolean) => {
  if (filter === "" || filter.length > 200 || /\)[*+?{]|[{\\]/.test(filter) || (filter.match(/[*+]/g)?.length ?? 0) > 3) return () => true;
  try {
    const pattern = new RegExp(filter);
    return (name) => name.length < 200 && pattern.test(name);
  } catch {
    return () => true;
  }
};
