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
  /** Whether nginx is seen to be started; if not, it is taken for granted. */
  startsNginx: boolean;
}

type Lookup = (name: string) => string | undefined;

const nothingSeen = (): Startup => ({ main: null, globals: null, templates: [], byEntryPoint: false, leftOut: [], startsNginx: false });

const isNginx = (word: string | undefined): boolean => /(^|\/)(nginx|nginx-debug|openresty)$/.test(word ?? "");
const isShell = (word: string | undefined): boolean => /(^|\/)(sh|bash|ash|dash)$/.test(word ?? "");
const isEntryPoint = (word: string | undefined): boolean => /(^|\/)docker-entrypoint\.sh$/.test(word ?? "");

/** Null for both: what the image does by itself, which is to start nginx by its entry point. */
export const readStartup = (entryPoint: string[] | null, command: string[] | null, environment: ReadonlyMap<string, string>): Startup => {
  const lookup: Lookup = (name) => environment.get(name);
  let words = [...(entryPoint ?? ["/docker-entrypoint.sh"]), ...(command ?? (entryPoint ? [] : ["nginx"]))];
  const byEntryPoint = isEntryPoint(words[0]);
  // Programs that only run what stands behind them.
  for (;;) {
    const [head, next] = words;
    if (isEntryPoint(head) || /(^|\/)(exec|tini|dumb-init|catatonit)$/.test(head ?? "")) words = words.slice(next === "--" ? 2 : 1);
    else break;
  }
  const startup = nothingSeen();
  if (isNginx(words[0])) return { ...startOf(startup, words), byEntryPoint };
  const script = isShell(words[0]) ? words.slice(1).findIndex((word) => /^-[a-z]*c$/.test(word)) : -1;
  if (script === -1) return words.length === 0 ? startup : { ...startup, leftOut: [words.join(" ")] };
  return readScript(words[script + 2] ?? "", lookup, environment);
};

const readScript = (script: string, lookup: Lookup, environment: ReadonlyMap<string, string>): Startup => {
  let startup = nothingSeen();
  for (const command of commandsOf(script, lookup)) {
    const [head, second] = command.words;
    const template = templateOf(command, environment);
    if (template) startup.templates.push(template);
    else if (isNginx(head) && !command.conditional && !command.words.some((word) => word === "-s" || word === "-t" || word === "-T"))
      startup = startOf(startup, command.words);
    else if (isEntryPoint(head) && isNginx(second)) startup = { ...startOf(startup, command.words.slice(1)), byEntryPoint: true };
    else if (head === "service" && second === "nginx") startup = { ...startup, startsNginx: true };
    else if (!harmless.test(head ?? "")) startup.leftOut.push(command.raw);
  }
  return startup;
};

/** Without an effect on what nginx reads. */
const harmless = /^(set|true|:|echo|sleep|wait|cd|export|chmod|chown|mkdir|touch|nginx|exec|tail|date|ls|cat|printf)$/;

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
