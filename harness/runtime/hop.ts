// What both runtimes share: messages about a hop, and the checks of a binary server.
import { basename } from "node:path";
import type { BinaryServer, ReloadSignal, Render } from "../define.ts";
import type { Address, Lab } from "../lab/protocol.ts";
import { wordsOfExit } from "./exit.ts";
import type { Exit } from "./exit.ts";
import { lastWords } from "./lines.ts";
import type { Lines } from "./lines.ts";
import { startPatience } from "./patience.ts";
import { isOurs } from "./places.ts";
import { AuthorError, UnsupportedError, EnvironmentError } from "../errors.ts";
import type { RunningServer, ServerPlan } from "./runtime.ts";

const readyWithinMs = 10_000;
/** For an application, which has to import much first. */
const applicationReadyWithinMs = 30_000;

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

const nameOf = ({ name, binary }: BinaryServer): string => name ?? basename(binary);

/** The settings of the program that hosts a Node hop, apart from its addresses. */
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

/** The line with which a Node hop reports that it listens; null for any other line. */
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

interface ReloadMeans {
  signal: (name: ReloadSignal) => Promise<void>;
  /** Runs a program beside it, to its end. */
  run: (command: string[]) => Promise<void>;
  render: Render;
}

export const reloading = (reload: BinaryServer["reload"], { signal, run, render }: ReloadMeans): Pick<RunningServer, "reload"> =>
  reload === undefined ? {} : { reload: () => (typeof reload === "string" ? signal(reload) : run(reload(render))) };

/** The server's own message about its configuration, with the author's file names; null if there is none. */
export const problemIn = (definition: BinaryServer, lines: string[], render: Render): string | null => {
  const pattern = definition.check?.problem;
  const line = pattern && lines.find((one) => one.search(pattern) >= 0);
  return line ? line.replaceAll(`${render.folder}/`, "") : null;
};

export const refused = (plan: BinaryPlan, problem: string): AuthorError | UnsupportedError =>
  plan.definition.check?.lacks?.test(problem)
    ? new UnsupportedError(`${titleOf(plan)} lacks what its variant "${plan.variant}" needs: ${problem.trim()}`)
    : new AuthorError(`${titleOf(plan)} refuses its configuration: ${problem.trim()}`);

/** If the user's own program does not start, that is an author's error; if one of Hopwise's does not, the environment's. */
const isItsUsers = (plan: ServerPlan): boolean =>
  plan.kind === "command" || (plan.kind === "node" && [plan, ...plan.middlewares].some(({ file }) => !isOurs(file)));

const cannotStart = (plan: ServerPlan, how: string, cause?: unknown): AuthorError | EnvironmentError =>
  isItsUsers(plan) ? new AuthorError(how, { cause }) : new EnvironmentError(how, { cause });

/** `exit`: how it ended before it listened. */
export const notStarted = (plan: ServerPlan, exit: Exit, lines: Lines): AuthorError | EnvironmentError =>
  cannotStart(
    plan,
    plan.kind === "command"
      ? `${titleOf(plan)} ended with ${wordsOfExit(exit)} before it listened: "${plan.command}" must listen on PORT and keep running.${lastWords(lines)}`
      : `${titleOf(plan)} ended by itself with ${wordsOfExit(exit)}.${lastWords(lines)}`,
  );

const withinMsOf = (plan: ServerPlan): number =>
  startPatience(plan.kind === "binary" && plan.definition.readiness !== undefined ? applicationReadyWithinMs : readyWithinMs);

const notReady = (plan: ServerPlan, where: string, withinMs: number, lines: Lines, cause?: unknown): AuthorError | EnvironmentError => {
  const todo = plan.kind === "command" ? `: "${plan.command}" must listen on PORT` : "";
  return cannotStart(
    plan,
    `${titleOf(plan)} did not accept a connection on ${where} within ${Math.round(withinMs / 1000)} s${todo}.${lastWords(lines)}`,
    cause,
  );
};

/** Servers other than Node hops are ready when the lab can connect to them. */
export const accepting = async (lab: Lab, plan: ServerPlan, address: Address, lines: Lines): Promise<void> => {
  const askedAt = performance.now();
  const withinMs = withinMsOf(plan);
  await lab.ask("await-port", { address, withinMs }).catch((error: Error) => {
    const isEarly = performance.now() - askedAt < withinMs / 2;
    throw isEarly
      ? new EnvironmentError(error.message, { cause: error })
      : notReady(plan, `${address.host}:${address.port}`, withinMs, lines, error);
  });
  if (plan.kind === "binary" && plan.definition.readiness !== undefined)
    await answering(lab, plan, plan.definition.readiness, address, lines);
};

/** One that accepts connections may still be loading what it is to serve. */
const answering = async (lab: Lab, plan: ServerPlan, path: string, address: Address, lines: Lines): Promise<void> => {
  const { status } = await lab.ask("fetch", { address, path, withinMs: withinMsOf(plan) }).catch((cause: Error): never => {
    throw cannotStart(plan, `${titleOf(plan)} accepts connections, but is not ready: ${cause.message}.${lastWords(lines)}`, cause);
  });
  if (status >= 500) throw cannotStart(plan, `${titleOf(plan)} is not ready: it answers ${status} to GET ${path}.${lastWords(lines)}`);
};

/** Node hops report that they are ready. */
export const saidInTime = (said: Promise<HostLine>, plan: ServerPlan, where: string, lines: Lines): Promise<HostLine> => {
  const limit = Promise.withResolvers<never>();
  const withinMs = startPatience(readyWithinMs);
  const timer = setTimeout(() => limit.reject(notReady(plan, where, withinMs, lines)), withinMs).unref();
  return Promise.race([said, limit.promise]).finally(() => clearTimeout(timer));
};

/** Those of its ports of which one was in use, so that it ended; none if it ended otherwise. Not every server names the port. */
export const portsTaken = (lines: Pick<Lines, "last">, ports: readonly number[]): readonly number[] => {
  const text = lastWords(lines);
  if (!/address (already )?in use|EADDRINUSE/i.test(text)) return [];
  const named = new Set(Array.from(text.matchAll(/:(\d{3,5})\b/g), ([, digits]) => Number(digits)));
  return named.size === 0 ? ports : ports.filter((port) => named.has(port));
};
