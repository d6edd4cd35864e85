// What was given to `hopwise timeouts`, as a chain of hops from the origin to the client: a scenario, or words and files.
import { existsSync, statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { Catalog } from "../catalog/catalog.ts";
import { scenarioFromFile } from "../catalog/catalog.ts";
import type { HopPlan, Scenario } from "../define.ts";
import { AuthorError } from "../errors.ts";
import { commandPrefix } from "../session/chain.ts";
import type { Hop } from "./hop.ts";
import { hopOf } from "./words.ts";

const askedBy = "The command line";

/** Throws AuthorErrors only. Paths are relative to `cwd`. */
export const readChain = async (catalog: Catalog, given: string, cwd: string): Promise<Hop[]> => {
  const scenario = await scenarioOf(catalog, given, resolve(cwd, given));
  if (scenario) return hopsOf(catalog, wordsOf(scenario), `Scenario "${given}"`, cwd);
  // A path may have a comma.
  const words = existsSync(resolve(cwd, given)) ? [given] : given.split(",").map((word) => word.trim());
  if (words.includes("")) throw new AuthorError(`The chain "${given}" has an empty hop; write e.g. nginx,heroku`);
  const hops = await hopsOf(catalog, words, askedBy, cwd);
  const configurations = hops.filter(({ kind }) => kind === "configuration");
  if (configurations.length > 1)
    throw new AuthorError(
      `The chain "${given}" has ${configurations.length} configurations; name one, and of the other servers the id (npx hopwise list servers)`,
    );
  return hops;
};

const hopsOf = async (catalog: Catalog, words: readonly string[], by: string, cwd: string): Promise<Hop[]> => {
  const hops: Hop[] = [];
  for (const word of words) {
    const hop: Hop | null = word.startsWith(commandPrefix) ? { kind: "command", word } : await hopOf(catalog, word, by, cwd);
    if (hop) hops.push(hop);
  }
  return hops;
};

/** By its id or its file; null for anything else. A compose file is YAML as well. */
const scenarioOf = async (catalog: Catalog, given: string, file: string): Promise<Scenario | null> => {
  if (catalog.scenarios.ids.includes(given)) return catalog.scenarios.find(given, askedBy).load();
  if (!/\.(ts|js|mjs|ya?ml)$/.test(given) || !existsSync(file) || !statSync(file).isFile()) return null;
  const isData = /\.ya?ml$/.test(given);
  return isData && !/^chain\s*:/m.test(await readFile(file, "utf8")) ? null : scenarioFromFile(file).load();
};

const wordsOf = ({ chain: [{ app }, ...hops] }: Scenario): string[] => [app, ...hops.flatMap(wordsOfHop)];

const wordsOfHop = (hop: HopPlan): string[] => (typeof hop === "string" ? [hop] : [hop.server, ...(hop.middlewares ?? [])]);
