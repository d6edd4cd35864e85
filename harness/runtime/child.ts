// The programs that Hopwise starts (guard.ts): servers, the lab, and questions such as for a version.
import { readdir, readFile } from "node:fs/promises";
import type { Duplex } from "node:stream";
import { finished } from "node:stream/promises";
import { setTimeout as delay } from "node:timers/promises";
import { wordsOfExit } from "./exit.ts";
import type { Exit } from "./exit.ts";
import { channelFd, startGuarded, within } from "./guard.ts";
import type { Guarded } from "./guard.ts";
import { createLines, lastWords } from "./lines.ts";
import type { Lines } from "./lines.ts";

export interface Program {
  /** Its name in messages: `Hop "edge" (nginx)`. */
  title: string;
  command: string;
  args: string[];
  folder?: string;
  environment: NodeJS.ProcessEnv;
  /** Ends when its standard input does: then `stop` waits for that before it sends a signal. */
  endsWithInput?: boolean;
  /** Every line of its standard output. */
  onLine?: (line: string) => void;
}

export interface Child {
  lines: Lines;
  ended: Promise<Exit>;
  /** Resolves with a sentence if it ends before `stop`. */
  died: Promise<string>;
  pids: () => Promise<number[]>;
  stop: () => Promise<void>;
}

const inputMs = 200;
/** How long after a program's end the rest of its output may take: less than is waited for the end of a hop that is suspected of one
 *  (session/measure.ts). */
const outputWithinMs = 400;

export const startChild = ({ title, endsWithInput = false, onLine, ...program }: Program): Child => {
  const lines = createLines();
  const output = createLines(onLine);
  const guarded = startGuarded({ ...program, hasInput: true });
  const { ended } = guarded;
  const died = Promise.withResolvers<string>();
  let isStopping = false;
  for (const stream of [guarded.output, guarded.errors]) stream.on("data", (piece: Buffer) => lines.add(piece));
  guarded.output.on("data", (piece: Buffer) => output.add(piece));
  // What it said last is why it ended, and may still be on its way. A program that it started may keep its output open.
  const saidAll = Promise.all([guarded.output, guarded.errors].map((stream) => finished(stream, { writable: false }).catch(() => {})));
  void ended.then(async (exit) => {
    if (isStopping) return;
    await Promise.race([saidAll, delay(outputWithinMs, undefined, { ref: false })]);
    died.resolve(`${title} ended by itself with ${wordsOfExit(exit)}.${lastWords(lines)}`);
  });
  const stop = async (): Promise<void> => {
    isStopping = true;
    guarded.input?.end();
    if (endsWithInput) await within(inputMs, ended);
    await guarded.stop();
  };
  return { lines, ended, died: died.promise, pids: pidsOf(guarded), stop };
};

export interface Steered extends Pick<Child, "pids" | "stop"> {
  channel: Duplex;
  exited: Promise<Exit>;
}

/** The lab: our own program, steered over a channel. */
export const startSteered = (node: string, file: string, environment: NodeJS.ProcessEnv, lines: Lines): Steered => {
  const guarded = startGuarded({
    command: node,
    args: [file],
    environment: { ...environment, HOPWISE_LAB_FD: String(channelFd) },
    hasChannel: true,
  });
  guarded.output.resume();
  guarded.errors.on("data", (piece: Buffer) => lines.add(piece));
  return { channel: guarded.channel as Duplex, exited: guarded.ended, pids: pidsOf(guarded), stop: guarded.stop };
};

const endsWithinMs = 10_000;

/** Runs a program to its end, e.g. to ask for its version; code -1 if it does not end by itself in time. */
export const runToEnd = async (command: string, args: string[], folder?: string): Promise<{ code: number; text: string }> => {
  const guarded = startGuarded({ command, args, environment: process.env, ...(folder ? { folder } : {}) });
  const pieces: Buffer[][] = [[], []];
  for (const [index, stream] of [guarded.output, guarded.errors].entries())
    stream.on("data", (piece: Buffer) => void pieces[index]?.push(piece));
  const isInTime = await within(endsWithinMs, guarded.ended);
  await guarded.stop();
  const exit = await guarded.ended;
  return { code: isInTime && exit !== "unknown" && "code" in exit ? exit.code : -1, text: Buffer.concat(pieces.flat()).toString() };
};

const pidsOf = ({ pid, ended }: Guarded): Child["pids"] => {
  let isOver = false;
  void ended.then(() => (isOver = true));
  return async () => {
    const root = await pid;
    return root === null || isOver ? [] : descendants(root);
  };
};

/** A process and all below it; empty where there is no /proc. */
export const descendants = async (root: number): Promise<number[]> => {
  const threads = await readdir(`/proc/${root}/task`).catch(() => null);
  if (threads === null) return [];
  const lists = await Promise.all(threads.map((thread) => readFile(`/proc/${root}/task/${thread}/children`, "utf8").catch(() => "")));
  const children = lists.flatMap((list) => list.split(" ").filter(Boolean).map(Number));
  return [root, ...(await Promise.all(children.map(descendants))).flat()];
};
