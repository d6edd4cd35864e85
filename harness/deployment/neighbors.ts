// By which names the proxy knows other services, and which of them it forwards to.
import { basename, dirname, resolve } from "node:path";
import { parseBuild } from "./build.ts";
import { exposed } from "./build-instructions.ts";
import type { Folder } from "./folder.ts";
import { portsOf } from "./mounts.ts";
import type { Project, Service } from "./project.ts";
import { entry, listOf, softly } from "./scope.ts";
import type { Scope } from "./scope.ts";
import { buildOf } from "./services.ts";
import type { Neighbor } from "./subject.ts";
import { wordsOf } from "./words.ts";

export const neighborsOf = async (proxy: Service, project: Project, scope: Scope, folder: Folder): Promise<Neighbor[]> => {
  const known = new Map<string, Neighbor>();
  const add = (name: string, service: string | null, ports: number[]): void => {
    if (name !== "" && !known.has(name)) known.set(name, { name, service, ports });
  };
  const ports = new Map<string, number[]>();
  for (const service of project.services.values())
    // oxlint-disable-next-line no-await-in-loop
    ports.set(service.name, await portsWithin(service, scope, folder));
  for (const { service, alias } of linksOf(proxy, scope))
    for (const name of [alias, service]) add(name, project.services.has(service) ? service : null, ports.get(service) ?? []);
  for (const service of project.services.values()) {
    if (service === proxy) continue;
    const linked = !project.version1 || linksOf(proxy, scope).some((link) => link.service === service.name);
    // Version 1 has no network on which services find each other by name.
    if (linked) for (const name of namesOf(service, project, scope)) add(name, service.name, ports.get(service.name) ?? []);
  }
  for (const name of strangers(proxy, scope)) add(name, null, []);
  return [...known.values()];
};

const textsOf = (service: Service, field: string, scope: Scope): string[] =>
  softly(() => scope.texts(entry(service.fields, field), field).map(({ text }) => text), []);

/** `web`, `web:alias`. */
export const linksOf = (service: Service, scope: Scope): { service: string; alias: string }[] =>
  textsOf(service, "links", scope).map((link) => {
    const [name = "", alias = name] = link.split(":");
    return { service: name, alias };
  });

export const namesOf = (service: Service, project: Project, scope: Scope): string[] => {
  const one = (field: string): string[] =>
    softly(() => [scope.optionalText(entry(service.fields, field), field) ?? ""], []).filter((name) => name !== "");
  const networks = entry(service.fields, "networks");
  const aliases =
    networks?.kind === "mapping"
      ? [...networks.entries.values()].flatMap(({ value }) =>
          value.kind === "mapping" ? softly(() => scope.texts(entry(value, "aliases"), "aliases").map(({ text }) => text), []) : [],
        )
      : [];
  const numbered = project.version1 ? `${service.name}_1` : `${projectName(project)}-${service.name}-1`;
  return [service.name, ...one("container_name"), ...one("hostname"), ...aliases, numbered];
};

const projectName = ({ file }: Project): string =>
  basename(dirname(resolve(file)))
    .toLowerCase()
    .replaceAll(/[^\da-z_-]/g, "");

const strangers = (service: Service, scope: Scope): string[] => {
  const external = textsOf(service, "external_links", scope).map((link) => link.split(":").at(-1) ?? "");
  const hosts = entry(service.fields, "extra_hosts");
  const extra =
    hosts?.kind === "mapping"
      ? [...hosts.entries.keys()]
      : textsOf(service, "extra_hosts", scope).map((host) => host.split(/[:=]/)[0] ?? "");
  return [...external, ...extra];
};

/** What it exposes or publishes, else what its Dockerfile does. */
const portsWithin = async (service: Service, scope: Scope, folder: Folder): Promise<number[]> => {
  const given = exposedOrPublished(service, scope);
  if (given.length > 0) return given;
  const plan = softly(() => buildOf(service, scope, folder), null);
  const parsed = plan ? await parseBuild(plan, folder).catch(() => null) : null;
  const lines = parsed?.chain.flatMap(({ instructions }) => instructions.filter(({ name }) => name === "EXPOSE")) ?? [];
  return [...new Set(lines.flatMap(({ rest }) => exposed(wordsOf(rest, () => undefined))))];
};

export const exposedOrPublished = (service: Service, scope: Scope): number[] => [
  ...new Set([
    ...exposed(
      softly(
        () =>
          scope
            .texts({ kind: "list", items: listOf(entry(service.fields, "expose"), "expose"), place: service.place }, "expose")
            .map(({ text }) => text),
        [],
      ),
    ),
    ...softly(() => portsOf(entry(service.fields, "ports"), scope).map(({ target }) => target), []),
  ]),
];

/** Services that the proxy's texts name as where to forward to; if there are none, those that it depends on. */
export const appServicesOf = (proxy: Service, links: readonly Neighbor[], texts: readonly string[], scope: Scope): string[] => {
  const named = links.filter(
    ({ name, service }) => service !== null && service !== proxy.name && texts.some((text) => forwardsTo(text, name)),
  );
  const services = named.length > 0 ? named.map(({ service }) => service) : dependencies(proxy, links, scope);
  return [...new Set(services.filter((service) => service !== null))];
};

const forwardsTo = (text: string, name: string): boolean => {
  for (let i = text.indexOf(name); i !== -1; i = text.indexOf(name, i + 1)) {
    const before = text.slice(Math.max(0, i - 40), i);
    const after = text.slice(i + name.length, i + name.length + 1);
    if (
      /(\/\/|\bserver\s+|["'\s=]|^)$/.test(before) &&
      /^([:;/"'\s]|$)/.test(after) &&
      !/\b(location|alias|root|server_name)[^;{]*$/.test(before)
    )
      return true;
  }
  return false;
};

const dependencies = (proxy: Service, links: readonly Neighbor[], scope: Scope): (string | null)[] => {
  const depends = entry(proxy.fields, "depends_on");
  const names = depends?.kind === "mapping" ? [...depends.entries.keys()] : textsOf(proxy, "depends_on", scope);
  const linked = linksOf(proxy, scope).map(({ service }) => service);
  return [...linked, ...names].map((name) => links.find(({ service }) => service === name)?.service ?? null);
};
