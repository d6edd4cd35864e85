// A Dockerfile's RUN: never executed. What deployments do there with nginx's files is recognised, the rest is told. Pure.
import { posix } from "node:path";
import { containerPath } from "./container-files.ts";
import type { ContainerFiles } from "./container-files.ts";
import type { Instruction } from "./dockerfile.ts";
import type { Going, Stageplay } from "./play.ts";
import { commandsOf } from "./shell.ts";
import type { Command } from "./shell.ts";
import { templateOf } from "./startup.ts";
import type { Layout, Template } from "./subject.ts";
import { jsonForm } from "./words.ts";

/** Gives whose packaging of nginx it installs, if it does. */
export const runLine = (instruction: Instruction, going: Going, play: Stageplay, templates: Template[]): Layout | null => {
  const { rest, place, hereDocuments } = instruction;
  const json = jsonForm(rest);
  const script = json ? (json[1] === "-c" ? (json[2] ?? "") : json.map((word) => `'${word}'`).join(" ")) : rest;
  const isScript = hereDocuments.length > 0 && /^<<-?["']?[\w.-]+["']?$/.test(script.trim());
  const text = isScript ? hereDocuments.map((one) => one.text).join("\n") : script;
  let layout: Layout | null = null;
  for (const command of commandsOf(text, going.lookup)) {
    if (command.words[0] === "cd") going = { ...going, workdir: containerPath(command.words[1] ?? "/", going.workdir) };
    const packaging = packagingOf(command);
    const template = templateOf(command, going.environment);
    if (packaging) layout = packaging;
    if (template) templates.push({ ...template, place });
    else if (isDaemonLine(command))
      play.overlays.push({ what: `nothing in place of \`${command.raw}\``, why: "nginx is kept in the foreground anyway", place });
    else if (!packaging && (command.conditional || command.piped || !filesOf(command, going, play.container, place)))
      play.notDone.push({ what: `RUN ${command.raw}`.slice(0, 300), why: "lines of a Dockerfile are read and not executed", place });
  }
  return layout;
};

const packagingOf = ({ words }: Command): Layout | null => {
  const rest = words.filter((word) => !word.startsWith("-"));
  const [head = "", verb = "", ...packages] = rest;
  if (!packages.some((name) => /^nginx(-(full|light|extras|core|mainline|stable|mod-.*))?(=.*)?$/.test(name))) return null;
  if (/^apt(-get)?$/.test(head) && verb === "install") return "debian";
  if (head === "apk" && verb === "add") return "alpine";
  return /^(yum|dnf|microdnf|zypper)$/.test(head) && verb === "install" ? "official" : null;
};

const isDaemonLine = ({ words, redirects }: Command): boolean =>
  /^(echo|printf)$/.test(words[0] ?? "") &&
  redirects.length === 1 &&
  redirects[0]?.operator === ">>" &&
  /^(-\w )*\\?n?\s*daemon off;(\\n)?$/.test(words.slice(1).join(" ").trim());

/** True: done, or of no consequence. */
const filesOf = (command: Command, { workdir }: Going, container: ContainerFiles, place: Instruction["place"]): boolean => {
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
    case "nginx":
      return rest.includes("-t") || rest.includes("-v") || rest.includes("-V");
    case "echo":
    case "printf":
      return redirects.length === 0;
    default:
      return (
        /^(set|true|:|chmod|chown|chgrp|cd|touch|ls|cat|export|useradd|adduser|addgroup|groupadd)$/.test(head) && redirects.length === 0
      );
  }
};
