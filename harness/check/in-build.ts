import type { Build } from "./build.ts";
import type { CheckedConfig } from "./server.ts";

/** Hopwise's own builds lack what the user's image may have. */
export const inBuild = (config: CheckedConfig, { image, version, definition }: Build): CheckedConfig =>
  image === null ? (config.forOwnBuild?.(version?.release ?? definition.debian.release) ?? config) : config;
