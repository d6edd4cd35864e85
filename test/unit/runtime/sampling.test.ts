// Samples of real processes: their figures, and what is said where there are none.
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdtempSync, openSync, rmSync, unlinkSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it, onTestFinished } from "vitest";
import { now } from "../../../harness/lab/clock.ts";
import { processorMsIn, residentIn, temporaryKbOf } from "../../../harness/runtime/proc.ts";
import { startSampling } from "../../../harness/runtime/sampling.ts";
import type { SampleKind } from "../../../harness/model/samples.ts";
import { lacks, needs } from "../../_needs.ts";

const all: SampleKind[] = ["memory", "processor", "descriptors"];
const isLinux = process.platform === "linux";

/** Holds as many bytes as it is told, then reports and lets go; opens a socket at "listen"; ends at "end". */
const program = `
const net = require("node:net");
require("node:readline").createInterface({ input: process.stdin }).on("line", (line) => {
  if (line === "end") process.exit(0);
  if (line === "listen") return net.createServer().listen(0, () => console.log("done"));
  Buffer.alloc(Number(line), 1);
  console.log("done");
});
console.log("ready");
`;

const children: ChildProcess[] = [];
afterEach(async () => {
  for (const child of children.splice(0)) {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill("SIGKILL");
      await once(child, "exit");
    }
  }
});

const start = async (options: { uid?: number } = {}) => {
  const child = spawn(process.execPath, ["-e", program], { stdio: ["pipe", "pipe", "inherit"], ...options });
  children.push(child);
  await once(child.stdout, "data");
  const tell = async (line: string): Promise<void> => {
    child.stdin.write(`${line}\n`);
    await (line === "end" ? once(child, "exit") : once(child.stdout, "data"));
  };
  return { pid: child.pid as number, tell };
};

const sampling = (pids: () => number[], kinds = all) => startSampling({ hop: "edge", pids: async () => pids() }, { kinds, everyMs: 5 });

describe("samples", () => {
  it("have the size of files that are open and have no name anymore, and of no others", needs(isLinux, lacks.linux), async () => {
    const folder = mkdtempSync(join(tmpdir(), "hopwise-temporary-"));
    const [named, unnamed] = ["named", "unnamed"].map((name) => openSync(join(folder, name), "w+"));
    onTestFinished(() => {
      for (const file of [named, unnamed]) closeSync(file!);
      rmSync(folder, { recursive: true });
    });
    const before = await temporaryKbOf(process.pid);
    for (const file of [named, unnamed]) writeSync(file!, Buffer.alloc(300 * 1024));
    expect(await temporaryKbOf(process.pid)).toBe(before);
    unlinkSync(join(folder, "unnamed"));
    expect(await temporaryKbOf(process.pid)).toBe(before + 300);
  });

  it("has the peak of what was freed again, and begins anew each time", needs(isLinux, lacks.linux), async () => {
    const { pid, tell } = await start();
    const first = await sampling(() => [pid]);
    await tell(String(60 * 1024 * 1024));
    const large = await first.stop(now());
    const second = await sampling(() => [pid]);
    await tell("1");
    const small = await second.stop(now());
    const grew = [large, small].map(({ memory }) => ((memory?.[0]?.peakKb ?? 0) - (memory?.[0]?.idleKb ?? 0)) / 1024);
    expect(large.problems).toEqual([]);
    expect(grew[0]).toBeGreaterThan(55);
    expect(grew[1]).toBeLessThan(5);
  });

  it("are from before the case to after it, by the case's own time", needs(isLinux, lacks.linux), async () => {
    const { pid, tell } = await start();
    const running = await sampling(() => [pid]);
    const startedAt = now();
    await tell(String(50 * 1024 * 1024));
    await tell("listen");
    const { at, residentKb = [], processorMs = [], descriptors = [], sockets = [] } = await running.stop(startedAt);
    expect(at[0]).toBeLessThanOrEqual(0);
    expect(at.at(-1)).toBeGreaterThan(0);
    expect(at).toEqual(at.toSorted((one, other) => one - other));
    for (const list of [residentKb, processorMs, descriptors, sockets]) expect(list.length).toBe(at.length);
    expect(processorMs.at(-1)).toBeGreaterThanOrEqual(processorMs[0] ?? Infinity);
    expect((sockets.at(-1) ?? 0) - (sockets[0] ?? 0)).toBe(1);
    expect((descriptors.at(-1) ?? 0) - (descriptors[0] ?? 0)).toBeGreaterThanOrEqual(1);
  });

  it("are of all processes together, with the peak of each", needs(isLinux, lacks.linux), async () => {
    const [one, other] = [await start(), await start()];
    const running = await sampling(() => [one.pid, other.pid], ["memory"]);
    await one.tell(String(40 * 1024 * 1024));
    const { memory = [], residentKb, processorMs } = await running.stop(now());
    expect(memory.map(({ pid }) => pid)).toEqual([one.pid, other.pid]);
    expect(residentKb?.[0]).toBeGreaterThan(memory[0]?.idleKb ?? Infinity);
    expect(processorMs).toBeUndefined();
    expect((memory[1]?.peakKb ?? Infinity) - (memory[1]?.idleKb ?? 0)).toBeLessThan(5 * 1024);
  });
});

describe("without figures there is a reason", () => {
  it("no process is known", async () => {
    const { memory, residentKb, problems } = await (await sampling(() => [])).stop(0);
    expect([memory, residentKb]).toEqual([undefined, undefined]);
    const problem = isLinux ? "processes-unknown" : "not-supported";
    expect(problems).toEqual(all.map((kind) => ({ kind, problem })));
  });

  it("a process ended", needs(isLinux, lacks.linux), async () => {
    const { pid, tell } = await start();
    const running = await sampling(() => [pid]);
    await tell("end");
    const seen = await running.stop(now());
    expect(seen.problems).toContainEqual({ kind: "memory", problem: "processes-changed" });
    expect(seen).not.toHaveProperty("memory");
    expect(seen).not.toHaveProperty("residentKb");
  });

  it("a process began: what it had before is not known", needs(isLinux, lacks.linux), async () => {
    const [one, other] = [await start(), await start()];
    const pids = [one.pid];
    const running = await sampling(() => pids, ["memory"]);
    pids.push(other.pid);
    const { memory, problems } = await running.stop(now());
    expect([memory, problems]).toEqual([undefined, [{ kind: "memory", problem: "processes-changed" }]]);
  });

  it("the processes are another user's", needs(isLinux, lacks.linux), async () => {
    // This very process, as another user sees it; an ordinary user may not sample the first process of the machine either.
    const isRoot = process.getuid?.() === 0;
    const script = `
      const { startSampling } = await import(${JSON.stringify(new URL("../../../harness/runtime/sampling.ts", import.meta.url).href)});
      process.seteuid?.(${isRoot ? 65534 : "process.geteuid()"});
      const pids = async () => [${isRoot ? process.pid : 1}];
      const running = await startSampling({ hop: "edge", pids }, { kinds: ${JSON.stringify(all)}, everyMs: 5 });
      console.log(JSON.stringify(await running.stop(0)));`;
    const child = spawn(process.execPath, ["--input-type=module", "-e", script], { stdio: ["ignore", "pipe", "inherit"] });
    children.push(child);
    let text = "";
    child.stdout.on("data", (piece: Buffer) => (text += piece.toString()));
    await once(child, "close");
    const seen = JSON.parse(text) as { problems: unknown[]; memory?: unknown };
    expect(seen.problems).toContainEqual({ kind: "memory", problem: "not-permitted" });
    expect(seen.problems).toContainEqual({ kind: "descriptors", problem: "not-permitted" });
    expect(seen).not.toHaveProperty("memory");
  });
});

describe("what proc(5) tells", () => {
  const status = "Name:\tnode\nState:\tS (sleeping)\nVmPeak:\t  999 kB\nVmHWM:\t   62000 kB\nVmRSS:\t   60000 kB\nThreads:\t11\n";

  it("is read by its names", () => {
    expect(residentIn(status)).toEqual({ residentKb: 60_000, peakKb: 62_000 });
  });

  it.for<[what: string, text: string, problem: string]>([
    ["a kernel without the peak", status.replace(/VmHWM.*\n/, ""), "not-supported"],
    ["a process that is not waited for", "Name:\tnode\nState:\tZ (zombie)\nThreads:\t1\n", "processes-changed"],
    ["one that is ending", "Name:\tnode\nState:\tR (running)\nThreads:\t1\n", "processes-changed"],
  ])("is not a zero: %s", ([, text, problem]) => {
    expect(() => residentIn(text)).toThrow(expect.objectContaining({ problem }));
  });

  it("has the processor time after a name that has parentheses and blanks", () => {
    const rest = "S 1 1 1 0 -1 4194560 100 0 0 0 150 50 7 7 20 0 11 0 100 1000 200";
    expect(processorMsIn(`42 (a) b (c) ${rest}`)).toBe(2000);
    expect(() => processorMsIn("42 (node) S 1")).toThrow(expect.objectContaining({ problem: "not-supported" }));
  });
});
