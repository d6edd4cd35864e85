// `configs` and `secrets`: files by another name.
import type { ContainerFiles } from "./container-files.ts";
import { containerPath } from "./container-files.ts";
import { AuthorError } from "../errors.ts";
import type { Folder } from "./folder.ts";
import { nearestTo } from "../catalog/shelf.ts";
import type { Project, Service } from "./project.ts";
import { at, entry, listOf, mappingOf, wrong } from "./scope.ts";
import type { Scope } from "./scope.ts";
import type { NotDone } from "./subject.ts";
import type { Taker } from "./taking.ts";
import type { Text, Value } from "./tree.ts";

interface Into {
  project: Project;
  scope: Scope;
  folder: Folder;
  taker: Taker;
  container: ContainerFiles;
  notDone: NotDone[];
}

export const takeConfigs = async (service: Service, kind: "configs" | "secrets", into: Into): Promise<void> => {
  for (const item of listOf(entry(service.fields, kind), kind)) {
    const { source, target } = referenceOf(item, kind, into.scope);
    const declared = into.project[kind].get(source);
    if (!declared)
      throw new AuthorError(
        `${at(item.place)}: there is no "${source}" under ${kind}; ${nearestTo(source, [...into.project[kind].keys()])}`,
      );
    // oxlint-disable-next-line no-await-in-loop
    await takeOne(source, target, declared.value, item, kind, into);
  }
};

const referenceOf = (item: Value, kind: "configs" | "secrets", scope: Scope): { source: string; target: string } => {
  const folder = kind === "configs" ? "/" : "/run/secrets";
  if (item.kind === "text") {
    const source = scope.text(item);
    return { source, target: containerPath(source, folder) };
  }
  if (item.kind !== "mapping") return wrong(item, `an entry of ${kind}`, "a name, or a mapping with source and target");
  const source = scope.optionalText(entry(item, "source"), `${kind}.source`) ?? "";
  return { source, target: containerPath(scope.optionalText(entry(item, "target"), `${kind}.target`) ?? source, folder) };
};

const takeOne = async (name: string, target: string, declared: Value, item: Value, kind: string, into: Into): Promise<void> => {
  const { scope, folder, taker, container, notDone } = into;
  const mapping = mappingOf(declared, `${kind}.${name}`);
  const field = (key: string): string | null => (mapping ? scope.optionalText(entry(mapping, key), `${kind}.${name}.${key}`) : null);
  const { place } = item;
  const file = field("file");
  if (file !== null)
    return void (await taker.take({ source: folder.named(file, declared.place.file), target, place, asks: `${at(declared.place)} names` }));
  const content = mapping ? entry(mapping, "content") : undefined;
  const variable = field("environment");
  const text = content?.kind === "text" ? scope.text(content) : variable === null ? undefined : scope.lookup(variable);
  if (text === undefined) {
    const external = mapping ? entry(mapping, "external") : undefined;
    const isExternal = external?.kind === "mapping" || (external?.kind === "text" && scope.text(external) === "true");
    // The engine shows what a configuration contains, and of a secret nothing.
    const shown = kind === "configs" ? `; "docker config inspect --pretty ${field("name") ?? name}" prints them` : "";
    const why = isExternal ? `it is external, so its contents are not in this folder${shown}` : "its contents are not in this folder";
    notDone.push({ what: `${kind} ${name} at ${target}`, why, place });
    return;
  }
  const path = `${declared.place.file}#${kind}.${name}`;
  const begins = content?.kind === "text" ? beginOf(content) : declared.place;
  container.put({ path, target, text, bytes: new TextEncoder().encode(text), place, inline: begins });
};

/** A block's text begins on the line after its `|`. */
const beginOf = ({ place, block }: Text): Text["place"] => (block ? { ...place, line: place.line + 1, column: 1 } : place);
