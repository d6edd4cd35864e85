// Ctrl-C and SIGTERM at any moment: exit code 130, and nothing is left, neither processes nor folders nor anything on the engine.
import { once } from "node:events";
import { createServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { findBinary } from "../../harness/runtime/places.ts";
import { startHopwise } from "./_cli.ts";
import type { Running } from "./_cli.ts";
import { leftOf, watchTree } from "./_tree.ts";
import { describeWithEngine, engine } from "./engine.ts";

type Signal = "Ctrl-C" | "SIGTERM";

/** Ctrl-C goes to everything in the terminal's foreground: the lab gets it as we do. */
const send = (signal: Signal, { pid }: Running): void => {
  try {
    process.kill(signal === "Ctrl-C" ? -pid : pid, signal === "Ctrl-C" ? "SIGINT" : "SIGTERM");
  } catch {
    // It ended before: then there is nothing to interrupt.
  }
};

type Moment = "at its start" | "in mid-trial" | "during clean-up";

const between = (fromMs: number, toMs: number): number => fromMs + Math.random() * (toMs - fromMs);

const reached: Record<Moment, (running: Running, scenarios: number) => Promise<unknown>> = {
  "at its start": () => delay(between(150, 700)),
  // Finished scenarios are reported line by line, while the longest trial still runs, however slow this machine is.
  "in mid-trial": async (running, scenarios) => {
    await reported(running, 1 + Math.floor(Math.random() * (scenarios - 1)));
    await delay(between(0, 500));
  },
  "during clean-up": async (running, scenarios) => {
    await reported(running, scenarios);
    await delay(between(0, 40));
  },
};

/** So many lines of outcomes. */
const reported = ({ child }: Running, lines: number): Promise<void> =>
  new Promise((resolve) => {
    let text = "";
    child.stderr?.on("data", (piece: Buffer) => {
      text += piece.toString();
      if (text.split("\n").length > lines) resolve();
    });
    child.once("close", () => resolve());
  });

/** What comes sooner is the same signal, passed on by what started Hopwise. */
const apartMs = 300;

interface Run {
  scenarios: string[];
  runtime: "process" | "container";
}

const interrupted = async (
  { scenarios, runtime }: Run,
  moment: Moment,
  signal: Signal,
  more = 0,
): Promise<{ seen: number; code: number | null; err: string; left: string[] }> => {
  const running = startHopwise(["run", ...scenarios, "--runtime", runtime], { detached: true });
  using tree = watchTree(running.pid);
  await reached[moment](running, scenarios.length);
  await tree.look();
  send(signal, running);
  for (let time = 0; time < more; time += 1) {
    await delay(apartMs);
    if (running.child.exitCode === null) send(signal, running);
  }
  const { code: exit, err } = await running.ended;
  // Before Node has read our code a signal kills as it kills anything: nothing was begun.
  const code = exit === null && moment === "at its start" && tree.size === 0 && err === "" ? 130 : exit;
  expect(err).not.toMatch(/bug in Hopwise|\n\s+at /);
  return {
    seen: tree.size,
    code,
    err,
    left: more > 0 ? [] : await leftOf(running.pid, tree, runtime === "container" ? engine() : null),
  };
};

/** A signal after the end changes nothing. */
const codes: Record<Moment, number[]> = { "at its start": [130], "in mid-trial": [130], "during clean-up": [130, 0] };

const moments: [Moment, Signal][] = [
  ["at its start", "Ctrl-C"],
  ["at its start", "SIGTERM"],
  ["in mid-trial", "Ctrl-C"],
  ["in mid-trial", "SIGTERM"],
  ["during clean-up", "Ctrl-C"],
  ["during clean-up", "SIGTERM"],
];

const nginx = (await findBinary("nginx")) === null ? [] : ["nginx-http-1.1-streams-events"];
const short = ["node-proxy-streams-events", ...nginx];
const longer = [...short, "straight-pipe-passes-headers"];
const long = [...longer, join(import.meta.dirname, "interrupt/half-a-minute.yaml")];

describe.concurrent("a run in processes that is interrupted", () => {
  it.for(moments)("%s by %s ends with 130 and leaves nothing", async ([moment, signal]) => {
    const { seen, code, err, left } = await interrupted(
      { scenarios: moment === "during clean-up" ? longer : long, runtime: "process" },
      moment,
      signal,
    );
    expect(codes[moment], err).toContain(code);
    expect(left).toEqual([]);
    if (moment !== "at its start") expect(seen).toBeGreaterThan(3);
  });

  it("a second time quits immediately", async () => {
    expect(await interrupted({ scenarios: long, runtime: "process" }, "in mid-trial", "SIGTERM", 1)).toMatchObject({ code: 130 });
  });
});

describeWithEngine("a pull that takes long", () => {
  // A registry that takes the connection and says nothing: engines speak to loopback without TLS.
  const silentRegistry = async (): Promise<{ image: string; asked: Promise<unknown>; close: () => void }> => {
    const asked = Promise.withResolvers<void>();
    const sockets = new Set<Socket>();
    const server = createServer((socket) => {
      sockets.add(socket.on("error", () => {}));
      asked.resolve();
    });
    await once(server.listen(0, "127.0.0.1"), "listening");
    const { port } = server.address() as AddressInfo;
    const close = (): void => {
      for (const socket of sockets) socket.destroy();
      server.close();
    };
    return { image: `127.0.0.1:${port}/slow:1`, asked: asked.promise, close };
  };

  it.concurrent.for<[name: string, args: (image: string) => string[]]>([
    ["run", (image) => ["run", "nginx-http-1.1-streams-events", "--runtime", "container", "--image", image]],
    ["check", (image) => ["check", join(import.meta.dirname, "../configs/bare-proxy-pass/default.conf"), "--image", image]],
  ])("is given up on by the first Ctrl-C: %s", async ([, args]) => {
    const registry = await silentRegistry();
    const running = startHopwise(args(registry.image), { detached: true });
    using tree = watchTree(running.pid);
    try {
      await Promise.race([registry.asked, running.ended]);
      await tree.look();
      const sentAt = performance.now();
      send("Ctrl-C", running);
      const { code, err } = await running.ended;
      expect([code, err]).toEqual([130, expect.not.stringMatching(/could not pull|bug in Hopwise/)]);
      // Beyond what the taking down may take; the registry would have kept it for as long as it likes.
      expect(performance.now() - sentAt).toBeLessThan(20_000);
      expect(await leftOf(running.pid, tree, engine())).toEqual([]);
    } finally {
      registry.close();
    }
  });
});

describeWithEngine("a run in containers that is interrupted", () => {
  it.concurrent.for([
    ["at its start", "Ctrl-C"],
    ["in mid-trial", "SIGTERM"],
    ["during clean-up", "Ctrl-C"],
  ] satisfies [Moment, Signal][])("%s by %s ends with 130 and leaves nothing", async ([moment, signal]) => {
    const scenarios = moment === "in mid-trial" ? long : longer;
    const { code, err, left } = await interrupted({ scenarios, runtime: "container" }, moment, signal);
    expect(codes[moment], err).toContain(code);
    expect(left).toEqual([]);
  });
});
