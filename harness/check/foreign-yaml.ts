// YAML that is neither a deployment nor objects of Kubernetes: what it is instead, by its first keys. Pure.
import { parseDocument } from "yaml";
import { AuthorError } from "../errors.ts";
import { isRecord } from "./kubernetes.ts";

interface Kind {
  /** After "is". */
  is: string;
  /** What to do instead; default: nothing can be done. */
  instead?: string;
  matches: (keys: ReadonlySet<string>, value: unknown) => boolean;
}

const has =
  (...names: string[]): Kind["matches"] =>
  (keys) =>
    names.some((name) => keys.has(name));

const below = (value: unknown, ...path: string[]): unknown => path.reduce((at, step) => (isRecord(at) ? at[step] : undefined), value);

const kinds: readonly Kind[] = [
  // https://doc.traefik.io/traefik/reference/dynamic-configuration/file/
  {
    is: "a configuration of Traefik",
    matches: (keys, value) =>
      has("entryPoints", "certificatesResolvers")(keys, value) ||
      ["http", "tcp"].some((protocol) => ["routers", "services", "middlewares"].some((part) => below(value, protocol, part) !== undefined)),
  },
  // https://www.envoyproxy.io/docs/envoy/latest/configuration/overview/bootstrap
  { is: "a configuration of Envoy", matches: has("static_resources", "dynamic_resources") },
  // https://docs.konghq.com/deck/reference/entities/
  { is: "a configuration of Kong", matches: has("_format_version") },
  { is: "a workflow of GitHub", matches: (keys) => keys.has("jobs") && (keys.has("on") || keys.has("true")) },
  { is: "a description of an API (OpenAPI)", matches: has("openapi", "swagger") },
  {
    is: "a playbook of Ansible",
    instead: "check the configuration that it puts in place",
    matches: (_, value) =>
      Array.isArray(value) && value.some((play) => isRecord(play) && ("hosts" in play || "tasks" in play || "roles" in play)),
  },
  {
    is: "a file of values for a Helm chart",
    instead:
      'render it ("helm template RELEASE CHART --values FILE > rendered.yaml"), and check what comes out: hopwise check rendered.yaml',
    matches: (keys) => keys.has("replicaCount") || keys.has("controller") || (keys.has("image") && keys.has("ingress")),
  },
];

/** Throws for what is known; a compose file, and what YAML cannot read, are somebody else's. */
export const refuseForeignYaml = (text: string, shown: string): void => {
  const value = valueOf(text);
  if (isRecord(value) && "services" in value && !("_format_version" in value)) return;
  const keys = new Set(isRecord(value) ? Object.keys(value) : []);
  const kind = kinds.find(({ matches }) => matches(keys, value));
  if (!kind) return;
  throw new AuthorError(
    `${shown} is ${kind.is}, neither a configuration that can be checked nor a deployment that has one${kind.instead === undefined ? "" : `: ${kind.instead}`}.`,
  );
};

const valueOf = (text: string): unknown => {
  try {
    return parseDocument(text).toJS({ maxAliasCount: 100 });
  } catch {
    return null;
  }
};
