// What a container starts: which configuration the server is given, and which templates are filled in before. Pure.
import type { Filling, Packaging } from "./packaging.ts";
import { containerPath } from "./container-files.ts";
import { commandsOf } from "./shell.ts";
import type { Command } from "./shell.ts";

export interface Startup {
  /** The main file that the command line names; null: the packaging's own. */
  main: string | null;
  /** Settings of the command line, without those that only keep the server in the foreground. */
  globals: string | null;
  templates: Filling[];
  /** Whether the image's own entry point is what runs, which fills in templates. */
  byEntryPoint: boolean;
  /** Commands that are not executed, as written. */
  notChecked: string[];
  /** The user's own script that contains them; null: the command itself. */
  script: string | null;
  /** Whether the server is seen to be started; if not, that is assumed. */
  startsServer: boolean;
}

/** What is known of the container. */
export interface Surroundings {
  packaging: Packaging;
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
  notChecked: [],
  script: null,
  startsServer: false,
});

const isShell = (word: string | undefined): boolean => /(^|\/)(sh|bash|ash|dash)$/.test(word ?? "");
const isWrapper = (word: string | undefined): boolean => /(^|\/)(exec|tini|dumb-init|catatonit)$/.test(word ?? "");

/** Null for both: what the image does by itself, which is to start the server by its entry point. */
export const readStartup = (entryPoint: string[] | null, command: string[] | null, around: Surroundings): Startup =>
  startedBy([...(entryPoint ?? around.packaging.entryPoint), ...(command ?? (entryPoint ? [] : around.packaging.command))], around, 0);

/** Scripts that start scripts. */
const deepest = 5;

const startedBy = (words: readonly string[], around: Surroundings, depth: number): Startup => {
  const [head = "", ...rest] = words;
  const { isProgram, isEntryPoint } = around.packaging;
  const own = isProgram(head) || depth > deepest ? null : around.scriptOf(head);
  if (own !== null) return { ...readScript(own, rest, around, depth + 1), script: head };
  if (isEntryPoint(head)) return { ...startedBy(rest, around, depth + 1), byEntryPoint: isProgram(rest[0]) };
  // Programs that only run the rest of the command line.
  if (isWrapper(head)) return startedBy(rest[0] === "--" ? rest.slice(1) : rest, around, depth);
  if (isProgram(head)) return startOf(nothingSeen(), words, around);
  const [first = "", second = ""] = rest;
  if (isShell(head) && /^-[a-z]*c$/.test(first)) return readScript(second, rest.slice(2), around, depth + 1);
  if (isShell(head) && around.scriptOf(first) !== null && depth <= deepest) return startedBy(rest, around, depth + 1);
  return words.length === 0 ? nothingSeen() : { ...nothingSeen(), notChecked: [words.join(" ")] };
};

const readScript = (script: string, args: readonly string[], around: Surroundings, depth: number): Startup => {
  const { packaging } = around;
  let startup = nothingSeen();
  for (const command of commandsOf(script, (name) => around.environment.get(name))) {
    const given = command.words.some((word) => word === "$@" || word === "$*");
    const words = command.words.flatMap((word) => (word === "$@" || word === "$*" ? args : [word]));
    const [head = "", second] = words;
    const template = templateOf(command, around.environment);
    const starts = !command.conditional && packaging.isStart(words);
    if (template) startup.templates.push(template);
    else if (head === "" || takesSettings(command, around.environment) || harmless.test(head)) continue;
    else if (packaging.isProgram(head)) startup = starts ? startOf(startup, words, around) : startup;
    else if (starts && (given || packaging.isEntryPoint(head) || around.scriptOf(head) !== null))
      startup = both(startup, startedBy(words, around, depth));
    else if (head === "service" && second === packaging.title) startup = { ...startup, startsServer: true };
    else startup.notChecked.push(command.raw);
  }
  return startup;
};

/** What a script has done, and then what it starts. */
const both = (before: Startup, after: Startup): Startup => ({
  ...after,
  main: after.main ?? before.main,
  globals: after.globals ?? before.globals,
  templates: [...before.templates, ...after.templates],
  notChecked: [...before.notChecked, ...after.notChecked],
  startsServer: before.startsServer || after.startsServer,
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

/** Without an effect on what the server reads. */
const harmless = /^(set|true|:|echo|sleep|wait|cd|export|chmod|chown|mkdir|touch|exec|tail|date|ls|cat|printf|test|\[|\[\[|exit|shift)$/;

const startOf = (startup: Startup, words: readonly string[], { packaging }: Surroundings): Startup => {
  const { main, globals } = packaging.readArguments(words);
  return { ...startup, startsServer: true, main: main ?? startup.main, globals: globals ?? startup.globals };
};

/** `envsubst '$HOST' < a > b`; null for every other command. */
export const templateOf = (command: Command, environment: ReadonlyMap<string, string>): Filling | null => {
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
