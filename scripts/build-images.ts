// Builds the images for containers: one for the lab and Node hops, one for every server with its own binary, and one with a faster clock
// if the server supports it. An image that exists, by its content, is kept.
//   --applications   also those of real applications (origins/), which take some minutes
import { inWords } from "../harness/progress.ts";
import { openCatalog } from "../harness/catalog/catalog.ts";
import { askForEngine } from "../harness/session/choose-runtime.ts";
import type { Recipe } from "../harness/runtime/images.ts";
import { optionsOf } from "./_options.ts";

const say = (text: string): void => void process.stderr.write(`${text}\n`);

const { applications } = optionsOf({ options: { applications: { type: "boolean", default: false } } }).values;
const engine = await askForEngine();
if (engine === null) {
  say('No container engine answers: start one, or run "npm run prepare-engine".');
  process.exit(3);
}
const { ensureImage, nodeRecipe, recipeOf, recipesOf, tagOf } = await import("../harness/runtime/images.ts");
const { http3Program } = await import("../harness/runtime/http3/program.ts");
const { ensureTimeImage } = await import("../harness/runtime/time/image.ts");
const catalog = openCatalog();

interface Wanted {
  recipes: Recipe[];
  hasClock: boolean;
}

const ofServers = await Promise.all(
  catalog.servers.entries.map(async ({ load }): Promise<Wanted[]> => {
    const server = await load();
    return server.kind === "binary" ? [{ recipes: recipesOf(server), hasClock: server.clock !== undefined }] : [];
  }),
);
const ofApplications = await Promise.all(
  (applications ? catalog.origins.entries : []).map(async ({ id, load }): Promise<Wanted[]> => {
    const origin = await load();
    return origin.kind === "application" ? [{ recipes: recipesOf({ ...origin, name: id }), hasClock: origin.clock !== undefined }] : [];
  }),
);
const wanted = [{ recipes: [nodeRecipe, recipeOf(http3Program)], hasClock: false }, ...ofServers.flat(), ...ofApplications.flat()];
const unique = new Map(wanted.flatMap(({ recipes }) => recipes.map((recipe) => [tagOf(recipe), recipe] as const)));
const clocked = new Set(wanted.flatMap(({ recipes, hasClock }) => (hasClock ? recipes.map(tagOf) : [])));
let failed = 0;
let done = 0;
// In sequence: each needs one processor, and the output stays readable.
for (const [tag, recipe] of unique) {
  const began = performance.now();
  await ensureImage(engine, recipe, inWords(say))
    .then((image) => (clocked.has(tag) ? ensureTimeImage(engine, image, tag, inWords(say)) : image))
    .then(
      () => say(`${++done} of ${unique.size}: ${tag} is ready after ${((performance.now() - began) / 1000).toFixed(1)} s`),
      (error: unknown) => {
        failed += 1;
        say((error as Error).message);
      },
    );
}
say(`${unique.size - failed} of ${unique.size} images are ready`);
process.exit(failed > 0 ? 3 : 0);
