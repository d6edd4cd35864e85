// The servers of `hopwise list`: their versions, and where they can run.
import type { BinaryServer, ServerDefinition } from "../define.ts";
import { plain } from "../report/text.ts";
import { findBinary } from "../runtime/places.ts";
import { findNodeOf } from "../runtime/node-versions.ts";
import { majorOf, nodeVersions } from "../catalog/versions.ts";
import { entryLines, indented, section, variantsOf } from "./list-sections.ts";
import type { Place, Section } from "./list-sections.ts";

export const servers = (place: Place): Promise<Section> =>
  section("Servers", place.catalog.servers, place, async ({ id }, server: ServerDefinition) => [
    ...entryLines(id, plain(server.title), place),
    ...(await whereabouts(server, place)),
    ...(await versionLines(id, server, place)),
    ...clientLines(server, place),
    ...variantsOf(id, server.variants, place),
  ]);

/** As written in a chain, between id and variant: `nginx@1.26:gzip`. */
const versionLines = async (id: string, server: ServerDefinition, place: Place): Promise<string[]> => {
  const dim = (text: string): string[] => indented(text, 4, place, place.paint.dim);
  if (server.kind === "node") {
    const older = nodeVersions.map(async (name) => `@${name}${(await findNodeOf(majorOf(name))) ? "" : " (npm run prepare-nodes)"}`);
    return dim(`runs in Node; in older versions of Node as ${id}${(await Promise.all(older)).join(", ")}`);
  }
  const versions = Object.keys(server.versions ?? {});
  return versions.length === 0
    ? []
    : dim(`in containers, also as ${id}${versions.map((version) => `@${version}`).join(", ")}, or a range: ${id}@<${versions.at(-1)}`);
};

/** What its clients can speak, where that is a choice. */
const clientLines = ({ clients = [] }: ServerDefinition, place: Place): string[] =>
  clients.length < 2 ? [] : indented(`clients: ${clients.join(", ")}`, 4, place, place.paint.dim);

const whereabouts = async (server: ServerDefinition, place: Place): Promise<string[]> => {
  if (server.kind === "node") return [];
  const lacks = await missingHere(server, place);
  if (lacks !== null) return indented(lacks, 4, place, place.paint.yellow);
  const found = await findBinary(server.binary);
  return indented(
    found === null
      ? `runs in a container (there is no ${server.binary} on this machine)`
      : `runs as ${found}${place.engine ? ", or in a container" : ""}`,
    4,
    place,
    place.paint.dim,
  );
};

export const missingHere = async ({ binary, debian }: BinaryServer, { engine }: Place): Promise<string | null> =>
  engine || (await findBinary(binary)) !== null
    ? null
    : `cannot run here: there is no ${binary} on this machine, and no container engine (Debian: apt-get install ${debian.packages.join(" ")})`;
