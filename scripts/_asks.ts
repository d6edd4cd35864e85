// Which question each scenario of the catalog answers.
import type { Catalog } from "../harness/catalog/catalog.ts";
import { questionOf } from "./_questions.ts";
import type { Asks } from "./_summary.ts";

export const asksOf = async (catalog: Catalog): Promise<Asks> =>
  new Map(await Promise.all(catalog.scenarios.entries.map(async ({ id, load }) => [id, questionOf(await load())] as const)));
