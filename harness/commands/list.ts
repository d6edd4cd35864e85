// `hopwise list`: the catalog, and which of it can run here.
import { openCatalog } from "../catalog/catalog.ts";
import { planChain } from "../session/chain.ts";
import type { MiddlewareDefinition, OriginDefinition, PlatformDefinition, Scenario } from "../define.ts";
import type { Look } from "../report/look.ts";
import { paintOf } from "../report/look.ts";
import { plain } from "../report/text.ts";
import { askForEngine } from "../session/choose-runtime.ts";
import { exitCodes } from "./exit-code.ts";
import { missingHere, servers } from "./list-servers.ts";
import { entryLines, indented, section, variantsOf } from "./list-sections.ts";
import type { Place, Section } from "./list-sections.ts";

export const parts = ["scenarios", "servers", "middlewares", "origins", "platforms"] as const;
export type Part = (typeof parts)[number];

export const listCommand = async (wanted: readonly Part[], look: Look): Promise<{ text: string; code: number }> => {
  const place: Place = { catalog: openCatalog(), engine: (await askForEngine()) !== null, look, paint: paintOf(look) };
  const sections = { scenarios, servers, middlewares, origins, platforms } satisfies Record<Part, (place: Place) => Promise<Section>>;
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
      : "No container engine answers: servers that are not installed cannot run here (see npx hopwise doctor).",
  );
  return { text: `${blocks.join("\n\n")}\n`, code: broken ? exitCodes.author : exitCodes.holds };
};

const scenarios = (place: Place): Promise<Section> =>
  section("Scenarios", place.catalog.scenarios, place, async ({ id }, scenario: Scenario) => {
    const { words, servers: plans } = await planChain(place.catalog, id, scenario);
    const missing = await Promise.all(plans.flatMap((plan) => (plan.kind === "binary" ? [missingHere(plan.definition, place)] : [])));
    const lacks =
      missing.find((sentence) => sentence !== null) ??
      (scenario.timeScale !== undefined && !place.engine ? "cannot run here: its timeScale needs containers, and no engine answers" : null);
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

const middlewares = (place: Place): Promise<Section> =>
  section("Middlewares", place.catalog.middlewares, place, ({ id }, middleware: MiddlewareDefinition) => [
    ...entryLines(id, plain(middleware.title), place),
    ...variantsOf(id, middleware.variants, place),
  ]);

const origins = (place: Place): Promise<Section> =>
  section("Origins", place.catalog.origins, place, ({ id }, origin: OriginDefinition) => [
    ...entryLines(id, plain(origin.title), place),
    ...(origin.kind === "application"
      ? [
          ...indented(applicationWords(id, Object.keys(origin.versions ?? {})), 4, place, place.paint.dim),
          ...variantsOf(id, origin.variants, place),
        ]
      : []),
  ]);

const platforms = (place: Place): Promise<Section> =>
  section("Platforms, for npx hopwise timeouts", place.catalog.platforms, place, ({ id }, { title, limits }: PlatformDefinition) => {
    const scopes = [...new Set(limits.flatMap(({ scope }) => scope ?? []))];
    return entryLines(
      id,
      `${plain(title)}${scopes.length === 0 ? "" : `; also ${scopes.map((scope) => `${id}:${scope}`).join(", ")}`}`,
      place,
    );
  });

const applicationWords = (id: string, versions: readonly string[]): string =>
  `a real application, as a process where its packages are installed, or in a container${versions.length === 0 ? "" : `, there also as ${versions.map((version) => `${id}@${version}`).join(", ")}`}`;
