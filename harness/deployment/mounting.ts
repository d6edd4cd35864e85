// Puts what a service mounts into its container.
import { containerPath } from "./container-files.ts";
import { mountsOf } from "./mounts.ts";
import type { Mount } from "./mounts.ts";
import type { BuildState } from "./build-state.ts";
import type { Project, Service } from "./project.ts";
import { at, entry } from "./scope.ts";
import type { Scope } from "./scope.ts";
import type { NotDone } from "./subject.ts";

/** What is mounted hides what the image has there. */
export const mountAll = async (proxy: Service, project: Project, scope: Scope, built: BuildState): Promise<void> => {
  for (const mount of mountsWith(proxy, project, scope, built.notDone))
    // oxlint-disable-next-line no-await-in-loop
    await mountOne(mount, built);
};

/** Deeper mounts come after those that they lie in. */
export const mountsWith = (service: Service, project: Project, scope: Scope, notDone: NotDone[]): Mount[] => {
  const depth = ({ target }: Mount): number => containerPath(target).split("/").length;
  const mounts = [
    ...volumesFrom(service, project, scope, notDone),
    ...mountsOf(entry(service.fields, "volumes"), scope),
    ...tmpfsOf(service, scope),
  ];
  return mounts.toSorted((a, b) => depth(a) - depth(b));
};

const mountOne = async ({ kind, source, target: given, place }: Mount, built: BuildState): Promise<void> => {
  const target = containerPath(given);
  if (kind === "path") {
    const path = built.folder.named(source, place.file);
    const found = await built.folder.find(path);
    if (found.kind === "folder") built.container.remove(target, place);
    const taken = await built.taker.take({ source: path, target, place, asks: `${at(place)} mounts` });
    if (taken !== "file") built.container.addFolder(target, place);
    return;
  }
  if (kind === "nothing") built.container.remove(target, place);
  built.container.addFolder(target, place);
  if (kind === "volume" && source !== "")
    built.stubs.push({
      what: `an empty folder at ${target}`,
      why: `${at(place)} mounts the volume ${source}, whose contents are not known`,
      place,
    });
};

const tmpfsOf = ({ fields }: Service, scope: Scope): Mount[] =>
  scope.texts(entry(fields, "tmpfs"), "tmpfs").map(({ text, place }) => ({
    kind: "nothing",
    source: "",
    target: text.split(":")[0] ?? "",
    readOnly: false,
    place,
  }));

const volumesFrom = ({ fields }: Service, project: Project, scope: Scope, notDone: NotDone[]): Mount[] =>
  scope.texts(entry(fields, "volumes_from"), "volumes_from").flatMap(({ text, place }) => {
    const other = project.services.get(text.replace(/^container:/, "").split(":")[0] ?? "");
    if (other) return mountsOf(entry(other.fields, "volumes"), scope);
    notDone.push({ what: `volumes_from ${text}`, why: "it is not a service of this file", place });
    return [];
  });
