// The locations of an Ingress, as ingress-nginx makes them of its rules.
import { isRecord, listAt, recordAt, textOf } from "../../../kubernetes.ts";
import type { KubernetesObject } from "../../../kubernetes.ts";
import { annotationsOf } from "./annotations.ts";
import type { Annotations } from "./annotations.ts";

export interface Backend {
  /** As the controller calls it: namespace, service, port. */
  name: string;
  host: string;
  port: number;
}

export interface IngressLocation {
  /** `location = /sse`. */
  title: string;
  /** The path of its rule. */
  path: string;
  backend: Backend;
  annotations: Annotations;
  ingress: string;
  /** Where an annotation stands, by its whole name. */
  placeOf: (annotation: string) => string | null;
}

export interface IngressServer {
  /** `_` for rules without a host. */
  host: string;
  tls: boolean;
  locations: IngressLocation[];
}

const ports: Record<string, number> = { http: 80, https: 443, grpc: 50_051 };

const backendOf = (service: Record<string, unknown>, namespace: string): Backend | null => {
  const name = textOf(service["name"]);
  const { number, name: named } = recordAt(service, "port");
  if (name === null) return null;
  const port = typeof number === "number" ? number : (ports[textOf(named) ?? ""] ?? 80);
  return { name: `${namespace}-${name}-${textOf(number) ?? textOf(named) ?? "80"}`, host: `${name}.${namespace}.svc.cluster.local`, port };
};

/** A regular expression where an annotation asks for one: then every location of the host is one. */
const titlesOf = (path: string, type: string, isRegex: boolean): string[] => {
  if (isRegex) return [`location ~* "^${path.replaceAll('"', '\\"')}"`];
  if (type === "Exact") return [`location = ${path}`];
  if (path === "/") return ["location /"];
  const folder = path.endsWith("/") ? path : `${path}/`;
  return [`location ${folder}`, `location = ${folder.slice(0, -1)}`];
};

export const serversOf = (ingresses: readonly KubernetesObject[]): IngressServer[] => {
  const servers = new Map<string, IngressServer>();
  const regexHosts = new Set(ingresses.flatMap((ingress) => (isRegex(annotationsOf(ingress)) ? hostsIn(ingress) : [])));
  for (const ingress of ingresses) {
    const annotations = annotationsOf(ingress);
    const { namespace, value } = ingress;
    const placeOf = (annotation: string): string | null => ingress.placeOf("metadata", "annotations", annotation);
    const secured = new Set(listAt(value, "spec", "tls").flatMap((tls) => listAt(tls, "hosts").flatMap((host) => textOf(host) ?? [])));
    const fallback = backendOf(recordAt(value, "spec", "defaultBackend", "service"), namespace);
    const rules = [
      ...listAt(value, "spec", "rules"),
      ...(fallback
        ? [
            {
              http: {
                paths: [{ path: "/", pathType: "Prefix", backend: { service: recordAt(value, "spec", "defaultBackend", "service") } }],
              },
            },
          ]
        : []),
    ];
    for (const rule of rules) {
      const host = hostOf(rule);
      const server = servers.get(host) ?? { host, tls: false, locations: [] };
      servers.set(host, server);
      server.tls ||= secured.has(host);
      for (const entry of listAt(rule, "http", "paths")) {
        const path = (isRecord(entry) ? textOf(entry["path"]) : null) ?? "/";
        const type = (isRecord(entry) ? textOf(entry["pathType"]) : null) ?? "Prefix";
        const backend = backendOf(recordAt(entry, "backend", "service"), namespace);
        if (!backend || !/^\/[^\s;{}]*$/.test(path)) continue;
        for (const title of titlesOf(path, type, regexHosts.has(host)))
          if (!server.locations.some((one) => one.title === title))
            server.locations.push({ title, path, backend, annotations, ingress: ingress.name, placeOf });
      }
    }
  }
  return [...servers.values()].filter(({ locations }) => locations.length > 0);
};

export const isRegex = (annotations: Annotations): boolean => annotations.get("use-regex") === "true" || annotations.has("rewrite-target");

const hostOf = (rule: unknown): string => {
  const host = isRecord(rule) ? textOf(rule["host"]) : null;
  return host !== null && /^(?:\*\.)?[\w.-]+$/.test(host) ? host : "_";
};

const hostsIn = ({ value }: KubernetesObject): string[] => listAt(value, "spec", "rules").map(hostOf);
