// What is built, and what it comes to.
import { AuthorError } from "../errors.ts";
import type { Place } from "../check/configuration.ts";
import type { Layout } from "./packaging.ts";
import type { Template } from "./subject.ts";
import { SubstitutionProblem } from "./substitute.ts";

/** `build:` of a service. */
export interface BuildPlan {
  place: Place;
  /** In the user's words, e.g. `deploy/nginx`. */
  context: string;
  /** Its path in the user's words, or its text where it stands in the compose file. */
  dockerfile: { path: string } | { text: string; place: Place };
  args: ReadonlyMap<string, string>;
  target: string | null;
}

export interface Built {
  /** Null: the server is installed into another image. */
  image: string | null;
  imagePlace: Place;
  layout: Layout;
  environment: Map<string, string>;
  entryPoint: string[] | null;
  command: string[] | null;
  ports: number[];
  templates: Template[];
  /** The working directory of what it starts. */
  workdir: string;
  /** As whom that starts; null: as the image says. */
  user: { name: string; place: Place } | null;
  read: string[];
}

export const located = (cause: unknown, where: string): unknown =>
  cause instanceof SubstitutionProblem ? new AuthorError(`${where}: this ${cause.message}`, { cause }) : cause;
