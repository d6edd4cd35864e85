// Hopwise's own version. Imports nothing that an old Node lacks: the command line asks before anything else is loaded.
import { existsSync, readFileSync } from "node:fs";

/** In the sources the manifest is one folder up, in the published build two. */
const manifest = ["../package.json", "../../package.json"].map((path) => new URL(path, import.meta.url)).find((url) => existsSync(url));

export const { version } = JSON.parse(manifest ? readFileSync(manifest, "utf8") : '{"version":"unknown"}') as { version: string };
