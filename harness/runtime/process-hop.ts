import { mkdir, realpath, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { BinaryServer, Render } from "../define.ts";
import type { Lab } from "../lab/protocol.ts";
import { runToEnd } from "./child.ts";
import type { Child, Program } from "./child.ts";
import { accepting, hostLine, hostPlan, isPortTaken, problemIn, refused, saidInTime, notStarted, titleOf, versionIn } from "./hop.ts";
import type { BinaryPlan, CommandPlan, HostLine, NodePlan } from "./hop.ts";
import { codeExtension, compileCache, findBinary, freePort, harnessFolder } from "./places.ts";
import { findNodeOf } from "./node-versions.ts";
import { followLinks, stripInto } from "./stripped.ts";
import type { RunFolder } from "./run-folder.ts";
import { WorldError } from "./runtime.ts";
import type { RunningServer, ServerPlan } from "./runtime.ts";

export const host = "127.0.0.1";

/** What a hop needs to know of its run. */
export interface Run {
  node: string;
  folder: RunFolder;
  lab: Lab;
  /** Starts a program that ends with the run. */
  add: (program: Program) => Child;
}

export const startNodeHop = async (run: Run, plan: NodePlan, upstreamPort: number): Promise<RunningServer> => {
  const { command, args, cache, told } = plan.node ? await onOtherNode(run, plan, plan.node) : onThisNode(run, plan);
  const said = Promise.withResolvers<HostLine>();
  const child = run.add({
    title: titleOf(plan),
    command,
    args,
    environment: {
      ...process.env,
      ...cache,
      HOPWISE_HOST: told,
      UPSTREAM: upstreamAt(upstreamPort),
      HOST: host,
      PORT: "0",
      PROBE_PORT: "0",
    },
    endsWithInput: true,
    onLine: (line) => {
      const found = hostLine(line);
      if (found) said.resolve(found);
    },
  });
  const { port, probePort, version } = await orFail(plan, child, () => saidInTime(said.promise, plan, host, child.lines));
  return running(plan, child, port, version, probePort);
};

interface HostProgram {
  command: string;
  args: string[];
  cache: NodeJS.ProcessEnv;
  told: string;
}

const hostProgram = join(harnessFolder, "host", `main${codeExtension}`);

const onThisNode = ({ node }: Run, plan: NodePlan): HostProgram => ({
  command: node,
  args: [hostProgram],
  cache: compileCache(),
  told: hostPlan(plan),
});

const onOtherNode = async (run: Run, plan: NodePlan, major: number): Promise<HostProgram> => {
  const [found, real, main] = await Promise.all([findNodeOf(major), followLinks(plan), realpath(hostProgram)]);
  const { loaderFile, locate } = await stripInto(await run.folder.add(plan.hop), main, real);
  return { command: found?.file ?? "node", args: ["--import", loaderFile, locate(main)], cache: {}, told: hostPlan(real, locate) };
};

export const startBinaryHop = async (run: Run, plan: BinaryPlan, upstreamPort: number): Promise<RunningServer> => {
  const { definition, settings } = plan;
  const [binary, port, folder] = await Promise.all([findBinary(definition.binary), freePort(), run.folder.add(plan.hop)]);
  const place = { upstream: new URL(upstreamAt(upstreamPort)), options: settings.options ?? {} };
  const render: Render = { ...place, listenPort: port, folder, contained: false };
  const command = binary ?? definition.binary;
  await writeFiles(folder, definition.files(render));
  await check(plan, command, render);
  const child = run.add({ title: titleOf(plan), command, args: definition.args(render), folder, environment: plainEnvironment() });
  const [version] = await orFail(
    plan,
    child,
    () => Promise.all([versionOf(definition, command), accepting(run.lab, plan, { host, port }, child.lines)]),
    (died) => (isPortTaken(died, port) ? portTaken(plan, port) : null),
  );
  return running(plan, child, port, version);
};

export const startCommandHop = async (run: Run, plan: CommandPlan, upstreamPort: number): Promise<RunningServer> => {
  const port = await freePort();
  const shell =
    process.platform === "win32"
      ? { command: "cmd", args: ["/d", "/s", "/c", plan.command] }
      : { command: "/bin/sh", args: ["-c", plan.command] };
  const environment = { ...process.env, HOST: host, PORT: String(port), UPSTREAM: upstreamAt(upstreamPort) };
  const child = run.add({ title: titleOf(plan), ...shell, folder: plan.workingFolder, environment });
  await orFail(
    plan,
    child,
    () => accepting(run.lab, plan, { host, port }, child.lines),
    (died) => (isPortTaken(died, port) ? portTaken(plan, port) : null),
  );
  return running(plan, child, port, plan.command);
};

const upstreamAt = (port: number): string => `http://${host}:${port}`;

const portTaken = (plan: ServerPlan, port: number): WorldError =>
  new WorldError(
    `${titleOf(plan)} could not listen on port ${port}, which something else took in the meantime: run again, or see with "ss -ltnp" what listens there.`,
  );

/** What is to be waited for, unless the child ends first; whatever fails, the child is stopped. */
const orFail = async <T>(
  plan: ServerPlan,
  child: Child,
  wanted: () => Promise<T>,
  explain: (died: string) => Error | null = () => null,
): Promise<T> => {
  const failed = child.died.then(async (sentence): Promise<never> => {
    throw explain(sentence) ?? notStarted(plan, await child.ended, child.lines);
  });
  failed.catch(() => {});
  try {
    return await Promise.race([wanted(), failed]);
  } catch (error) {
    await child.stop();
    throw error;
  }
};

const running = (plan: ServerPlan, child: Child, port: number, version: string, probePort: number | null = null): RunningServer => ({
  hop: plan.hop,
  address: { host, port },
  probes: probePort === null ? null : { host, port: probePort },
  version,
  pids: child.pids,
  lastLines: child.lines.last,
  died: child.died,
  [Symbol.asyncDispose]: child.stop,
});

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

const versions = new Map<string, Promise<string>>();

export const versionOf = (definition: BinaryServer, command: string): Promise<string> => {
  const known = versions.get(command) ?? runToEnd(command, definition.version.args).then(({ text }) => versionIn(definition, text));
  versions.set(command, known);
  return known.catch(() => versionIn(definition, ""));
};

/** A server under test sees nothing of the environment that could change what it does. */
const plainEnvironment = (): NodeJS.ProcessEnv => ({ PATH: process.env["PATH"], HOME: process.env["HOME"], LANG: "C.UTF-8" });
