// What authors write of applications: scripted ones, and real ones.
import type { ResponsePlan } from "./request.ts";
import type { BinaryServer, Options, ReloadSignal, Render, Variant } from "./server.ts";

/** An application that the lab's origin stands in for: what its responses look like. */
export interface ScriptedOrigin {
  kind?: "scripted";
  title: string;
  link: string;
  response: ResponsePlan;
}

export interface ApplicationVariant extends Variant {
  /** How many requests it serves at a time; Hopwise makes no more than that. Default: no limit. */
  concurrency?: number;
  /** As a server's. */
  reload?: ReloadSignal;
}

/** A real application with its server: the first element of a chain, judged like every hop. Its sources are in the folder beside this file
 *  that has the same name. It asks the lab for each of its records (docs/adding-an-origin.md). */
export interface ApplicationOrigin {
  kind: "application";
  title: string;
  link: string;
  /** Where its packages come from, as a server's. */
  debian: BinaryServer["debian"];
  versions?: NonNullable<BinaryServer["versions"]>;
  clock?: NonNullable<BinaryServer["clock"]>;
  /** What starts it in the foreground: a program and its arguments. */
  command: (render: Render) => [program: string, ...args: string[]];
  /** Variables in addition to `HOPWISE_LAB` (the URL of the lab) and `PORT`. */
  environment?: (render: Render) => Record<string, string>;
  /** Files to write beside its sources. */
  files?: (render: Render) => Record<string, string>;
  /** A command that prints its versions, the application's last: `gunicorn/23.0.0 Django/4.2.28`. If it prints none, a package is missing. */
  version: (options: Options) => { command: [program: string, ...args: string[]]; pattern: RegExp };
  /** A path: it is ready when it answers there with a status below 500. */
  readiness: string;
  /** What a client asks for, where a scenario's `request.path` names nothing else. */
  path: string;
  /** The same for trials that set the status or header fields of the response (bodyless, late-joiner): a path where it takes both from the
   *  lab's first answer. Absent: it takes no part in those trials. */
  scriptedHead?: string;
  /** What its records look like; the application sets its own Content-Type. Default: events. */
  response?: Pick<ResponsePlan, "format" | "filler">;
  variants: Record<string, ApplicationVariant> & { default: ApplicationVariant };
}

export type OriginDefinition = ScriptedOrigin | ApplicationOrigin;
