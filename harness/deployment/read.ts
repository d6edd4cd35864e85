// Reads a compose file for a check of its proxy: nothing is run, nothing is fetched, and nothing outside of its folder is read.
import { AuthorError } from "../errors.ts";
import type { CheckableServer } from "../check/server.ts";
import { parseBuild, evaluateBuild } from "./build.ts";
import type { Built } from "./build-plan.ts";
import { takeConfigs } from "./configs.ts";
import { ContainerFiles } from "./container-files.ts";
import { containerEnvironment, openScope } from "./environment.ts";
import { madeAtRunTimeIn, refuseMadeAtRunTime, writerIn } from "./at-run-time.ts";
import { findProxy } from "./find-proxy.ts";
import { Folder } from "./folder.ts";
import { mountAll } from "./mounting.ts";
import { portsOf } from "./mounts.ts";

import { appServicesOf, neighborsOf } from "./neighbors.ts";
import type { BuildState } from "./build-state.ts";
import { readProject } from "./project.ts";
import { overrideBeside } from "./project-services.ts";
import type { Service } from "./project.ts";
import { runStart } from "./ran.ts";
import type { Sandbox } from "./ran.ts";
import { at, entry } from "./scope.ts";
import type { Scope } from "./scope.ts";
import { buildOf, imageOf } from "./services.ts";
import { userNotDone } from "./server-user.ts";
import { startUp } from "./starting.ts";
import type { ComposeSubject, NotDone } from "./subject.ts";
import { Taker } from "./taking.ts";

export interface ComposeOptions {
  cwd: string;
  service?: string;
  /** What variables of the compose file may be filled in from, beside the `.env` in its folder. */
  env: Record<string, string>;
  /** Runs what the proxy starts with; absent: it is read, and not executed. */
  sandbox?: (server: string) => Sandbox;
  /** Those that can be checked. */
  servers: readonly CheckableServer[];
}

/** Throws AuthorErrors only. */
export const readCompose = async (given: string, options: ComposeOptions): Promise<ComposeSubject> => {
  const folder = await Folder.around(given, options.cwd);
  const { scope, read } = await openScope(folder, options.env);
  const project = await readProject(given, folder, scope);
  const { proxy, server } = await findProxy(project, options.service, options.servers, scope, folder);
  const { packaging } = server;
  const made = madeAtRunTimeIn(proxy, packaging, scope);
  if (made) refuseMadeAtRunTime(proxy, made, given, scope);
  const notDone = [...project.notDone, ...(await overrideBeside(given, folder))];
  const container = new ContainerFiles();
  const evaluated: BuildState = {
    folder,
    container,
    taker: new Taker(folder, container, notDone, packaging.isConfiguration),
    notDone,
    stubs: [],
    packaging,
  };

  const built = await startingPoint(proxy, scope, evaluated);
  await mountAll(proxy, project, scope, evaluated);
  // Files on their own come after folders that hide them.
  for (const kind of ["configs", "secrets"] as const)
    // oxlint-disable-next-line no-await-in-loop
    await takeConfigs(proxy, kind, { project, scope, ...evaluated });
  evaluated.taker.settleLinks();

  notDone.push(...userNotDone(proxy, built, scope));
  const around = await containerEnvironment(proxy, built.environment, scope, folder);
  notDone.push(...around.notDone);
  const { mainTarget, layout, templates, files, isScripted } = options.sandbox
    ? await runStart(options.sandbox(server.id), given, proxy, built, around.environment, scope, evaluated)
    : { ...startUp(proxy, built, around.environment, scope, evaluated), files: container.files };
  const writer = writerIn(project, packaging, scope);
  if (writer && !container.files.some(({ target }) => packaging.isConfiguration(target))) refuseMadeAtRunTime(proxy, writer, given, scope);
  const links = await neighborsOf(proxy, project, scope, folder);
  const texts = [...container.files.flatMap(({ text }) => text ?? []), ...around.environment.values()];
  return {
    service: proxy.name,
    server,
    place: proxy.place,
    image: built.image,
    imagePlace: built.imagePlace,
    layout,
    mainTarget,
    files,
    gone: container.gone,
    folders: container.folders,
    templates,
    environment: Object.fromEntries(around.environment),
    isScripted,
    links,
    ports: portsOf(entry(proxy.fields, "ports"), scope),
    appServices: appServicesOf(proxy, links, texts, scope),
    stubs: evaluated.stubs,
    notDone: someOf([...notDone, ...scope.unset]),
    read: [...new Set([...project.read, ...read, ...built.read, ...around.read])],
  };
};

/** A longer list is not useful. */
const mostReported = 200;

const someOf = (all: NotDone[]): NotDone[] => {
  const last = all.at(-1);
  return last && all.length > mostReported
    ? [...all.slice(0, mostReported), { what: `${all.length - mostReported} more`, why: "only the first are listed", place: last.place }]
    : all;
};

/** The image, or what its Dockerfile makes of one. */
const startingPoint = async (
  proxy: Service,
  scope: Scope,
  evaluated: BuildState,
): Promise<Omit<Built, "imagePlace"> & { imagePlace: Built["imagePlace"] | null }> => {
  const plan = buildOf(proxy, scope, evaluated.folder);
  if (plan) {
    const built = await evaluateBuild(plan, await parseBuild(plan, evaluated.folder), evaluated);
    if (built.image === null)
      evaluated.notDone.push({
        what: `the image that ${at(built.imagePlace)} begins with`,
        why: `it is not ${evaluated.packaging.title}'s; ${evaluated.packaging.title} is installed into it`,
        place: built.imagePlace,
      });
    return built;
  }
  const named = imageOf(proxy, scope);
  if (!named) throw new AuthorError(`${at(proxy.place)}: service ${proxy.name} has neither an image nor a build`);
  return {
    image: named.image,
    imagePlace: named.place,
    layout: evaluated.packaging.layoutOf(named.image),
    environment: new Map(),
    entryPoint: null,
    command: null,
    ports: [],
    templates: [],
    workdir: "/",
    user: null,
    read: [],
  };
};
