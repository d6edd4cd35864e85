// A Dockerfile's COPY and ADD: from the context, as the builder does it.
import { posix } from "node:path";
import { AuthorError } from "../errors.ts";
import { isGlob, matcherOf } from "./glob.ts";
import type { Matches } from "./glob.ts";
import { containerPath } from "./container-files.ts";
import type { HereDocument, Instruction } from "./dockerfile.ts";
import type { Folder } from "./folder.ts";
import { readIgnore } from "./patterns.ts";
import type { Going, BuildState } from "./build-state.ts";
import { at } from "./scope.ts";
import { substitute } from "./substitute.ts";
import { jsonForm, wordsOf } from "./words.ts";

interface From {
  /** In the user's words. */
  context: string;
  going: Going;
  built: BuildState;
  ignores: Matches;
}

const mostSources = 200;

const known = new Set(["chown", "chmod", "link", "exclude", "keep-git-dir", "checksum"]);
const archive = /\.(tar|tar\.(gz|bz2|xz|zst)|tgz|tbz2?|txz)$/i;

export const copyLine = async (instruction: Instruction, from: From): Promise<void> => {
  const { flags, rest, name, place } = instruction;
  const { going, built } = from;
  const leaveOut = (what: string, why: string): void => void built.notDone.push({ what: what.slice(0, 300), why, place });
  const strange = [...flags.keys()].find((flag) => !known.has(flag));
  if (strange !== undefined)
    return leaveOut(`${name} --${strange}${flags.get(strange) ? `=${flags.get(strange)}` : ""} ${rest}`, whyStrange(strange));
  const words = jsonForm(rest) ?? wordsOf(rest, going.lookup);
  const destination = words.at(-1);
  const sources = words.slice(0, -1);
  if (destination === undefined || sources.length === 0)
    throw new AuthorError(`${at(place)}: ${name} needs a source and a destination, and has only "${rest.slice(0, 100)}"`);
  const target = containerPath(destination, going.workdir);
  const isFolder = destination.endsWith("/") || destination === "." || sources.length > 1 || built.container.isFolder(target);
  if (sources.length > mostSources) throw new AuthorError(`${at(place)}: ${name} has more than ${mostSources} sources`);
  for (const source of sources) {
    const here = instruction.hereDocuments.find((one) => source.endsWith(`<<${one.name}`) || source.endsWith(`<<-${one.name}`));
    if (here) putHere(here, isFolder ? posix.join(target, here.name) : target, from);
    else if (/^(https?|ftp|git):\/\/|^git@/.test(source)) leaveOut(`${name} ${source}`, "nothing is fetched");
    else if (name === "ADD" && archive.test(source)) leaveOut(`ADD ${source}`, "archives are not unpacked");
    // One after the other: what is put later replaces what is there.
    // oxlint-disable-next-line no-await-in-loop
    else await copySource(source, target, isFolder, instruction, from);
  }
};

const whyStrange = (flag: string): string =>
  flag === "from" ? "it comes out of another image or stage, which is not built" : `the option --${flag} is not known here`;

const putHere = ({ name, text, expands, place }: HereDocument, target: string, { going, built }: From): void => {
  const filled = expands ? substitute(text, { lookup: going.lookup, dialect: "shell" }) : text;
  const path = `${place.file}#${name}`;
  built.container.put({ path, target, text: filled, bytes: new TextEncoder().encode(filled), place, inline: place });
};

const copySource = async (source: string, target: string, isFolder: boolean, instruction: Instruction, from: From): Promise<void> => {
  const { name, place, flags } = instruction;
  const { context, built } = from;
  const asks = `${at(place)}: ${name} takes`;
  const beneath = posix.normalize(source.replace(/^\/+/, "") || ".").replace(/\/$/, "");
  if (beneath === ".." || beneath.startsWith("../"))
    throw new AuthorError(`${asks} ${source}, which is outside of the build's context ${context}; move it in`);
  const excluded = readIgnore(flags.get("exclude") ?? "");
  const ignores: Matches = (path) => from.ignores(path) || excluded(path);
  const paths = isGlob(beneath) ? await globbed(beneath, context, built.folder) : [beneath];
  if (paths.length === 0) return missing(`${name} ${source}`, `no file in ${context} fits`, target, from, instruction);
  for (const path of paths) {
    const intoFolder = isFolder || paths.length > 1;
    const full = posix.join(context, path);
    // oxlint-disable-next-line no-await-in-loop
    const found = await built.folder.find(full);
    if (path !== "." && ignores(path)) {
      missing(`${name} ${path}`, "the build's .dockerignore leaves it out", target, from, instruction);
      continue;
    }
    // A folder's contents are copied, not the folder.
    const to = found.kind === "folder" || !intoFolder ? target : posix.join(target, posix.basename(path));
    if (found.kind === "folder") built.container.addFolder(target, place);
    // oxlint-disable-next-line no-await-in-loop
    await built.taker.take({ source: full, target: to, place, asks, ignores, context });
  }
};

const missing = (what: string, why: string, target: string, { built }: From, { place }: Instruction): void => {
  if (built.packaging.isConfiguration(target)) throw new AuthorError(`${at(place)}: ${what} copies nothing: ${why}`);
  built.notDone.push({ what, why, place });
};

const globbed = async (glob: string, context: string, folder: Folder): Promise<string[]> => {
  let reached = [""];
  for (const part of glob.split("/")) {
    const matches = isGlob(part) ? matcherOf(part === "**" ? "*" : part, "moby") : null;
    const next: string[] = [];
    for (const path of reached) {
      if (!matches) next.push(posix.join(path, part));
      else {
        // oxlint-disable-next-line no-await-in-loop
        const found = await folder.find(posix.join(context, path));
        // oxlint-disable-next-line no-await-in-loop
        const names = found.kind === "folder" ? await folder.list(found) : null;
        for (const name of names ?? []) if (matches(name)) next.push(posix.join(path, name));
      }
    }
    reached = next.slice(0, 5000);
  }
  const there = await Promise.all(
    reached.map(async (path) => ((await folder.find(posix.join(context, path))).kind === "missing" ? [] : [path])),
  );
  return there.flat();
};
