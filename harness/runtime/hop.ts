// What both runtimes say about a hop, and how they render and check a binary server.
import { basename } from "node:path";
import type { BinaryServer, Render } from "../define.ts";
import type { Address, Lab } from "../lab/protocol.ts";
import { lastWords } from "./lines.ts";
import type { Lines } from "./lines.ts";
import { isOurs } from "./places.ts";
import { AuthorError, UnsupportedError, WorldError } from "./runtime.ts";
import type { ServerPlan } from "./runtime.ts";

const readyWithinMs = 10_000;

export type BinaryPlan = Extract<ServerPlan, { kind: "binary" }>;
export type NodePlan = Extract<ServerPlan, { kind: "node" }>;
export type CommandPlan = Extract<ServerPlan, { kind: "command" }>;

export const titleOf = (plan: ServerPlan): string => {
  const what = {
    binary: () => nameOf((plan as BinaryPlan).definition),
    node: () => basename((plan as NodePlan).file),
    command: () => "command",
  };
  return `Hop "${plan.hop}" (${what[plan.kind]()})`;
};

const nameOf = (definition: BinaryServer): string => basename(definition.binary);

/** What the program that a Node hop runs in is told, but for where to listen. */
export const hostPlan = ({ hop, file, variant, middlewares }: NodePlan, locate: (file: string) => string = (path) => path): string =>
  JSON.stringify({
    hop,
    file: locate(file),
    variant,
    middlewares: middlewares.map((one) => ({ file: locate(one.file), variant: one.variant })),
  });

export interface HostLine {
  port: number;
  probePort: number | null;
  version: string;
}

/** The line with which a Node hop says that it listens; null for any other that it prints. */
export const hostLine = (line: string): HostLine | null => {
  if (!line.startsWith("{")) return null;
  try {
    const said = JSON.parse(line) as Partial<HostLine>;
    return typeof said.port === "number" && typeof said.version === "string"
      ? { port: said.port, probePort: said.probePort ?? null, version: said.version }
      : null;
  } catch {
    return null;
  }
};

export const versionIn = (definition: BinaryServer, text: string): string => {
  const version = text.match(definition.version.pattern)?.[1];
  if (!version) return `${nameOf(definition)} (version unknown)`;
  return version.includes("/") ? version : `${nameOf(definition)}/${version}`;
};

/** The server's own words on what is wrong with its configuration, with the author's file names; null if it does not complain. */
export const problemIn = (definition: BinaryServer, lines: string[], render: Render): string | null => {
  const pattern = definition.check?.problem;
  const line = pattern && lines.find((one) => one.search(pattern) >= 0);
  return line ? line.replaceAll(`${render.folder}/`, "") : null;
};

export const refused = (plan: BinaryPlan, problem: string): AuthorError | UnsupportedError =>
  plan.definition.check?.lacks?.test(problem)
    ? new UnsupportedError(`${titleOf(plan)} lacks what its variant "${plan.variant}" needs: ${problem.trim()}`)
    : new AuthorError(`${titleOf(plan)} refuses its configuration: ${problem.trim()}`);

/** What its user wrote does not start by the user's mistake, what Hopwise brings by the world's. */
const isItsUsers = (plan: ServerPlan): boolean =>
  plan.kind === "command" || (plan.kind === "node" && [plan, ...plan.middlewares].some(({ file }) => !isOurs(file)));

const cannotStart = (plan: ServerPlan, how: string, cause?: unknown): AuthorError | WorldError =>
  isItsUsers(plan) ? new AuthorError(how, { cause }) : new WorldError(how, { cause });

/** `how` it ended before it listened. */
export const notStarted = (plan: ServerPlan, how: string, lines: Lines): AuthorError | WorldError =>
  cannotStart(
    plan,
    plan.kind === "command"
      ? `${titleOf(plan)} ended with ${how} before it listened: "${plan.command}" has to listen on PORT and to go on running.${lastWords(lines)}`
      : `${titleOf(plan)} ended by itself with ${how}.${lastWords(lines)}`,
  );

const notReady = (plan: ServerPlan, where: string, lines: Lines, cause?: unknown): AuthorError | WorldError => {
  const todo = plan.kind === "command" ? `: "${plan.command}" has to listen on PORT` : "";
  return cannotStart(
    plan,
    `${titleOf(plan)} did not accept a connection on ${where} within ${readyWithinMs / 1000} s${todo}.${lastWords(lines)}`,
    cause,
  );
};

/** Foreign servers are ready when the lab can connect to them. */
export const accepting = async (lab: Lab, plan: ServerPlan, address: Address, lines: Lines): Promise<void> => {
  const askedAt = performance.now();
  await lab.ask("await-port", { address, withinMs: readyWithinMs }).catch((error: Error) => {
    const isEarly = performance.now() - askedAt < readyWithinMs / 2;
    throw isEarly ? new WorldError(error.message, { cause: error }) : notReady(plan, `${address.host}:${address.port}`, lines, error);
  });
};

/** Node hops say that they are ready. */
export const saidInTime = (said: Promise<HostLine>, plan: ServerPlan, where: string, lines: Lines): Promise<HostLine> => {
  const limit = Promise.withResolvers<never>();
  const timer = setTimeout(() => limit.reject(notReady(plan, where, lines)), readyWithinMs).unref();
  return Promise.race([said, limit.promise]).finally(() => clearTimeout(timer));
};

/** Whether it died because something else listens on the port that it was given; some say which port, some do not. */
export const isPortTaken = (died: string, port: number): boolean => {
  if (!/address (already )?in use|EADDRINUSE/i.test(died)) return false;
  const named = Array.from(died.matchAll(/:(\d{3,5})\b/g), ([, digits]) => Number(digits));
  return named.length === 0 || named.includes(port);
};
