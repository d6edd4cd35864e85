// Reads a compose file for a check of its proxy: nothing is run, nothing is fetched, nothing out of its folder is read.
import { AuthorError } from "../../runtime/runtime.ts";
import { parseBuild, playBuild } from "./build.ts";
import type { Built } from "./build.ts";
import { takeConfigs } from "./configs.ts";
import { containerPath, ContainerFiles } from "./container-files.ts";
import { containerEnvironment, openScope } from "./environment.ts";
import { findProxy } from "./find-proxy.ts";
import { Folder } from "./folder.ts";
import { isOfficial, layoutOfImage, mainTargets } from "./image.ts";
import { mountsOf, portsOf } from "./mounts.ts";
import type { Mount } from "./mounts.ts";
import { appServicesOf, neighboursOf } from "./neighbours.ts";
import type { Stageplay } from "./play.ts";
import { overrideBeside, readProject } from "./project.ts";
import type { Project, Service } from "./project.ts";
import { at, entry } from "./scope.ts";
import type { Scope } from "./scope.ts";
import { buildOf, imageOf } from "./services.ts";
import { splitWords } from "./shell.ts";
import { readStartup, templatesOfEntryPoint } from "./startup.ts";
import type { ComposeSubject, Layout, NotDone, Template } from "./subject.ts";
import { Taker } from "./taking.ts";
import type { Value } from "./tree.ts";

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
  for (const kind of ["configs", "secrets"] as const)
    // oxlint-disable-next-line no-await-in-loop
    await takeConfigs(proxy, kind, { project, scope, ...play });
  await mountAll(proxy, project, scope, play);
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
    read: [],
  };
};

/** What is mounted hides what the image has there; deeper mounts come after those that they lie in. */
const mountAll = async (proxy: Service, project: Project, scope: Scope, play: Stageplay): Promise<void> => {
  const depth = ({ target }: Mount): number => containerPath(target).split("/").length;
  const mounts = [
    ...volumesFrom(proxy, project, scope, play.notDone),
    ...mountsOf(entry(proxy.fields, "volumes"), scope),
    ...tmpfsOf(proxy, scope),
  ];
  for (const mount of mounts.toSorted((a, b) => depth(a) - depth(b)))
    // oxlint-disable-next-line no-await-in-loop
    await mountOne(mount, play);
};

const mountOne = async ({ kind, source, target: given, place }: Mount, play: Stageplay): Promise<void> => {
  const target = containerPath(given);
  if (kind === "path") {
    const path = play.folder.named(source, place.file);
    const found = await play.folder.find(path);
    if (found.kind === "folder") play.container.remove(target, place);
    const taken = await play.taker.take({ source: path, target, place, asks: `${at(place)} mounts` });
    if (taken !== "file") play.container.addFolder(target, place);
    return;
  }
  if (kind === "nothing") play.container.remove(target, place);
  play.container.addFolder(target, place);
  if (kind === "volume" && source !== "")
    play.overlays.push({
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
    notDone.push({ what: `volumes_from ${text}`, why: "it is no service of this file", place });
    return [];
  });

const startUp = (
  proxy: Service,
  built: { image: string | null; layout: Layout; entryPoint: string[] | null; command: string[] | null; templates: Template[] },
  environment: ReadonlyMap<string, string>,
  scope: Scope,
  { container, notDone, overlays }: Stageplay,
): { mainTarget: string; layout: Layout; templates: Template[] } => {
  const entryPoint = wordsGiven(entry(proxy.fields, "entrypoint"), "entrypoint", scope);
  const command = wordsGiven(entry(proxy.fields, "command"), "command", scope);
  // An entry point of the service's own takes the image's command away.
  const startup = readStartup(entryPoint ?? built.entryPoint, command ?? (entryPoint ? null : built.command), environment);
  const place = (entry(proxy.fields, "command") ?? entry(proxy.fields, "entrypoint"))?.place ?? proxy.place;
  const templates: Template[] = [...built.templates, ...startup.templates.map((template) => ({ ...template, place }))];
  const waiting = templatesOfEntryPoint(container.files, environment);
  // The image's entry point looks at what it is to start, and fills in templates for nginx only.
  if (startup.byEntryPoint && startup.startsNginx)
    templates.push(...waiting.map((template) => ({ ...template, place: container.get(template.from)?.place ?? place })));
  else
    for (const { from } of waiting)
      notDone.push({
        what: `${from} is not filled in`,
        why: "the image does this only when nginx itself is what it is told to start",
        place,
      });
  for (const line of startup.leftOut)
    overlays.push({
      what: startup.startsNginx ? `nginx without \`${shortened(line)}\`` : `nginx itself in place of \`${shortened(line)}\``,
      why: `${at(place)} starts it, and it is not executed`,
      place,
    });
  if (startup.globals !== null)
    notDone.push({ what: `-g "${startup.globals}"`, why: "directives of the command line are not taken over", place });
  for (const { from, place: asked } of templates)
    if (!container.get(from))
      throw new AuthorError(`${at(asked)}: the template ${from} is put there by nothing that this deployment names`);
  const layout = layoutWith(built, container);
  const mainTarget = startup.main ?? mainTargets[layout];
  if (mainTarget !== mainTargets[layout] && !container.get(mainTarget) && !templates.some(({ to }) => to === mainTarget))
    throw new AuthorError(`${at(place)}: nginx is started with ${mainTarget}, which nothing that this deployment names puts there`);
  return { mainTarget, layout, templates };
};

/** Somebody's own image with sites-enabled, and no nginx.conf to include them: made of Debian's package. */
const layoutWith = ({ image, layout }: { image: string | null; layout: Layout }, container: ContainerFiles): Layout => {
  const usesSites = [...container.files, ...container.gone].some(({ target }) => target.startsWith("/etc/nginx/sites-enabled"));
  return layout === "official" && image !== null && !isOfficial(image) && usesSites && !container.get(mainTargets.official)
    ? "debian"
    : layout;
};

const shortened = (line: string): string => (line.length > 120 ? `${line.slice(0, 119)}…` : line);

/** Null where nothing is given; a text is taken apart as compose does it. */
const wordsGiven = (value: Value | undefined, what: string, scope: Scope): string[] | null => {
  if (value === undefined || value.kind === "nothing") return null;
  return value.kind === "text" ? splitWords(scope.text(value)) : scope.texts(value, what).map(({ text }) => text);
};
