// A file of Kubernetes objects as what to check: the configuration that a ConfigMap holds, or what a server's controller makes of the objects.
import { posix } from "node:path";
import { plain } from "../report/text.ts";
import { AuthorError } from "../errors.ts";
import type { Stub } from "./configuration.ts";
import { filesHeld, placed } from "./kubernetes-files.ts";
import { titleOf } from "./kubernetes.ts";
import type { KubernetesObject } from "./kubernetes.ts";
import type { CheckableServer, CheckedConfig, RouteOptions } from "./server.ts";

export interface KubernetesSubject {
  server: CheckableServer;
  config: CheckedConfig;
  image: null;
}

/** Throws AuthorErrors only. */
export const readKubernetes = async (
  given: string,
  objects: readonly KubernetesObject[],
  options: RouteOptions,
  servers: readonly CheckableServer[],
): Promise<KubernetesSubject> => {
  for (const server of servers) {
    // The first that finds something; each only reads what is in memory.
    // oxlint-disable-next-line no-await-in-loop
    const config = (await heldIn(given, objects, options, server)) ?? (await renderedFrom(given, objects, options, server));
    if (config) return { server, config, image: null };
  }
  const about = servers.flatMap(({ controller }) => objects.flatMap((object) => controller?.about(object) ?? []));
  throw new AuthorError(plain(`${given} ${about[0] ?? nothingToCheck(objects, servers)}`));
};

const mostNamed = 4;

const nothingToCheck = (objects: readonly KubernetesObject[], servers: readonly CheckableServer[]): string => {
  const more = objects.length - mostNamed;
  const named = `${objects.slice(0, mostNamed).map(titleOf).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
  const titles = servers.map(({ packaging }) => packaging.title).join(" or ");
  const dump = servers.find(({ controller }) => controller)?.controller?.dump;
  return `holds objects of Kubernetes (${named}), and no configuration of ${titles}: give the ConfigMap that holds it${dump === undefined ? "" : `, or what runs: ${dump}`}`;
};

const heldIn = async (
  given: string,
  objects: readonly KubernetesObject[],
  options: RouteOptions,
  server: CheckableServer,
): Promise<CheckedConfig | null> => {
  const held = filesHeld(objects, given);
  const shapes = new Map(held.map((file) => [file, server.recognizes({ path: file.key, text: file.text })]));
  const whole = held.find((file) => shapes.get(file) === "whole");
  if (!whole && !held.some((file) => shapes.get(file) === "fragment")) return null;
  const [layout] = Object.values(server.packaging.layouts);
  if (!layout) return null;
  const { main, sites } = layout;
  const folder = posix.dirname(main);
  const siteFolder = posix.dirname(sites[0] ?? main);
  const files = placed(objects, held, (file) => {
    if (file === whole) return main;
    return posix.join(shapes.get(file) === "fragment" && file.key.endsWith(".conf") ? siteFolder : folder, posix.basename(file.key));
  });
  const mainTarget = whole
    ? (files.find(({ path, target }) => path === whole.path && target === main)?.target ?? targetOf(files, whole.path, main))
    : main;
  return server.read({ kind: "deployed", given, files, main: mainTarget, sites, folder: given }, options);
};

const targetOf = (files: readonly { path: string; target: string }[], path: string, otherwise: string): string =>
  files.find((file) => file.path === path)?.target ?? otherwise;

const renderedFrom = async (
  given: string,
  objects: readonly KubernetesObject[],
  options: RouteOptions,
  server: CheckableServer,
): Promise<CheckedConfig | null> => {
  const rendered = server.controller?.render(objects);
  if (!rendered) return null;
  const { text, what, main, notRendered } = rendered;
  const path = `${given}#${posix.basename(main)}`;
  const files = [{ path, target: main, text, bytes: new TextEncoder().encode(text), isCopy: true as const }];
  const config = await server.read({ kind: "deployed", given, files, main, sites: [], folder: given }, options);
  const stub = (one: { what: string; why: string }): Stub => ({ ...one, place: null });
  return config.with({ stubs: [stub(what), ...notRendered.map(stub), ...config.deployment.stubs] });
};
