// A server with its own binary, as a process.
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { BinaryServer, Render } from "../define.ts";
import type { Child } from "./child.ts";
import { runToEnd } from "./child.ts";
import { accepting, problemIn, refused, reloading, titleOf, versionIn } from "./hop.ts";
import type { BinaryPlan } from "./hop.ts";
import { certificateName, listening } from "./listeners.ts";
import { findBinary, freePort } from "./places.ts";
import { host, orFail, portTaken, running, upstreamAt } from "./process-hop.ts";
import type { Run } from "./process-hop.ts";
import { EnvironmentError } from "../errors.ts";
import type { RunningServer } from "./runtime.ts";

export const startBinaryHop = async (run: Run, plan: BinaryPlan, upstreamPort: number): Promise<RunningServer> => {
  const { definition, settings } = plan;
  const [binary, port, folder] = await Promise.all([findBinary(definition.binary), freePort(), run.folder.add(plan.hop)]);
  const place = { upstream: new URL(upstreamAt(upstreamPort)), options: settings.options ?? {} };
  const further = await listening(plan, freePort);
  const certificate = join(folder, certificateName);
  const render: Render = { ...place, listenPort: port, listeners: further.listeners, certificate, folder, contained: false };
  const command = binary ?? definition.binary;
  await writeFiles(folder, { ...further.files, ...definition.files(render) });
  await check(plan, command, render);
  const child = run.add({
    title: titleOf(plan),
    command,
    args: definition.args(render),
    folder,
    environment: { ...plainEnvironment(), ...definition.environment?.(render) },
  });
  const [version] = await orFail(
    plan,
    child,
    () =>
      Promise.all([versionOf(definition, command), further.accepting({ host, port }, (one) => accepting(run.lab, plan, one, child.lines))]),
    () => portTaken(plan, child, [port, ...further.listeners.map((listener) => listener.port)]),
  );
  const { reload } = definition;
  const started = { ...running(plan, child, port, version), ...further.at({ host, port }) };
  return {
    ...started,
    ...reloading(reload, {
      signal: (name) => signaled(child, name),
      run: (reloadCommand) => succeed(plan, reloadCommand, folder),
      render,
    }),
  };
};

const signaled = async ({ pids }: Child, signal: NodeJS.Signals): Promise<void> => {
  const [first] = await pids();
  if (first !== undefined) process.kill(first, signal);
};

const succeed = async (plan: BinaryPlan, [program = "", ...args]: string[], folder: string): Promise<void> => {
  const { code, text } = await runToEnd(program, args, folder);
  if (code !== 0) throw new EnvironmentError(`${titleOf(plan)}: "${[program, ...args].join(" ")}" ended with exit code ${code}: ${text}`);
};

const writeFiles = async (folder: string, files: Record<string, string>): Promise<void> => {
  for (const [name, text] of Object.entries(files)) {
    const file = join(folder, name);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }
};

const check = async (plan: BinaryPlan, command: string, render: Render): Promise<void> => {
  const { definition } = plan;
  if (!definition.check) return;
  const { code, text } = await runToEnd(command, definition.check.args(render), render.folder);
  if (code === 0) return;
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  throw refused(plan, problemIn(definition, lines, render) ?? lines.slice(-5).join(" | "));
};

/** Each question is asked once: a shell runs more than one server. */
const outputs = new Map<string, Promise<string>>();

export const versionOf = (definition: BinaryServer, command: string): Promise<string> => {
  const { args } = definition.version;
  return printed(command, args)
    .catch(() => "")
    .then((text) => versionIn(definition, text));
};

export const printed = (command: string, args: string[]): Promise<string> => {
  const key = JSON.stringify([command, ...args]);
  const known = outputs.get(key) ?? runToEnd(command, args).then(({ text }) => text);
  outputs.set(key, known);
  return known;
};

/** Where it is on this machine; null: it is not installed. An interpreter is everywhere: only its output shows whether the package is. */
export const installedAs = async (definition: BinaryServer): Promise<string | null> => {
  const file = await findBinary(definition.binary);
  if (file === null || !definition.isProvenByVersion) return file;
  const text = await printed(file, definition.version.args);
  return definition.version.pattern.test(text) ? file : null;
};

/** A server under test sees nothing of the environment that could change what it does. */
const plainEnvironment = (): NodeJS.ProcessEnv => ({ PATH: process.env["PATH"], HOME: process.env["HOME"], LANG: "C.UTF-8" });
