import { realpath } from "node:fs/promises";
import { join } from "node:path";
import type { Lab } from "../lab/protocol.ts";
import type { Child, Program } from "./child.ts";
import { accepting, hostLine, hostPlan, portsTaken, saidInTime, notStarted, titleOf } from "./hop.ts";
import type { CommandPlan, HostLine, NodePlan } from "./hop.ts";
import { codeExtension, compileCache, freePort, harnessFolder } from "./places.ts";
import { findNodeOf } from "./node-versions.ts";
import { followLinks, stripInto } from "./stripped.ts";
import type { RunFolder } from "./run-folder.ts";
import { EnvironmentError } from "../errors.ts";
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
  const { command, args, cache, settings } = plan.node ? await onOtherNode(run, plan, plan.node) : onThisNode(run, plan);
  const said = Promise.withResolvers<HostLine>();
  const child = run.add({
    title: titleOf(plan),
    command,
    args,
    environment: {
      ...process.env,
      ...cache,
      HOPWISE_HOST: settings,
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
  settings: string;
}

const hostProgram = join(harnessFolder, "host", `main${codeExtension}`);

const onThisNode = ({ node }: Run, plan: NodePlan): HostProgram => ({
  command: node,
  args: [hostProgram],
  cache: compileCache(),
  settings: hostPlan(plan),
});

const onOtherNode = async (run: Run, plan: NodePlan, major: number): Promise<HostProgram> => {
  const [found, real, main] = await Promise.all([findNodeOf(major), followLinks(plan), realpath(hostProgram)]);
  const { loaderFile, locate } = await stripInto(await run.folder.add(plan.hop), main, real);
  return { command: found?.file ?? "node", args: ["--import", loaderFile, locate(main)], cache: {}, settings: hostPlan(real, locate) };
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
    () => portTaken(plan, child, [port]),
  );
  return running(plan, child, port, plan.command);
};

export const upstreamAt = (port: number): string => `http://${host}:${port}`;

/** Null if it did not end because one of its ports was in use. */
export const portTaken = (plan: ServerPlan, { lines }: Pick<Child, "lines">, ports: readonly number[]): EnvironmentError | null => {
  const taken = portsTaken(lines, ports);
  if (taken.length === 0) return null;
  return new EnvironmentError(
    `${titleOf(plan)} could not listen on port ${taken.join(" or ")}, which something else took in the meantime: run again, or see with "ss -ltnp" what listens there.`,
  );
};

/** What is to be waited for, unless the child ends first; whatever fails, the child is stopped. */
export const orFail = async <T>(
  plan: ServerPlan,
  child: Child,
  wanted: () => Promise<T>,
  explain: () => Error | null = () => null,
): Promise<T> => {
  const failed = child.died.then(async (): Promise<never> => {
    throw explain() ?? notStarted(plan, await child.ended, child.lines);
  });
  failed.catch(() => {});
  try {
    return await Promise.race([wanted(), failed]);
  } catch (error) {
    await child.stop();
    throw error;
  }
};

export const running = (plan: ServerPlan, child: Child, port: number, version: string, probePort: number | null = null): RunningServer => ({
  hop: plan.hop,
  address: { host, port },
  probes: probePort === null ? null : { host, port: probePort },
  version,
  pids: child.pids,
  lastLines: child.lines.last,
  died: child.died,
  [Symbol.asyncDispose]: child.stop,
});
