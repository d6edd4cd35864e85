// Reads a compose file for a check of its proxy: nothing is run, nothing is fetched, nothing out of its folder is read.
import { AuthorError } from "../../runtime/runtime.ts";
import { parseBuild, playBuild } from "./build.ts";
import type { Built } from "./build.ts";
import { takeConfigs } from "./configs.ts";
import { ContainerFiles } from "./container-files.ts";
import { containerEnvironment, openScope } from "./environment.ts";
import { findProxy } from "./find-proxy.ts";
import { Folder } from "./folder.ts";
import { layoutOfImage } from "./image.ts";
import { mountAll } from "./mounting.ts";
import { portsOf } from "./mounts.ts";

import { appServicesOf, neighboursOf } from "./neighbours.ts";
import type { Stageplay } from "./play.ts";
import { overrideBeside, readProject } from "./project.ts";
import type { Service } from "./project.ts";
import { at, entry } from "./scope.ts";
import type { Scope } from "./scope.ts";
import { buildOf, imageOf } from "./services.ts";
import { startUp } from "./starting.ts";
import type { ComposeSubject, NotDone } from "./subject.ts";
import { Taker } from "./taking.ts";

export interface ComposeOptions {
  cwd: string;
  service?: string;
  /** What variables of the compose file may be filled in from, beside the `.env` in its folder. */
  env: Record<string, string>;
}

/** Throws AuthorErrors only. */
export const readCompose = async (given: string, options: ComposeOptions): Promise<ComposeSubject> => {
  const folder = await Folder.around(given, options.cwd);
  const { scope, read } = await openScope(folder, options.env);
  const project = await readProject(given, folder, scope);
  const proxy = await findProxy(project, options.service, scope, folder);
  const notDone = [...project.notDone, ...(await overrideBeside(given, folder))];
  const container = new ContainerFiles();
  const play: Stageplay = { folder, container, taker: new Taker(folder, container, notDone), notDone, overlays: [] };

  const built = await startingPoint(proxy, scope, play);
  await mountAll(proxy, project, scope, play);
  // Files on their own come after folders that hide them.
  for (const kind of ["configs", "secrets"] as const)
    // oxlint-disable-next-line no-await-in-loop
    await takeConfigs(proxy, kind, { project, scope, ...play });
  play.taker.settleLinks();

  const around = await containerEnvironment(proxy, built.environment, scope, folder);
  notDone.push(...around.notDone);
  const { mainTarget, layout, templates } = startUp(proxy, built, around.environment, scope, play);
  const links = await neighboursOf(proxy, project, scope, folder);
  const texts = [...container.files.flatMap(({ text }) => text ?? []), ...around.environment.values()];
  return {
    service: proxy.name,
    place: proxy.place,
    image: built.image,
    imagePlace: built.imagePlace,
    layout,
    mainTarget,
    files: container.files,
    gone: container.gone,
    folders: container.folders,
    templates,
    environment: Object.fromEntries(around.environment),
    links,
    ports: portsOf(entry(proxy.fields, "ports"), scope),
    appServices: appServicesOf(proxy, links, texts, scope),
    overlays: play.overlays,
    notDone: someOf([...notDone, ...scope.unset]),
    read: [...new Set([...project.read, ...read, ...built.read, ...around.read])],
  };
};

/** As many as anybody reads. */
const mostTold = 200;

const someOf = (all: NotDone[]): NotDone[] => {
  const last = all.at(-1);
  return last && all.length > mostTold
    ? [...all.slice(0, mostTold), { what: `${all.length - mostTold} more`, why: "only the first are listed", place: last.place }]
    : all;
};

/** The image, or what its Dockerfile makes of one. */
const startingPoint = async (
  proxy: Service,
  scope: Scope,
  play: Stageplay,
): Promise<Omit<Built, "imagePlace"> & { imagePlace: Built["imagePlace"] | null }> => {
  const plan = buildOf(proxy, scope, play.folder);
  if (plan) {
    const built = await playBuild(plan, await parseBuild(plan, play.folder), play);
    if (built.image === null)
      play.notDone.push({
        what: `the image that ${at(built.imagePlace)} begins with`,
        why: "it is not nginx's; nginx is installed into it",
        place: built.imagePlace,
      });
    return built;
  }
  const named = imageOf(proxy, scope);
  if (!named) throw new AuthorError(`${at(proxy.place)}: service ${proxy.name} has neither an image nor a build`);
  return {
    image: named.image,
    imagePlace: named.place,
    layout: layoutOfImage(named.image),
    environment: new Map(),
    entryPoint: null,
    command: null,
    ports: [],
    templates: [],
    workdir: "/",
    read: [],
  };
};
