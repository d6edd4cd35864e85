// Kills runs with SIGKILL while another one goes on, runs once more, and reports what is left of the dead.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Engine } from "../../../harness/runtime/engine.ts";
import { cli, hopwise, inPool, reportOf, startHopwise } from "../_cli.ts";
import { leftOf, watchTree } from "../_tree.ts";
import { foldersOf, onEngine } from "../runtime/_left.ts";
import { killAt, nameOf, placesIn, stepsOf } from "./steps.ts";
import type { At, Victim } from "./steps.ts";

export interface Plan {
  runtime: "process" | "container";
  kills: number;
  /** At a random moment of its first so many milliseconds, or held at steps that are spread over all that it does. */
  when: { withinMs: number } | "steps";
  /** Of the steps only every so-manieth, from this one on. */
  part?: { first: number; of: number };
  /** Where containers are to be looked for. */
  engine: Engine | null;
  /** So many runs are killed side by side. */
  atOnce: number;
  onKill?: (kill: Kill, number: number) => void;
}

export interface Kill {
  pid: number;
  /** E.g. `after 1200 ms`. */
  when: string;
  /** Whether it was over before. */
  isLate: boolean;
  /** What it had running at that moment, and what still ran a while later, although no one had stopped it. */
  processes: number;
  orphans: number;
  /** Folders, containers, networks and volumes that only a later run can remove. */
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

const scenarios = ["node-proxy-streams-events", "straight-pipe-passes-headers", "timeout-cuts-a-silent-stream"];
const victimIn = {
  process: ["run", ...scenarios, "whole-chain-streams-events", "--runtime", "process"],
  container: ["run", ...scenarios, "nginx-http-1.1-streams-events", "--runtime", "container"],
};
const orphansEndWithinMs = 4000;
/** What an engine was still asked to start when the run was killed comes a moment later. */
const engineLagMs = 2000;
const killTakesMs = { random: 2500, steps: 6000 };

export const prove = async (plan: Plan): Promise<Proof> => {
  const { runtime, kills, when, engine, atOnce, part = { first: 1, of: 1 } } = plan;
  const folder = await mkdtemp(join(tmpdir(), "kill-"));
  try {
    const places =
      when === "steps"
        ? placesIn(await stepsOf(victimOf(runtime)), kills).filter((_, index) => index % part.of === part.first - 1)
        : Array.from({ length: kills }, () => when);
    const file = join(folder, "living.mjs");
    const eachMs = when === "steps" ? killTakesMs.steps : when.withinMs / 2 + killTakesMs.random;
    await writeFile(file, `export default ${JSON.stringify(living((places.length * eachMs) / atOnce + 4000))};`);
    const beside = startHopwise(["run", file, "--runtime", runtime, "--reporter", "json"]);
    using besideTree = watchTree(beside.pid);
    let isOver = false;
    const ended = beside.ended.finally(() => (isOver = true));
    const lefts: (() => Promise<string[]>)[] = [];
    const all = await inPool(atOnce, [...places.entries()], async ([index, place]) => {
      const { kill, left } = await ("withinMs" in place ? killAfter(plan, place.withinMs) : killWhere(plan, place));
      lefts.push(left);
      plan.onKill?.(kill, index + 1);
      return kill;
    });
    const isLongEnough = !isOver;
    if (engine !== null) await delay(engineLagMs);
    const next = await hopwise(["run", "node-proxy-streams-events", "--runtime", runtime, "--reporter", "json"]);
    // The living goes on: what is left of the dead is asked for while it does.
    const left = (await Promise.all(lefts.map((one) => one()))).flat();
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
  // The trial sends its records in two passes, the second with 1.7 times the gap.
  const records = Math.max(2, Math.ceil(forMs / (2.7 * everyMs)));
  return {
    title: "A run goes on while others are killed",
    chain: [{ app: "sse" }, { server: "http-pipe", middlewares: ["cache", "gzip:flush"] }, "http-proxy", "tcp-pipe"],
    response: { headers: [["Cache-Control", "no-store"]] },
    trial: { kind: "paced", records, everyMs },
    must: { end: "complete", integrity: "intact", source: "origin" },
  };
};

interface KilledRun {
  kill: Kill;
  left: () => Promise<string[]>;
}

const remainsOf = async (pid: number, engine: Engine | null): Promise<string[]> => [
  ...(await foldersOf(pid)).map((name) => `folder ${name}`),
  ...(engine === null ? [] : await onEngine(engine, pid)),
];

const killAfter = async ({ runtime, engine }: Plan, withinMs: number): Promise<KilledRun> => {
  const running = startHopwise(victimIn[runtime]);
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
  const remains = (await remainsOf(pid, engine)).length;
  const kill = { pid, when: `after ${afterMs} ms`, isLate, processes, orphans: tree.alive().length, remains };
  return { kill, left: () => leftOf(pid, tree, engine, 1000) };
};

const victimOf = (runtime: Plan["runtime"]): Victim => ({ args: [cli, ...victimIn[runtime]] });

const killWhere = async ({ runtime, engine }: Plan, at: At): Promise<KilledRun> => {
  const { pid, isReached, processes, alive, orphans } = await killAt(victimOf(runtime), at);
  const { length } = await orphans();
  const remains = (await remainsOf(pid, engine)).length;
  const kill = { pid, when: `at ${nameOf(at)}`, isLate: !isReached, processes, orphans: length, remains };
  return { kill, left: async () => [...(await alive()), ...(await remainsOf(pid, engine))] };
};
