// Every process that a run ever started, by process id and start time, so that none is missed that has lost its parent.
import { descendants } from "../../harness/runtime/child.ts";
import type { Engine } from "../../harness/runtime/engine.ts";
import { startOf } from "../../harness/runtime/owner.ts";
import { foldersOf, onEngine, whenEmpty } from "./runtime/_left.ts";

const everyMs = 25;

export interface Tree extends Disposable {
  /** How many were seen so far, itself not counted. */
  readonly size: number;
  /** Looks once more now, e.g. just before a signal. */
  look: () => Promise<void>;
  /** Those that still run. */
  alive: () => number[];
}

export const watchTree = (root: number): Tree => {
  const seen = new Map<number, string>();
  const look = async (): Promise<void> => {
    for (const pid of (await descendants(root)).slice(1)) {
      const startedAt = startOf(pid);
      if (startedAt !== null) seen.set(pid, startedAt);
    }
  };
  const timer = setInterval(() => void look(), everyMs);
  return {
    get size() {
      return seen.size;
    },
    look,
    alive: () => [...seen].flatMap(([pid, startedAt]) => (startOf(pid) === startedAt ? [pid] : [])),
    [Symbol.dispose]: () => clearInterval(timer),
  };
};

/** What is left of a run's processes, its folder and what it made on an engine, once that has had time to go. */
export const leftOf = async (pid: number, tree: Tree, engine: Engine | null, withinMs = 4000): Promise<string[]> => {
  const left = async (): Promise<string[]> => [
    ...tree.alive().map((id) => `process ${id}`),
    ...(await foldersOf(pid)).map((name) => `folder ${name}`),
    ...(engine === null ? [] : await onEngine(engine, pid)),
  ];
  return whenEmpty(left, withinMs);
};
