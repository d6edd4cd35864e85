// A compose file with what it extends and includes: its services, whichever version's form it has.
import { nearestTo } from "../catalog/shelf.ts";
import { AuthorError } from "../errors.ts";
import type { Place } from "../check/configuration.ts";
import { merged } from "./extend.ts";
import type { Folder } from "./folder.ts";
import { at, entry, listOf, mappingOf } from "./scope.ts";
import type { Scope } from "./scope.ts";
import type { NotDone } from "./subject.ts";
import { readText } from "./text-file.ts";
import { parseTree } from "./tree.ts";
import type { Entry, Mapping, Value } from "./tree.ts";
import { servicesOf } from "./project-services.ts";

export interface Service {
  name: string;
  place: Place;
  /** With what it extends merged in; every value keeps its own place, and so its own file. */
  fields: Mapping;
}

export interface Project {
  /** As the user gave it. */
  file: string;
  /** Version 1: services are top-level keys, and only linked ones have names. */
  version1: boolean;
  services: Map<string, Service>;
  configs: Map<string, Entry>;
  secrets: Map<string, Entry>;
  read: string[];
  notDone: NotDone[];
}

const deepest = 20;
/** Each may have a Dockerfile to look at. */
const mostServices = 500;

export const readProject = async (file: string, folder: Folder, scope: Scope): Promise<Project> => {
  const loader = new Loader(file, folder, scope);
  return loader.project();
};

class Loader {
  readonly #file: string;
  readonly #folder: Folder;
  readonly #scope: Scope;
  readonly #trees = new Map<string, Mapping>();
  readonly #notDone: NotDone[] = [];

  constructor(file: string, folder: Folder, scope: Scope) {
    this.#file = file;
    this.#folder = folder;
    this.#scope = scope;
  }

  async project(): Promise<Project> {
    const project: Project = {
      file: this.#file,
      version1: false,
      services: new Map(),
      configs: new Map(),
      secrets: new Map(),
      read: [],
      notDone: this.#notDone,
    };
    await this.#add(this.#file, "There is", project, 0);
    project.read = [...this.#trees.keys()];
    return project;
  }

  /** The file's own services win over included ones. */
  async #add(file: string, askedBy: string, project: Project, depth: number): Promise<void> {
    if (depth > deepest) throw new AuthorError(`${file} is included more than ${deepest} deep; does it include itself?`);
    const tree = await this.#tree(file, askedBy);
    const services = servicesOf(tree, file);
    if (depth === 0) project.version1 = services.version1;
    for (const [name, { place, value }] of services.entries) {
      if (project.services.has(name)) continue;
      if (project.services.size >= mostServices) throw new AuthorError(`${at(place)}: there are more than ${mostServices} services`);
      const fields = mappingOf(value, `service ${name}`) ?? { kind: "mapping", entries: new Map(), place };
      project.services.set(name, { name, place, fields: await this.#extended(name, fields, file, []) });
    }
    if (services.version1) return;
    for (const kind of ["configs", "secrets"] as const)
      for (const [name, one] of mappingOf(entry(tree, kind), kind)?.entries ?? [])
        if (!project[kind].has(name)) project[kind].set(name, one);
    for (const included of this.#includes(entry(tree, "include")))
      await this.#add(this.#folder.named(included.text, included.place.file), `${at(included.place)} includes`, project, depth + 1);
  }

  #includes(value: Value | undefined): { text: string; place: Place }[] {
    return listOf(value, "include").flatMap((item) => {
      if (item.kind !== "mapping") return this.#scope.texts(item, "include");
      if (item.entries.has("project_directory") || item.entries.has("env_file"))
        this.#notDone.push({
          what: "include with project_directory or env_file",
          why: "included files are read with this file's folder and variables",
          place: item.place,
        });
      return this.#scope.texts(entry(item, "path"), "include.path");
    });
  }

  async #tree(file: string, askedBy: string): Promise<Mapping> {
    const known = this.#trees.get(file);
    if (known) return known;
    const text = await readText(this.#folder, file, askedBy);
    if (text === null)
      throw new AuthorError(askedBy === "There is" ? `There is no file ${file}` : `${askedBy} ${file}, and there is no such file`);
    const tree = parseTree(text, file);
    if (tree.kind === "nothing") throw new AuthorError(`${file} is empty; a compose file has services: with an image or a build each`);
    if (tree.kind !== "mapping") throw new AuthorError(`${file} is not a compose file: it has to be a mapping with services`);
    this.#trees.set(file, tree);
    return tree;
  }

  async #extended(name: string, fields: Mapping, file: string, trail: readonly string[]): Promise<Mapping> {
    const extension = entry(fields, "extends");
    if (extension === undefined || extension.kind === "nothing") return fields;
    const { baseFile, baseName } = this.#base(extension, file);
    const step = `${baseFile} ${baseName}`;
    if (trail.includes(step) || trail.length > deepest)
      throw new AuthorError(`${at(extension.place)}: service ${name} extends itself by way of "${baseName}"`);
    const { entries } = servicesOf(await this.#tree(baseFile, `${at(extension.place)} extends a service of`), baseFile);
    const base = entries.get(baseName);
    if (!base)
      throw new AuthorError(
        `${at(extension.place)}: there is no service "${baseName}" in ${baseFile}; ${nearestTo(baseName, [...entries.keys()])}`,
      );
    const baseFields = mappingOf(base.value, `service ${baseName}`) ?? { kind: "mapping", entries: new Map(), place: base.place };
    return merged(await this.#extended(baseName, baseFields, baseFile, [...trail, step]), fields);
  }

  #base(extension: Value, file: string): { baseFile: string; baseName: string } {
    if (extension.kind === "text") return { baseFile: file, baseName: this.#scope.text(extension) };
    const mapping = mappingOf(extension, "extends");
    const baseName = mapping && this.#scope.optionalText(entry(mapping, "service"), "extends.service");
    if (!mapping || baseName === null) throw new AuthorError(`${at(extension.place)}: extends has to say which service`);
    const other = this.#scope.optionalText(entry(mapping, "file"), "extends.file");
    return { baseFile: other === null ? file : this.#folder.named(other, extension.place.file), baseName };
  }
}
