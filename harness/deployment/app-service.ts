// One service of the user's application as it is to run: its image or its build, what it is started with, what it mounts.
import { posix } from "node:path";
import { AuthorError } from "../errors.ts";
import type { ImageBuild } from "../runtime/application-image.ts";
import type { ServicePlan } from "../runtime/service.ts";
import type { Packaging } from "./packaging.ts";
import { Copies } from "./app-files.ts";
import { parseBuild } from "./build.ts";
import type { BuildPlan } from "./build-plan.ts";
import { takeConfigs } from "./configs.ts";
import { ContainerFiles, containerPath } from "./container-files.ts";
import { containerEnvironment } from "./environment.ts";
import type { Folder } from "./folder.ts";
import { exposedOrPublished, namesOf } from "./neighbors.ts";
import { mountsWith } from "./mounting.ts";
import { readIgnore } from "./patterns.ts";
import type { Project, Service } from "./project.ts";
import { at, entry } from "./scope.ts";
import type { Scope } from "./scope.ts";
import { buildOf, imageOf } from "./services.ts";
import { wordsGiven } from "./starting.ts";
import type { NotDone } from "./subject.ts";
import { Taker } from "./taking.ts";
import { readText } from "./text-file.ts";

export interface Around {
  /** Whether the proxy may read a file as configuration. */
  isConfiguration: Packaging["isConfiguration"];
  project: Project;
  scope: Scope;
  folder: Folder;
  notDone: NotDone[];
}

/** Fields that would give access beyond the container, or that are the engine's own. */
const notGiven =
  "privileged cap_add devices network_mode pid ipc security_opt sysctls extra_hosts external_links gpus runtime userns_mode".split(" ");

export const planService = async (service: Service, after: ServicePlan["after"], around: Around): Promise<ServicePlan> => {
  const { scope, project, folder, notDone } = around;
  const { fields } = service;
  const text = (name: string): string | null => scope.optionalText(entry(fields, name), name);
  for (const name of notGiven) {
    const place = fields.entries.get(name)?.place;
    if (place)
      notDone.push({
        what: `${name} of service ${service.name}`,
        why: "a service that Hopwise runs gets a network without a route out and no further rights",
        place,
      });
  }
  const { image, place } = await imageSpec(service, around);
  const variables = await containerEnvironment(service, new Map(), scope, folder);
  notDone.push(...variables.notDone);
  const { files, volumes } = await mounted(service, around);
  return {
    service: service.name,
    at: at(place),
    image,
    entrypoint: wordsGiven(entry(fields, "entrypoint"), "entrypoint", scope),
    command: wordsGiven(entry(fields, "command"), "command", scope),
    environment: Object.fromEntries(variables.environment),
    folder: text("working_dir"),
    user: text("user"),
    aliases: namesOf(service, project, scope),
    files,
    volumes,
    after,
    ports: exposedOrPublished(service, scope),
  };
};

const imageSpec = async (service: Service, around: Around): Promise<{ image: string | ImageBuild; place: Service["place"] }> => {
  const build = buildOf(service, around.scope, around.folder);
  if (build) return { image: await readBuild(service, build, around), place: build.place };
  const named = imageOf(service, around.scope);
  if (named) return named;
  throw new AuthorError(
    `${at(service.place)}: service ${service.name} has neither an image nor a build, and cannot be started; give it one`,
  );
};

const readBuild = async ({ name }: Service, plan: BuildPlan, { folder }: Around): Promise<ImageBuild> => {
  // A file that is not a Dockerfile is reported before the engine starts a build.
  const { file, stages, chain } = await parseBuild(plan, folder);
  const tail = stages[stages.indexOf(chain.at(-1) as (typeof stages)[number]) + 1];
  const own = "path" in plan.dockerfile ? plan.dockerfile.path : null;
  const asks = `${at(plan.place)}: service ${name} is built from`;
  const dockerfile = "text" in plan.dockerfile ? plan.dockerfile.text : ((await readText(folder, plan.dockerfile.path, asks)) ?? "");
  const ignore =
    (own === null ? null : await readText(folder, `${own}.dockerignore`, asks)) ??
    (await readText(folder, posix.join(plan.context, ".dockerignore"), asks)) ??
    "";
  const copies = new Copies(folder);
  const taken = await copies.take({ source: plan.context, target: "", asks, ignores: readIgnore(ignore), keepsOwner: false });
  if (taken !== "folder") throw new AuthorError(`${asks} ${plan.context}, which is ${taken === null ? "not there" : "not a folder"}`);
  return { file, dockerfile: dockerfile.slice(0, tail?.place.start), context: copies.entries, args: Object.fromEntries(plan.args) };
};

/** What it mounts is copied; the engine's volumes are empty, or have what the image has there. */
const mounted = async (service: Service, around: Around): Promise<Pick<ServicePlan, "files" | "volumes">> => {
  const { project, scope, folder, notDone, isConfiguration } = around;
  const copies = new Copies(folder);
  const empty = new Map<string, boolean>();
  const mounts = mountsWith(service, project, scope, notDone);
  const targets = new Set(mounts.map(({ target }) => containerPath(target)));
  for (const { kind, source, target: given, place } of mounts) {
    const target = containerPath(given);
    if (kind !== "path") {
      empty.set(target, kind === "nothing");
      continue;
    }
    const path = folder.named(source, place.file);
    // oxlint-disable-next-line no-await-in-loop
    const taken = await copies.take({
      source: path,
      target,
      asks: `${at(place)}: service ${service.name} mounts`,
      skips: (inner) => targets.has(posix.join(target, inner)),
      keepsOwner: true,
    });
    if (taken !== "file") empty.set(target, true);
    if (taken === null)
      notDone.push({ what: `${path} at ${target} of service ${service.name}`, why: "it is not there; the folder is empty", place });
  }
  const container = new ContainerFiles();
  const taker = new Taker(folder, container, notDone, isConfiguration);
  for (const kind of ["configs", "secrets"] as const)
    // oxlint-disable-next-line no-await-in-loop
    await takeConfigs(service, kind, { project, scope, folder, taker, container, notDone });
  const own = container.files.map(({ target, bytes }) => ({ name: target, kind: "file" as const, body: bytes, mode: 0o444 }));
  const volumes = Array.from(empty, ([target, isEmpty]) => ({ target, isEmpty }));
  return { files: [...copies.entries, ...own], volumes };
};
