// With `--run-entrypoint`: what a service starts with is run in a sandbox, and what it has written there is what is checked.
import { posix } from "node:path";
import type { TarEntry } from "../runtime/tar.ts";
import type { Packaging } from "./packaging.ts";
import type { BuildState } from "./build-state.ts";
import type { Built } from "./build-plan.ts";
import type { ContainerFiles } from "./container-files.ts";
import type { Service } from "./project.ts";
import { at, entry } from "./scope.ts";
import type { Scope } from "./scope.ts";
import { wordsGiven } from "./starting.ts";
import type { ComposeFile, NotDone, Template } from "./subject.ts";
import { writtenFiles } from "./written.ts";

/** What a sandbox is asked to run. */
export interface SandboxRequest {
  title: string;
  /** As the deployment names it; null: none that has the server in it. */
  image: string | null;
  /** Null: the image's own. */
  entrypoint: string[] | null;
  command: string[] | null;
  environment: Record<string, string>;
  workdir: string | null;
  entries: TarEntry[];
  packaging: Packaging;
}

export interface SandboxResult {
  /** What the server would be started with. */
  started: string[];
  files: { name: string; body: Buffer }[];
  gone: string[];
}

export type Sandbox = (request: SandboxRequest) => Promise<SandboxResult>;

/** Keys that would give a container more than a check allows. */
const ignored =
  "privileged pid ipc userns_mode security_opt devices device_cgroup_rules runtime volumes_from cap_add network_mode sysctls extra_hosts cgroup_parent group_add uts".split(
    " ",
  );

const ignoredIn = ({ fields }: Service): NotDone[] =>
  ignored.flatMap((key) => {
    const value = entry(fields, key);
    return value ? [{ what: key, why: "it is ignored when the entry point runs for a check", place: value.place }] : [];
  });

/** Scripts can be run, as the files of a repository mostly can. */
const isScript = ({ bytes }: ComposeFile): boolean => bytes[0] === 0x23 && bytes[1] === 0x21;

const entriesOf = ({ files, folders }: ContainerFiles): TarEntry[] => [
  ...folders.map(({ target }): TarEntry => ({ name: target, kind: "folder" })),
  ...files.map((file): TarEntry => ({ name: file.target, kind: "file", body: file.bytes, mode: isScript(file) ? 0o755 : 0o644 })),
];

export interface Ran {
  mainTarget: string;
  layout: string;
  templates: Template[];
  files: ComposeFile[];
  isScripted: false;
}

export const runStart = async (
  sandbox: Sandbox,
  given: string,
  proxy: Service,
  built: Pick<Built, "image" | "layout" | "entryPoint" | "command" | "workdir">,
  environment: ReadonlyMap<string, string>,
  scope: Scope,
  { container, notDone, stubs, packaging }: BuildState,
): Promise<Ran> => {
  const entryPoint = wordsGiven(entry(proxy.fields, "entrypoint"), "entrypoint", scope);
  const command = wordsGiven(entry(proxy.fields, "command"), "command", scope);
  const workdir = scope.optionalText(entry(proxy.fields, "working_dir"), "working_dir") ?? built.workdir;
  const place = (entry(proxy.fields, "entrypoint") ?? entry(proxy.fields, "command"))?.place ?? proxy.place;
  const { started, files, gone } = await sandbox({
    title: `The entry point of service ${proxy.name} (${at(place)})`,
    image: built.image,
    entrypoint: entryPoint ?? built.entryPoint,
    command: command ?? (entryPoint ? null : built.command),
    environment: Object.fromEntries(environment),
    workdir: workdir === "/" ? null : workdir,
    entries: entriesOf(container),
    packaging,
  });
  notDone.push(...ignoredIn(proxy));
  const { main } = packaging.readArguments(started.slice(1));
  const own = (target: string): boolean => packaging.folders.some((folder) => target.startsWith(`${folder}/`));
  const kept = container.files.filter(({ target }) => !own(target));
  const written = writtenFiles(files, container.files, given, place);
  const made = written.filter(({ isCopy }) => isCopy).map(({ target }) => target);
  stubs.push({
    what: `${made.length} ${made.length === 1 ? "file" : "files"} that the entry point wrote: ${made.slice(0, 5).join(", ")}${made.length > 5 ? " …" : ""}`,
    why: `${at(place)} starts it, and it was run in a sandbox without a network (--run-entrypoint)`,
    place,
  });
  const layout = packaging.layoutIn(
    { files: written, gone: gone.map((target) => ({ target })), has: (target) => written.some((file) => file.target === target) },
    built.image,
    built.layout,
  );
  const mainTarget = main ?? packaging.layouts[layout]?.main;
  if (mainTarget === undefined) throw new Error(`${packaging.title} has no layout "${layout}"`);
  return { mainTarget: posix.normalize(mainTarget), layout, templates: [], files: [...kept, ...written], isScripted: false };
};
