// `hopwise list`: what there is, and what of it can run here.
import { openCatalog } from "../catalog.ts";
import type { Catalog, Entry, Shelf } from "../catalog.ts";
import { planChain } from "../chain.ts";
import type { BinaryServer, MiddlewareDefinition, OriginDefinition, Scenario, ServerDefinition, Variant } from "../define.ts";
import type { Look, Paint } from "../report/look.ts";
import { paintOf } from "../report/look.ts";
import { pad, plain, widthOf, wrap } from "../report/text.ts";
import { askForEngine } from "../runtime/choose.ts";
import { findBinary } from "../runtime/places.ts";
import { findNodeOf } from "../runtime/node-versions.ts";
import { AuthorError } from "../runtime/runtime.ts";
import { majorOf, nodeVersions } from "../versions.ts";
import { exitCodes } from "./exit-code.ts";

export const parts = ["scenarios", "servers", "middlewares", "origins"] as const;
export type Part = (typeof parts)[number];

interface Place {
  catalog: Catalog;
  engine: boolean;
  look: Look;
  paint: Paint;
}

export const listCommand = async (wanted: readonly Part[], look: Look): Promise<{ text: string; code: number }> => {
  const place: Place = { catalog: openCatalog(), engine: (await askForEngine()) !== null, look, paint: paintOf(look) };
  const sections = { scenarios, servers, middlewares, origins } satisfies Record<Part, (place: Place) => Promise<Section>>;
  const blocks: string[] = [];
  let broken = false;
  for (const part of wanted) {
    const { title, lines, faulty } = await sections[part](place);
    blocks.push([place.paint.bold(title), ...lines].join("\n"));
    broken ||= faulty;
  }
  blocks.push(
    place.engine
      ? "A container engine answers: servers that are not installed run in containers."
      : "No container engine answers: what is not installed cannot run here (hopwise doctor).",
  );
  return { text: `${blocks.join("\n\n")}\n`, code: broken ? exitCodes.author : exitCodes.holds };
};

interface Section {
  title: string;
  lines: string[];
  /** One of its files cannot be used. */
  faulty: boolean;
}

const section = async <T>(
  title: string,
  shelf: Shelf<T>,
  place: Place,
  describe: (entry: Entry<T>, value: T) => Promise<string[]> | string[],
): Promise<Section> => {
  const lines: string[] = [];
  let faulty = false;
  for (const entry of shelf.entries)
    try {
      lines.push(...(await describe(entry, await entry.load())));
    } catch (error) {
      if (!(error instanceof AuthorError)) throw error;
      faulty = true;
      lines.push(...indented(`✗ ${entry.id}: ${plain(error.message)}`, 2, place, place.paint.red));
    }
  return { title: `${title} (${shelf.entries.length})`, lines, faulty };
};

const indented = (text: string, by: number, { look }: Place, paint: (text: string) => string = String): string[] =>
  wrap(text, look.width - by).map((line) => " ".repeat(by) + paint(line));

/** Name and what it is on one line where they fit. */
const entryLines = (name: string, what: string, place: Place): string[] => {
  const { paint, look } = place;
  if (4 + widthOf(name) + widthOf(what) <= look.width) return [`  ${paint.bold(name)}  ${what}`];
  return [`  ${paint.bold(name)}`, ...indented(what, 4, place)];
};

const scenarios = (place: Place): Promise<Section> =>
  section("Scenarios", place.catalog.scenarios, place, async ({ id }, scenario: Scenario) => {
    const { words, servers: plans } = await planChain(place.catalog, id, scenario);
    const missing = await Promise.all(plans.flatMap((plan) => (plan.kind === "binary" ? [missingHere(plan.definition, place)] : [])));
    const lacks =
      missing.find((sentence) => sentence !== null) ??
      (scenario.timeScale !== undefined && !place.engine ? "cannot run here: its timeScale takes containers, and no engine answers" : null);
    return [
      `  ${place.paint.bold(id)}`,
      ...indented(plain(scenario.title), 4, place),
      ...indented(
        `${plain(words.join(" → "))}   ${scenario.trial.kind}${scenario.showcase ? ", showcase" : ""}`,
        4,
        place,
        place.paint.dim,
      ),
      ...(lacks ? indented(lacks, 4, place, place.paint.yellow) : []),
    ];
  });

const servers = (place: Place): Promise<Section> =>
  section("Servers", place.catalog.servers, place, async ({ id }, server: ServerDefinition) => [
    ...entryLines(id, plain(server.title), place),
    ...(await whereabouts(server, place)),
    ...(await versionLines(id, server, place)),
    ...variantsOf(id, server.variants, place),
  ]);

/** As a chain names them: between the id and the variant, `nginx@1.26:gzip`. */
const versionLines = async (id: string, server: ServerDefinition, place: Place): Promise<string[]> => {
  const dim = (text: string): string[] => indented(text, 4, place, place.paint.dim);
  if (server.kind === "node") {
    const older = nodeVersions.map(async (name) => `@${name}${(await findNodeOf(majorOf(name))) ? "" : " (npm run prepare-nodes)"}`);
    return dim(`runs in Node; in older ones as ${id}${(await Promise.all(older)).join(", ")}`);
  }
  const versions = Object.keys(server.versions ?? {});
  return versions.length === 0
    ? []
    : dim(`in containers also as ${id}${versions.map((version) => `@${version}`).join(", ")}, or a range: ${id}@<${versions.at(-1)}`);
};

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

const missingHere = async ({ binary, debian }: BinaryServer, { engine }: Place): Promise<string | null> =>
  engine || (await findBinary(binary)) !== null
    ? null
    : `cannot run here: there is no ${binary} on this machine, and no container engine (Debian: apt-get install ${debian.packages.join(" ")})`;

const middlewares = (place: Place): Promise<Section> =>
  section("Middlewares", place.catalog.middlewares, place, ({ id }, middleware: MiddlewareDefinition) => [
    ...entryLines(id, plain(middleware.title), place),
    ...variantsOf(id, middleware.variants, place),
  ]);

const origins = (place: Place): Promise<Section> =>
  section("Origins", place.catalog.origins, place, ({ id }, origin: OriginDefinition) => entryLines(id, plain(origin.title), place));

/** As a chain names them: the default one by the id alone. */
const variantsOf = (id: string, variants: Record<string, Variant>, place: Place): string[] => {
  const names = Object.keys(variants).map((name) => (name === "default" ? id : `${id}:${name}`));
  const column = Math.max(...names.map(widthOf)) + 2;
  return Object.values(variants).flatMap(({ title }, index) =>
    wrap(plain(title), place.look.width - 4 - column).map(
      (line, row) => `    ${pad(row === 0 ? (names[index] ?? "") : "", column)}${line}`,
    ),
  );
};
