// Where Hopwise is installed.
import { resolve } from "node:path";

/** Hopwise's own folder: the one above this, both in the sources and in the published build. */
export const packageRoot = resolve(import.meta.dirname, "../..");
