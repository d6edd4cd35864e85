// Hopwise's version. Imports nothing that an old Node lacks, since the command line reads it first.
import { existsSync, readFileSync } from "node:fs";

/** The manifest is one folder up in the sources, two in the published build. */
const manifest = ["../package.json", "../../package.json"].map((path) => new URL(path, import.meta.url)).find((url) => existsSync(url));

export const { version } = JSON.parse(manifest ? readFileSync(manifest, "utf8") : '{"version":"unknown"}') as { version: string };
