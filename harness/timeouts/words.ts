// From the words of a command line or a scenario to hops, by the catalog.
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { Catalog } from "../catalog/catalog.ts";
import { nearestTo, similarTo } from "../catalog/shelf.ts";
import type { Shelf } from "../catalog/shelf.ts";
import { chooseVersion, nodeVersions, partsOf } from "../catalog/versions.ts";
import type { ApplicationOrigin, PlatformDefinition, ServerDefinition } from "../define.ts";
import { AuthorError } from "../errors.ts";
import type { Hop } from "./hop.ts";

/** `heroku`, or `aws-api-gateway:edge`. */
export const platformHop = async (catalog: Catalog, word: string, askedBy: string): Promise<Hop> => {
  const { server: id, variant } = partsOf(word);
  if (id === "") throw new AuthorError(`${askedBy} has an empty name; write e.g. heroku,cloudflare`);
  const definition = await catalog.platforms.find(id, askedBy).load();
  return { kind: "platform", word, definition, scope: word === id ? null : scopeOf(definition, id, variant, askedBy) };
};

const scopeOf = ({ limits }: PlatformDefinition, id: string, scope: string, askedBy: string): string => {
  const scopes = [...new Set(limits.flatMap((limit) => limit.scope ?? []))];
  if (scopes.includes(scope)) return scope;
  throw new AuthorError(`${askedBy}: platform "${id}" has no "${scope}"; ${nearestTo(scope, scopes)}`);
};

/** A word of a chain, or a path in `cwd`; null for a scripted origin, which is the lab's. */
export const hopOf = async (catalog: Catalog, word: string, askedBy: string, cwd: string): Promise<Hop | null> => {
  const { server: id, version, variant } = partsOf(word);
  const { servers, middlewares, origins, platforms } = catalog;
  const has = (shelf: Shelf<unknown>): boolean => shelf.ids.includes(id);
  if (has(servers)) {
    const definition = await servers.find(id, askedBy).load();
    refuseVersion(definition, version, id, askedBy);
    return { kind: "server", word, id, definition, version, variant: knownVariant(definition.variants, variant, id, askedBy) };
  }
  if (has(platforms)) return platformHop(catalog, word, askedBy);
  if (has(middlewares)) {
    const definition = await middlewares.find(id, askedBy).load();
    return { kind: "middleware", word, id, definition, version: null, variant: knownVariant(definition.variants, variant, id, askedBy) };
  }
  if (has(origins)) {
    const definition = await origins.find(id, askedBy).load();
    if (definition.kind !== "application") return null;
    refuseVersion(definition, version, id, askedBy);
    return { kind: "application", word, id, definition, version, variant: knownVariant(definition.variants, variant, id, askedBy) };
  }
  if (existsSync(resolve(cwd, word))) return { kind: "configuration", word };
  throw unknown(catalog, word, id, cwd);
};

const knownVariant = (variants: object, variant: string, id: string, askedBy: string): string => {
  if (Object.hasOwn(variants, variant)) return variant;
  throw new AuthorError(`${askedBy}: "${id}" has no variant "${variant}"; ${nearestTo(variant, Object.keys(variants))}`);
};

/** Of Node servers the version of Node, of all others their own. */
const refuseVersion = (definition: ServerDefinition | ApplicationOrigin, version: string | null, id: string, askedBy: string): void => {
  if (version === null) return;
  const versions = definition.kind === "node" ? nodeVersions : Object.keys(definition.versions ?? {});
  if (definition.kind === "node" ? versions.includes(version) : chooseVersion(definition, version)) return;
  throw new AuthorError(`${askedBy}: "${id}" has no version "${version}"; ${nearestTo(version, versions)}`);
};

const unknown = ({ servers, middlewares, origins, platforms, scenarios }: Catalog, word: string, id: string, cwd: string): AuthorError => {
  if (/[/\\]|^\.|\.[a-z]\w*$/i.test(word)) return new AuthorError(`There is no file or folder "${word}" in ${cwd}`);
  const similar = similarTo(
    id,
    [servers, platforms, middlewares, origins, scenarios].flatMap(({ ids }) => ids),
  );
  const next = similar === null ? "npx hopwise list shows what there is" : `did you mean "${similar}"?`;
  return new AuthorError(`"${word}" is neither a hop, a platform or a scenario of the catalog, nor a file; ${next}`);
};
