// The hops of a chain whose timeouts are asked for.
import type { ApplicationOrigin, MiddlewareDefinition, PlatformDefinition, ServerDefinition } from "../define.ts";

/** `word`: as it was named, e.g. `nginx@1.26:unbuffered`. */
export type Hop = { word: string } & (
  | { kind: "server"; id: string; definition: ServerDefinition; version: string | null; variant: string }
  | { kind: "application"; id: string; definition: ApplicationOrigin; version: string | null; variant: string }
  | { kind: "middleware"; id: string; definition: MiddlewareDefinition; version: null; variant: string }
  /** `scope`: what of it is used, e.g. `edge`; null: whatever there is. */
  | { kind: "platform"; definition: PlatformDefinition; scope: string | null }
  /** A command of a scenario, of which nothing is known. */
  | { kind: "command" }
  /** A file, folder or deployment of the user's. */
  | { kind: "configuration" }
);

/** One that the catalog can start. */
export type CatalogHop = Extract<Hop, { id: string }>;
