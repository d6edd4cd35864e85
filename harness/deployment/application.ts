// The application of a compose file, as it is kept: the services that the proxy forwards to, and what these need, in the order of starting.
import { nearestTo } from "../catalog/shelf.ts";
import type { ServicePlan } from "../runtime/service.ts";
import { AuthorError } from "../errors.ts";
import type { Packaging } from "./packaging.ts";
import { planService } from "./app-service.ts";
import type { Around } from "./app-service.ts";
import { openScope } from "./environment.ts";
import { Folder } from "./folder.ts";
import { linksOf } from "./neighbors.ts";
import { readProject } from "./project.ts";
import type { Service } from "./project.ts";
import { at, entry } from "./scope.ts";
import type { NotDone } from "./subject.ts";

export interface ApplicationOptions {
  cwd: string;
  env: Record<string, string>;
  /** The service that is checked: never started. */
  proxy: string;
  /** Whether the proxy may read a file as configuration. */
  isConfiguration: Packaging["isConfiguration"];
}

/** Throws AuthorErrors only. */
export const readApplication = async (
  given: string,
  wanted: readonly string[],
  { cwd, env, proxy, isConfiguration }: ApplicationOptions,
): Promise<{ services: ServicePlan[]; notDone: NotDone[] }> => {
  const folder = await Folder.around(given, cwd);
  const { scope } = await openScope(folder, env);
  const project = await readProject(given, folder, scope);
  const around: Around = { isConfiguration, folder, scope, project, notDone: [] };
  const services: ServicePlan[] = [];
  const trail: string[] = [];
  const add = async (service: Service): Promise<void> => {
    if (services.some((one) => one.service === service.name)) return;
    if (trail.includes(service.name))
      throw new AuthorError(`${at(service.place)}: service ${service.name} needs itself: ${[...trail, service.name].join(" → ")}`);
    trail.push(service.name);
    const after: ServicePlan["after"] = [];
    for (const one of needsOf(service, around)) {
      if (one.service === proxy) continue;
      // oxlint-disable-next-line no-await-in-loop
      await add(serviceNamed(one.service, around, service));
      after.push(one);
    }
    trail.pop();
    services.push(await planService(service, after, around));
  };
  for (const name of wanted) {
    const service = project.services.get(name);
    // One after the other, since the first may need the second.
    // oxlint-disable-next-line no-await-in-loop
    if (service) await add(service);
  }
  // A link's other name is known to all: no other service of this deployment has it.
  const linked = services.flatMap(({ service }) => linksOf(project.services.get(service) as Service, scope));
  return {
    services: services.map((plan) => ({
      ...plan,
      aliases: [...new Set([...plan.aliases, ...linked.filter(({ service }) => service === plan.service).map(({ alias }) => alias)])],
    })),
    notDone: around.notDone,
  };
};

const serviceNamed = (name: string, { project }: Around, asks: Service): Service => {
  const service = project.services.get(name);
  if (service) return service;
  throw new AuthorError(
    `${at(asks.place)}: service ${asks.name} needs "${name}", which is not a service of this file; ${nearestTo(name, [...project.services.keys()])}`,
  );
};

/** What it links to and what it depends on. */
const needsOf = (service: Service, { scope, project }: Around): ServicePlan["after"] => {
  const needs = new Map<string, ServicePlan["after"][number]["until"]>();
  for (const link of linksOf(service, scope)) needs.set(link.service, "listening");
  const depends = entry(service.fields, "depends_on");
  if (depends?.kind !== "mapping") for (const { text } of scope.texts(depends, "depends_on")) needs.set(text, "listening");
  else
    for (const [name, { value }] of depends.entries) {
      const field = (key: string): string | null =>
        value.kind === "mapping" ? scope.optionalText(entry(value, key), `depends_on.${key}`) : null;
      if (field("required") === "false" && !project.services.has(name)) continue;
      needs.set(name, field("condition") === "service_completed_successfully" ? "ended" : "listening");
    }
  return Array.from(needs, ([name, until]) => ({ service: name, until }));
};
