// The process runtime: the lab and every hop are child processes on the loopback interface.
import { randomBytes } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { BinaryServer, Render } from "../define.ts";
import type { Lab } from "../lab/protocol.ts";
import { runToEnd, startChild } from "./child.ts";
import type { Child, Program } from "./child.ts";
import { hostLine, hostPlan, notReady, portInUse, problemIn, readyWithinMs, refused, titleOf, versionIn } from "./hop.ts";
import type { BinaryPlan, HostLine, NodePlan } from "./hop.ts";
import { startLab } from "./process-lab.ts";
import { codeExtension, compileCache, findBinary, findNode, freePort, harnessFolder } from "./places.ts";
import { makeRunFolder, sweepFolders } from "./run-folder.ts";
import type { RunFolder } from "./run-folder.ts";
import { WorldError } from "./runtime.ts";
import type { RunningServer, Runtime, ServerPlan } from "./runtime.ts";

const host = "127.0.0.1";

interface Run {
  node: string;
  folder: RunFolder;
  lab: Lab;
  /** Starts a program that ends with the run. */
  add: (program: Program) => Child;
}

export const openProcess = async (): Promise<Runtime> => {
  const [node] = await Promise.all([findNode(), sweepFolders()]);
  const folder = await makeRunFolder(randomBytes(5).toString("hex"));
  const { lab, pids: labPids } = await startLab(node, host).catch(async (error: unknown) => {
    await folder[Symbol.asyncDispose]();
    throw error;
  });
  const children = new Set<Child>();
  let over = false;
  const add = (program: Program): Child => {
    if (over) throw new WorldError(`${program.title} was not started: the run is over.`);
    const child = startChild(program);
    children.add(child);
    return child;
  };
  const run: Run = { node, folder, lab, add };

  return {
    name: "process",
    lab,
    labPids,
    unsupported,
    start: async (plan, upstreamPort) => {
      const problem = await unsupported(plan);
      if (problem !== null) throw new WorldError(problem);
      if (plan.kind === "node") return startNode(run, plan, upstreamPort);
      if (plan.kind === "binary") return startBinary(run, plan, upstreamPort);
      return startCommand(run, plan, upstreamPort);
    },
    [Symbol.asyncDispose]: async () => {
      over = true;
      const stopped = await Promise.allSettled([...children].map((child) => child.stop()));
      const ended = await Promise.allSettled([lab[Symbol.asyncDispose]()]);
      await folder[Symbol.asyncDispose]();
      const failure = [...stopped, ...ended].find((result) => result.status === "rejected");
      if (failure) throw failure.reason;
    },
  };
};

const unsupported = async (plan: ServerPlan): Promise<string | null> => {
  if (plan.kind !== "binary") return null;
  if (plan.image !== null) return `${titleOf(plan)} needs a container for its image ${plan.image}: use --runtime container.`;
  if ((await findBinary(plan.definition.binary)) !== null) return null;
  const packages = plan.definition.debian.packages.join(" ");
  return `${titleOf(plan)} cannot run here: there is no ${plan.definition.binary} on this machine. Install it (Debian: apt-get install ${packages}), or use --runtime container.`;
};

const startNode = async ({ node, add }: Run, plan: NodePlan, upstreamPort: number): Promise<RunningServer> => {
  const said = Promise.withResolvers<HostLine>();
  const child = add({
    title: titleOf(plan),
    command: node,
    args: [join(harnessFolder, "host", `main${codeExtension}`)],
    environment: { ...process.env, ...compileCache(), HOPWISE_HOST: hostPlan(plan), UPSTREAM: upstreamAt(upstreamPort), HOST: host, PORT: "0", PROBE_PORT: "0" },
    endsWithInput: true,
    onLine: (line) => {
      const found = hostLine(line);
      if (found) said.resolve(found);
    },
  });
  const { port, probePort, version } = await orFail(child, async () => {
    const limit = Promise.withResolvers<never>();
    const timer = setTimeout(() => limit.reject(notReady(plan, host, child.lines)), readyWithinMs);
    return Promise.race([said.promise, limit.promise]).finally(() => clearTimeout(timer));
  });
  return running(plan, child, port, version, probePort);
};

const startBinary = async (run: Run, plan: BinaryPlan, upstreamPort: number): Promise<RunningServer> => {
  const { definition, settings } = plan;
  const [binary, port, folder] = await Promise.all([findBinary(definition.binary), freePort(), run.folder.add(plan.hop)]);
  const place = { upstream: new URL(upstreamAt(upstreamPort)), options: settings.options ?? {} };
  const render: Render = { ...place, listenPort: port, folder, contained: false };
  const command = binary ?? definition.binary;
  await writeFiles(folder, definition.files(render));
  await check(plan, command, render);
  const child = run.add({ title: titleOf(plan), command, args: definition.args(render), folder, environment: plainEnvironment() });
  const [version] = await orFail(child, () => Promise.all([versionOf(definition, command), accepting(run, plan, child, port)]), (died) =>
    portInUse.test(died) ? portTaken(plan, port) : null,
  );
  return running(plan, child, port, version);
};

const startCommand = async (run: Run, plan: Extract<ServerPlan, { kind: "command" }>, upstreamPort: number): Promise<RunningServer> => {
  const port = await freePort();
  const [command, args] = process.platform === "win32" ? ["cmd", ["/d", "/s", "/c", plan.command]] : ["/bin/sh", ["-c", plan.command]];
  const environment = { ...process.env, HOST: host, PORT: String(port), UPSTREAM: upstreamAt(upstreamPort) };
  const child = run.add({ title: titleOf(plan), command: command as string, args: args as string[], folder: plan.workingFolder, environment });
  await orFail(child, () => accepting(run, plan, child, port), (died) => (portInUse.test(died) ? portTaken(plan, port) : null));
  return running(plan, child, port, plan.command);
};

const upstreamAt = (port: number): string => `http://${host}:${port}`;

const portTaken = (plan: ServerPlan, port: number): WorldError =>
  new WorldError(`${titleOf(plan)} could not listen on port ${port}, which something else took in the meantime: run again, or see with "ss -ltnp" what listens there.`);

const accepting = async ({ lab }: Run, plan: ServerPlan, child: Child, port: number): Promise<void> => {
  await lab.ask("await-port", { address: { host, port }, withinMs: readyWithinMs }).catch((error: unknown) => {
    throw notReady(plan, `${host}:${port}`, child.lines, error);
  });
};

/** What is to be waited for, unless the child ends first; whatever fails, the child is stopped. */
const orFail = async <T>(child: Child, wanted: () => Promise<T>, explain: (died: string) => Error | null = () => null): Promise<T> => {
  const failed = child.died.then((sentence): never => {
    throw explain(sentence) ?? new WorldError(sentence);
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

const versionOf = (definition: BinaryServer, command: string): Promise<string> => {
  const known = versions.get(command) ?? runToEnd(command, definition.version.args).then(({ text }) => versionIn(definition, text));
  versions.set(command, known);
  return known;
};

/** A server under test sees nothing of the environment that could change what it does. */
const plainEnvironment = (): NodeJS.ProcessEnv => ({ PATH: process.env["PATH"], HOME: process.env["HOME"], LANG: "C.UTF-8" });
