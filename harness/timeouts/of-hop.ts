// The timeouts of a hop of the catalog: documented ones of its variant, lines of its own configuration, and what was only measured.
import type { KeptResult } from "../catalog/results.ts";
import type { CheckableServer, CheckedConfig } from "../check/server.ts";
import type { BinaryServer, DocumentedLimit } from "../define.ts";
import type { HopLimits, LimitSource, TimeLimit } from "../model/time-limit.ts";
import type { CatalogHop } from "./hop.ts";
import { measuredOnly } from "./measured.ts";
import type { Asked } from "./measured.ts";
import { defaultLimit, limitsOfRoute } from "./of-routes.ts";
import type { Server } from "./of-routes.ts";

/** `servers`: those whose configurations can be read. */
export const hopLimits = async (
  hop: CatalogHop,
  results: readonly KeptResult[],
  servers: readonly CheckableServer[],
): Promise<HopLimits> => {
  const { word } = hop;
  const server = serverOf(hop);
  const known = (await ofOwnConfiguration(hop, server, results, servers)) ?? ofDocumented(hop, server, results);
  return { hop: word, limits: [...known, ...onlyMeasured(word, server, known, results)], remarks: [] };
};

const ofDocumented = ({ word, variant, definition }: CatalogHop, server: Server, results: readonly KeptResult[]): TimeLimit[] =>
  server.documented.map((limit) => {
    const known = defaultLimit(word, limit, server, results);
    const isOfVariant = variant !== "default" && definition.variants[variant]?.limits !== undefined;
    const source: LimitSource = { from: "variant", directive: limit.setBy ?? variant, page: limit.page ?? server.link };
    return isOfVariant ? { ...known, source } : known;
  });

const serverOf = ({ kind, id, variant, version, definition }: CatalogHop): Server => {
  const own: DocumentedLimit[] = ("limits" in definition ? definition.limits : undefined) ?? [];
  const installed = version ?? ("debian" in definition ? versionOf(definition) : null);
  return {
    id,
    variant,
    version: installed,
    // Of an application, its server's timeouts count, and the variant's title names that.
    name:
      kind === "application"
        ? (definition.variants[variant]?.title ?? id)
        : installed === null || /^[<>]/.test(installed)
          ? id
          : `${id} ${installed}`,
    link: definition.link,
    documented: definition.variants[variant]?.limits ?? own,
  };
};

/** The one that a chain without a version runs in containers. */
const versionOf = ({ debian, versions = {} }: Pick<BinaryServer, "debian" | "versions">): string | null =>
  Object.entries(versions).find(([, { release }]) => release === debian.release)?.[0] ?? null;

const noFolder = "/hopwise";

/** What the catalog's configuration of this variant sets; null where Hopwise cannot read the server's configurations. */
const ofOwnConfiguration = async (
  hop: CatalogHop,
  server: Server,
  results: readonly KeptResult[],
  servers: readonly CheckableServer[],
): Promise<TimeLimit[] | null> => {
  const reader = servers.find(({ id }) => id === hop.id);
  if (!reader || hop.kind !== "server" || hop.definition.kind !== "binary") return null;
  const config = await readOwn(reader, hop.definition, hop.variant);
  const [route] = config.routes;
  const sourceOf = ({ directive }: { directive: string }, page: string): LimitSource => ({ from: "variant", directive, page });
  return route && config.limits ? limitsOfRoute(hop.word, config, route, server, results, sourceOf) : null;
};

const readOwn = (reader: CheckableServer, definition: BinaryServer, variant: string): Promise<CheckedConfig> => {
  const options = definition.variants[variant]?.options ?? {};
  const render = {
    upstream: new URL("http://upstream:8080"),
    listenPort: 80,
    listeners: [],
    certificate: "",
    folder: noFolder,
    contained: true,
    options,
  };
  const files = Object.entries(definition.files(render)).map(([name, text]) => ({
    path: name,
    target: `${noFolder}/${name}`,
    text,
    bytes: new TextEncoder().encode(text),
  }));
  const main = files[0]?.target ?? noFolder;
  return reader.read({ kind: "deployed", given: definition.title, files, main, sites: [], folder: noFolder }, { env: {} });
};

/** That the idle timeout also ends the wait for the first byte is no timeout of its own. */
const onlyMeasured = (hop: string, asked: Asked, known: readonly TimeLimit[], results: readonly KeptResult[]): TimeLimit[] => {
  const kinds = known.map(({ kind }) => kind);
  const covered = kinds.includes("idle-timeout") ? [...kinds, "first-byte-timeout" as const] : kinds;
  return measuredOnly(asked, covered, results).map(({ kind, ms, measured }) => ({
    hop,
    kind,
    ms,
    source: { from: "measurement" },
    measured,
  }));
};
