// A Dockerfile's RUN, which is never executed. What deployments do there with the server's files is recognized, the rest is reported. Pure.
import { posix } from "node:path";
import type { Layout } from "./packaging.ts";
import { containerPath } from "./container-files.ts";
import type { Instruction } from "./dockerfile.ts";
import type { Going, BuildState } from "./build-state.ts";
import { commandsOf } from "./shell.ts";
import type { Command } from "./shell.ts";
import { templateOf } from "./startup.ts";
import type { Template } from "./subject.ts";
import { jsonForm } from "./words.ts";

/** Answers which packaging of the server it installs, if it does. */
export const runLine = (instruction: Instruction, going: Going, built: BuildState, templates: Template[]): Layout | null => {
  const { rest, place, hereDocuments } = instruction;
  const { packaging } = built;
  const json = jsonForm(rest);
  const script = json ? (json[1] === "-c" ? (json[2] ?? "") : json.map((word) => `'${word}'`).join(" ")) : rest;
  const isScript = hereDocuments.length > 0 && /^<<-?["']?[\w.-]+["']?$/.test(script.trim());
  const text = isScript ? hereDocuments.map((one) => one.text).join("\n") : script;
  let layout: Layout | null = null;
  for (const command of commandsOf(text, going.lookup)) {
    if (command.words[0] === "cd") going = { ...going, workdir: containerPath(command.words[1] ?? "/", going.workdir) };
    const installed = packaging.installedBy(command);
    const template = templateOf(command, going.environment);
    if (installed) layout = installed;
    if (template) templates.push({ ...template, place });
    else if (packaging.keepsInForeground(command))
      built.stubs.push({
        what: `nothing in place of \`${command.raw}\``,
        why: `${packaging.title} is kept in the foreground anyway`,
        place,
      });
    else if (!installed && (command.conditional || command.piped || !filesOf(command, going, built, place)))
      built.notDone.push({ what: `RUN ${command.raw}`.slice(0, 300), why: "lines of a Dockerfile are read and not executed", place });
  }
  return layout;
};

/** True: done, or of no consequence. */
const filesOf = (command: Command, { workdir }: Going, { container, packaging }: BuildState, place: Instruction["place"]): boolean => {
  const { words, redirects, raw } = command;
  const [head = "", ...rest] = words;
  const paths = rest.filter((word) => !word.startsWith("-")).map((word) => containerPath(word, workdir));
  const [from = "", to = ""] = paths;
  switch (head) {
    case "rm":
    case "unlink":
      if (command.computed) return false;
      for (const path of paths) if (!path.startsWith("/var/lib/apt") && !path.startsWith("/var/cache")) container.remove(path, place);
      return true;
    case "cp":
    case "mv": {
      if (paths.length !== 2) return false;
      const into = raw.trimEnd().endsWith("/") ? posix.join(to, posix.basename(from)) : to;
      const copied = container.copy(from, into, place);
      if (head === "mv") container.remove(from, place);
      return copied || head === "mv";
    }
    case "ln":
      if (/^\/dev\/std(out|err)$/.test(from)) return true;
      return paths.length === 2 && container.copy(from, raw.trimEnd().endsWith("/") ? posix.join(to, posix.basename(from)) : to, place);
    case "mkdir":
      for (const path of paths) container.addFolder(path, place);
      return true;
    case "apt":
    case "apt-get":
      return /^(update|upgrade|clean|autoclean|autoremove|dist-upgrade)$/.test(rest.find((word) => !word.startsWith("-")) ?? "");
    case "echo":
    case "printf":
      return redirects.length === 0;
    default:
      if (head === packaging.title) return packaging.changesNothing(rest);
      return (
        /^(set|true|:|chmod|chown|chgrp|cd|touch|ls|cat|export|useradd|adduser|addgroup|groupadd)$/.test(head) && redirects.length === 0
      );
  }
};
