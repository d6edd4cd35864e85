// Kills runs with SIGKILL at random moments while another one goes on, runs once more, and tells what is left of the dead.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Engine } from "../../../harness/runtime/engine.ts";
import { hopwise, inPool, reportOf, startHopwise } from "../_cli.ts";
import { leftOf, watchTree } from "../_tree.ts";
import type { Tree } from "../_tree.ts";
import { foldersOf, onEngine } from "../runtime/_left.ts";

export interface Plan {
  runtime: "process" | "container";
  kills: number;
  /** Where containers are to be looked for. */
  engine: Engine | null;
  /** So many runs are killed side by side. */
  atOnce: number;
  /** A run is killed at any moment of its first so many milliseconds. */
  withinMs: number;
  onKill?: (kill: Kill, number: number) => void;
}

export interface Kill {
  pid: number;
  afterMs: number;
  /** Whether it was over before the signal came. */
  isLate: boolean;
  /** What it had running at that moment, and what of it still ran a while later, although nobody had told it to end. */
  processes: number;
  orphans: number;
  /** Folders, containers, networks and volumes that nobody but a later run can remove. */
  remains: number;
}

export interface Proof {
  runtime: Plan["runtime"];
  kills: Kill[];
  /** How the run beside ended, and whether it was still on at the last kill. */
  living: { code: number | null; why: string; isLongEnough: boolean };
  /** How the run after the last kill ended. */
  next: { code: number | null; why: string };
  /** What is left in the end, of the dead and of the living. */
  left: string[];
}

const victim = ["node-proxy-streams-events", "straight-pipe-passes-headers", "timeout-cuts-a-silent-stream", "whole-chain-streams-events"];
const victimsInContainers = [...victim.slice(0, 3), "nginx-http-1.1-streams-events"];
const orphansEndWithinMs = 4000;
/** What an engine was still asked to start when the run was killed comes a moment later. */
const engineLagMs = 2000;

export const prove = async (plan: Plan): Promise<Proof> => {
  const { runtime, kills, engine, atOnce } = plan;
  const folder = await mkdtemp(join(tmpdir(), "kill-"));
  try {
    const file = join(folder, "living.mjs");
    const untilMs = (kills * (plan.withinMs / 2 + 2500)) / atOnce + 4000;
    await writeFile(file, `export default ${JSON.stringify(living(untilMs))};`);
    const beside = startHopwise(["run", file, "--runtime", runtime, "--reporter", "json"]);
    using besideTree = watchTree(beside.pid);
    let isOver = false;
    const ended = beside.ended.finally(() => (isOver = true));
    const trees = new Map<number, Tree>();
    const all = await inPool(
      atOnce,
      Array.from({ length: kills }, (_, index) => index),
      async (index) => {
        const { kill, tree } = await killOne(plan);
        trees.set(kill.pid, tree);
        plan.onKill?.(kill, index + 1);
        return kill;
      },
    );
    const isLongEnough = !isOver;
    if (engine !== null) await delay(engineLagMs);
    const next = await hopwise(["run", "node-proxy-streams-events", "--runtime", runtime, "--reporter", "json"]);
    // The living goes on: what is left of the dead is asked for while it does.
    const left = (await Promise.all([...trees].map(([pid, tree]) => leftOf(pid, tree, engine, 1000)))).flat();
    const end = await ended;
    left.push(...(await leftOf(beside.pid, besideTree, engine)));
    const [report] = reportOf(end).scenarios;
    const [after] = reportOf(next).scenarios;
    return {
      runtime,
      kills: all,
      living: { code: end.code, why: `${report?.outcome}: ${report?.why}`, isLongEnough },
      next: { code: next.code, why: `${after?.outcome}: ${after?.why}` },
      left,
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

/** Streams all the time through three hops and two middlewares; nothing of it depends on how busy the machine is. */
const living = (forMs: number): object => {
  const everyMs = 250;
  // The trial plays its records twice, the second time at 1.7 times the gap.
  const records = Math.max(2, Math.ceil(forMs / (2.7 * everyMs)));
  return {
    title: "A run goes on while others are killed",
    chain: [{ app: "sse" }, { server: "http-pipe", middlewares: ["cache", "gzip:flush"] }, "http-proxy", "tcp-pipe"],
    response: { headers: [["Cache-Control", "no-store"]] },
    trial: { kind: "paced", records, everyMs },
    must: { end: "complete", integrity: "intact", source: "origin" },
  };
};

const killOne = async ({ runtime, engine, withinMs }: Plan): Promise<{ kill: Kill; tree: Tree }> => {
  const running = startHopwise(["run", ...(runtime === "process" ? victim : victimsInContainers), "--runtime", runtime]);
  const { pid, child } = running;
  const tree = watchTree(pid);
  const afterMs = Math.round(Math.random() * withinMs);
  await Promise.race([delay(afterMs), running.ended]);
  await tree.look();
  const isLate = child.exitCode !== null;
  const processes = tree.alive().length;
  child.kill("SIGKILL");
  await running.ended;
  tree[Symbol.dispose]();
  const until = Date.now() + orphansEndWithinMs;
  while (tree.alive().length > 0 && Date.now() < until) await delay(50);
  const remains = (await foldersOf(pid)).length + (engine === null ? 0 : (await onEngine(engine, pid)).length);
  return { kill: { pid, afterMs, isLate, processes, orphans: tree.alive().length, remains }, tree };
};
