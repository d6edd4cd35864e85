// Builds what containers need: the image of the lab and of Node hops, one for every server of the catalogue with a binary of its own,
// and where its clock can be run faster one for that.
import { openCatalog } from "../harness/catalog.ts";
import { askForEngine } from "../harness/runtime/choose.ts";

const say = (text: string): void => void process.stderr.write(`${text}\n`);

const engine = await askForEngine();
if (engine === null) {
  say('No container engine answers: start one, or run "npm run prepare-engine".');
  process.exit(3);
}
const { ensureImage, nodeRecipe, recipesOf, tagOf } = await import("../harness/runtime/images.ts");
const { ensureTimeImage } = await import("../harness/runtime/time/image.ts");
const servers = await Promise.all(openCatalog().servers.entries.map((entry) => entry.load()));
const recipes = [nodeRecipe, ...servers.flatMap((server) => (server.kind === "binary" ? recipesOf(server) : []))];
const unique = new Map(recipes.map((recipe) => [tagOf(recipe), recipe]));
const clocked = new Set(servers.flatMap((server) => (server.kind === "binary" && server.clock ? recipesOf(server).map(tagOf) : [])));
let failed = 0;
// One after another: each is bound by one processor, and a reader can follow.
for (const [tag, recipe] of unique)
  await ensureImage(engine, recipe, say)
    .then((image) => (clocked.has(tag) ? ensureTimeImage(engine, image, tag, say) : image))
    .then(
      () => say(`${tag} is ready`),
      (error: unknown) => {
        failed += 1;
        say((error as Error).message);
      },
    );
say(`${unique.size - failed} of ${unique.size} images are ready`);
process.exit(failed > 0 ? 3 : 0);
