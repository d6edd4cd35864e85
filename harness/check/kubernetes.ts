// Objects of Kubernetes, as files of YAML hold them: a ConfigMap may hold a configuration, other objects are for a server's controller.
import { LineCounter, isMap, isScalar, isSeq, parseAllDocuments } from "yaml";
import { AuthorError } from "../errors.ts";

export interface KubernetesObject {
  apiVersion: string;
  kind: string;
  name: string;
  namespace: string;
  /** As it stands there. */
  value: Record<string, unknown>;
  /** Where a key below these others stands, e.g. `ingress.yaml:12`; null: it is not there, or stands at an anchor. */
  placeOf: (...path: string[]) => string | null;
}

const mostObjects = 1000;

/** Null: the text holds none. */
export const kubernetesObjects = (text: string, shown: string): KubernetesObject[] | null => {
  if (!/(?:^|[{,])\s*(?:- )?["']?apiVersion["']?\s*:/m.test(text)) return null;
  try {
    const lineCounter = new LineCounter();
    const documents = parseAllDocuments(text, { lineCounter });
    if (!Array.isArray(documents)) return null;
    const placeAt = (offset: number): string => `${shown}:${lineCounter.linePos(offset).line}`;
    const objects = documents.flatMap((document) =>
      objectsIn(document.toJS({ maxAliasCount: 100 }) as unknown, { node: document.contents, placeAt }),
    );
    if (objects.length > mostObjects) throw new AuthorError(`${shown} holds more than ${mostObjects} objects of Kubernetes.`);
    return objects.length > 0 ? objects : null;
  } catch (error) {
    if (error instanceof AuthorError) throw error;
    return null;
  }
};

/** A file of a chart, before Helm has filled it in. */
export const refuseChart = (text: string, shown: string): void => {
  if (/\{\{-?\s*(?:\.(?:Values|Release|Chart|Capabilities|Files)\b|include |template |toYaml |tpl |range |with |define |if )/.test(text))
    throw new AuthorError(
      `${shown} is a template of a Helm chart: render it ("helm template RELEASE CHART > rendered.yaml"), and check what comes out: hopwise check rendered.yaml`,
    );
};

interface Source {
  node: unknown;
  placeAt: (offset: number) => string;
}

const pairAt = (node: unknown, step: string | undefined): { key: unknown; value: unknown } | null =>
  (isMap(node) ? node.items.find(({ key }) => isScalar(key) && String(key.value) === step) : null) ?? null;

const placeOf = ({ node, placeAt }: Source, path: readonly string[]): string | null => {
  const parent = path.slice(0, -1).reduce<unknown>((at, step) => pairAt(at, step)?.value, node);
  const key = pairAt(parent, path.at(-1))?.key;
  return isScalar(key) && key.range ? placeAt(key.range[0]) : null;
};

const objectsIn = (value: unknown, source: Source): KubernetesObject[] => {
  if (!isRecord(value)) return [];
  const { apiVersion, kind, metadata, items } = value;
  if (typeof apiVersion !== "string" || typeof kind !== "string") return [];
  if (kind.endsWith("List") && Array.isArray(items)) {
    const nodes = pairAt(source.node, "items")?.value;
    return items.flatMap((item, index) => objectsIn(item, { ...source, node: isSeq(nodes) ? nodes.items[index] : null }));
  }
  const { name, namespace } = isRecord(metadata) ? metadata : {};
  return [
    {
      apiVersion,
      kind,
      name: textOf(name) ?? "",
      namespace: textOf(namespace) ?? "default",
      value,
      placeOf: (...path) => placeOf(source, path),
    },
  ];
};

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** YAML reads `on` and `60` as what they look like. */
export const textOf = (value: unknown): string | null =>
  typeof value === "string" ? value : typeof value === "number" || typeof value === "boolean" ? String(value) : null;

export const recordAt = (value: unknown, ...path: string[]): Record<string, unknown> => {
  let at = value;
  for (const step of path) at = isRecord(at) ? at[step] : undefined;
  return isRecord(at) ? at : {};
};

export const listAt = (value: unknown, ...path: string[]): unknown[] => {
  const last = path.at(-1);
  const found = last === undefined ? value : recordAt(value, ...path.slice(0, -1))[last];
  return Array.isArray(found) ? found : [];
};

/** `a Deployment "web"`. */
export const titleOf = ({ kind, name }: KubernetesObject): string =>
  `${/^(?:[AEIOU]|HTTP)/.test(kind) ? "an" : "a"} ${kind}${name === "" ? "" : ` "${name}"`}`;
