// Starts a server with a configuration as it is accepted, by itself.
import { AuthorError } from "../errors.ts";
import type { Build } from "./build.ts";
import type { Environment } from "./environment.ts";
import type { CheckedConfig } from "./server.ts";
import { startWithStubs } from "./stubs.ts";
import type { Accepted } from "./stubs.ts";

/** A refusal is an AuthorError with its line where that is known. */
export const startAccepted = (environment: Environment, build: Build, config: CheckedConfig, signal?: AbortSignal): Promise<Accepted> =>
  startWithStubs(config, (one) => twice(() => environment.startAs(build, one), signal), environment.stop).catch((error: unknown) => {
    throw error instanceof AuthorError ? explained(error, config) : error;
  });

/** With the line where the server does not name it, and what may have been meant. */
const explained = (error: AuthorError, { lineOf: placeOf, hintFor }: CheckedConfig): AuthorError => {
  const line = placeOf(error.message);
  const hint = hintFor?.(error.message) ?? null;
  if (!line && hint === null) return error;
  return new AuthorError(`${error.message}${line ? ` in ${line.file}:${line.line}` : ""}${hint === null ? "" : `; ${hint}`}`, {
    cause: error,
  });
};

/** A failure of the engine gets a second attempt; a refusal of the server would be the same again. */
export const twice = <T>(start: () => Promise<T>, signal?: AbortSignal): Promise<T> =>
  start().catch((error: unknown) => {
    if (error instanceof AuthorError || signal?.aborted) throw error;
    return start();
  });
