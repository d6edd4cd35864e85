import { expect, test } from "vitest";
import { Instances } from "../../../harness/session/instances.ts";
import { QueueDelaySampler } from "../../../harness/runtime/queue-delay.ts";
import { AuthorError, EnvironmentError } from "../../../harness/errors.ts";
import type { RunningServer, Runtime, ServerPlan } from "../../../harness/runtime/runtime.ts";

const plan = (command: string): ServerPlan => ({ kind: "command", hop: command, command, workingFolder: "/" });

/** Servers that are only said to run, each on a port of its own. */
const openTest = () => {
  const running = new Map<RunningServer, { die: () => void; upstreamPort: number }>();
  const taps = new Map<string, number>();
  let ports = 100;
  let refusal: Error | null = null;
  const runtime = {
    name: "process",
    lab: {
      ask: async (command: string, { id, target }: { id: string; target?: { port: number } | "origin" }) => {
        if (command === "open-tap") taps.set(id, typeof target === "object" ? target.port : 0);
        else taps.delete(id);
        return { port: ports++ };
      },
    },
    start: async ({ hop }: ServerPlan, upstreamPort: number): Promise<RunningServer> => {
      if (refusal) throw refusal;
      const died = Promise.withResolvers<string>();
      const server: RunningServer = {
        hop,
        address: { host: "127.0.0.1", port: ports++ },
        ...(hop === "edge" ? { listeners: new Map([["h2" as const, { host: "127.0.0.1", port: ports++ }]]) } : {}),
        probes: null,
        version: hop,
        pids: async () => [],
        lastLines: () => [],
        died: died.promise,
        [Symbol.asyncDispose]: async () => void running.delete(server),
      };
      running.set(server, { die: () => died.resolve("gone"), upstreamPort });
      return server;
    },
  } as unknown as Runtime;
  const instances = new Instances(runtime, new QueueDelaySampler());
  const start = async (chain: ServerPlan[], owner?: string): Promise<RunningServer[]> =>
    (await instances.start(chain, owner)).instances.map((one) => one.running);
  const die = async (server: RunningServer | undefined): Promise<void> => {
    running.get(server as RunningServer)?.die();
    await new Promise(setImmediate);
  };
  return { instances, start, die, running, taps, refuse: (error: Error) => (refusal = error) };
};

const chain = [plan("a"), plan("b"), plan("c")];

test("after a crash, the server and those before it are restarted, not those after it", async () => {
  const { instances, start, die, running, taps } = openTest();
  for (let users = 0; users < 3; users++) instances.reserve(chain);
  const [a, b, c] = await start(chain);
  expect(await start(chain)).toEqual([a, b, c]);
  await die(b);
  const [sameA, newB, newC] = await start(chain);
  expect(sameA).toBe(a);
  expect([newB, newC]).not.toContain(b);
  expect(newC).not.toBe(c);
  expect(await start(chain)).toEqual([a, newB, newC]);
  expect(running.size).toBe(5);
  const inFrontOf = (port: number): number => [...taps.values()].filter((target) => target === port).length;
  expect([newB, newC].map((server) => inFrontOf(server?.address.port ?? 0))).toEqual([1, 1]);
  for (let users = 0; users < 3; users++) {
    expect(running.size).toBe(5);
    await instances.release(chain);
  }
  expect([running.size, taps.size]).toEqual([0, 0]);
});

test("a server with an owner is not shared", async () => {
  const { instances, start, running, taps } = openTest();
  instances.reserve(chain);
  instances.reserve(chain, "alone");
  const shared = await start(chain);
  const own = await start(chain, "alone");
  expect(own.some((server) => shared.includes(server))).toBe(false);
  await instances.release(chain, "alone");
  expect([...running.keys()]).toEqual(shared);
  await instances[Symbol.asyncDispose]();
  expect([running.size, taps.size]).toEqual([0, 0]);
});

test("a server that started once and cannot restart is no author's error", async () => {
  const { instances, start, die, refuse } = openTest();
  for (let users = 0; users < 2; users++) instances.reserve([plan("a")]);
  const [a] = await start([plan("a")]);
  refuse(new AuthorError("it is locked"));
  await die(a);
  await expect(start([plan("a")])).rejects.toEqual(new EnvironmentError("Restarted: it is locked"));
  instances.reserve([plan("b")]);
  await expect(start([plan("b")])).rejects.toBeInstanceOf(AuthorError);
});

test("each listener of the last server has a tap, which is closed with it", async () => {
  const { instances, taps } = openTest();
  const servers = [plan("a"), plan("edge")];
  instances.reserve(servers);
  const { taps: inChain, clientTaps } = await instances.start(servers);
  expect(Object.keys(clientTaps)).toEqual(["h2"]);
  expect(inChain).toHaveLength(3);
  const targets = [inChain.at(-1), clientTaps.h2].map((tap) => taps.get(tap ?? ""));
  expect(new Set(targets).size).toBe(2);
  expect(taps.size).toBe(4);
  await instances.release(servers);
  expect(taps.size).toBe(0);
});
