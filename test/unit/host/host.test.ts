import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { describe, expect, test } from "vitest";
import { ask, contentOf, isComplete, startOrigin } from "../hops/_wire.ts";
import type { End } from "../hops/_wire.ts";

interface Plan {
  file: string;
  variant?: string;
  middlewares?: { file: string; variant: string }[];
}

const startHost = async ({ file, variant = "default", middlewares = [] }: Plan, upstream = "http://127.0.0.1:1") => {
  const plan = { file, variant, middlewares, hop: "hop" };
  const environment = { ...process.env, HOPWISE_HOST: JSON.stringify(plan), UPSTREAM: upstream };
  const child = spawn(process.execPath, ["harness/host/main.ts"], { env: environment, stdio: ["pipe", "pipe", "pipe"] });
  let errors = "";
  child.stderr.on("data", (text) => (errors += text));
  const ended = once(child, "close").then(([code]) => ({ code: code as number, errors }));
  const line = await Promise.race([once(createInterface(child.stdout), "line"), ended]);
  const said = (Array.isArray(line) ? JSON.parse(line[0] as string) : {}) as { port: number; probePort: number | null; version: string };
  const stop = async (): Promise<void> => {
    child.stdin.end();
    await ended;
  };
  return { ...said, child, ended, [Symbol.asyncDispose]: stop };
};

describe.concurrent("the host of a Node hop", () => {
  test("serves a handler with middlewares, and what its probes saw, once", async () => {
    await using origin = await startOrigin();
    const middlewares = ["timeout", "compression"].map((id) => ({ file: `middlewares/${id}.ts`, variant: "default" }));
    await using host = await startHost({ file: "proxies/http-proxy.ts", middlewares }, origin.url.href);
    expect(host.version).toMatch(/^node v24\.\d+\.\d+, http-proxy 1\.18\.1, compression 1\.\d+\.\d+$/);

    const client = ask(host.port, { path: "/a?hopwise=abcdefgh", headers: "hopwise-request: abcdefgh.0\r\n" });
    const asked = await origin.asked();
    const before = Number(process.hrtime.bigint()) / 1e6;
    asked.start("Content-Type: text/plain\r\n").chunk("one").last();
    await client.until(isComplete);
    expect(contentOf(client)).toBe("one");

    const probes = ask(host.probePort ?? 0, { path: "/?request=abcdefgh", headers: "Connection: close\r\n" });
    await probes.left();
    const seen = JSON.parse(probes.rest) as { place: string; headersAt: number; content: { bytes: string } }[];
    expect(seen.map(({ place }) => place).toSorted()).toEqual(["hop#0", "hop#1"]);
    for (const { headersAt, content } of seen) {
      expect(Buffer.from(content.bytes, "base64").toString()).toBe("one");
      // One clock for all processes of a machine
      expect(headersAt).toBeGreaterThan(before);
      expect(headersAt).toBeLessThan(Number(process.hrtime.bigint()) / 1e6);
    }
    const again = ask(host.probePort ?? 0, { path: "/?request=abcdefgh", headers: "Connection: close\r\n" });
    await again.left();
    expect(again.rest).toBe("[]");
  });

  test("serves a whole server, without probes", async () => {
    await using origin = await startOrigin();
    await using host = await startHost({ file: "proxies/tcp-pipe.ts" }, origin.url.href);
    expect(host.probePort).toBe(null);
    const client = ask(host.port);
    (await origin.asked()).send("anything");
    await client.has("anything");
  });

  test.for(["throw", "reject"])("ends with the stack and an exit code when its handler has a fault: %s", async (how) => {
    await using host = await startHost({ file: "test/unit/host/_servers/faulty.ts" });
    await ask(host.port).has("fine");
    await ask(host.port, { path: `/${how}` }).left();
    const { code, errors } = await host.ended;
    expect(code).toBe(1);
    expect(errors).toMatch(/Error: (thrown|rejected) on purpose\n {4}at .*faulty\.ts:/);
  });

  test("ends by itself when its parent's pipe closes", async () => {
    const host = await startHost({ file: "proxies/http-pipe.ts" });
    host.child.stdin.end();
    expect((await host.ended).code).toBe(0);
  });

  test.for<[string, Plan, RegExp]>([
    ["an unknown variant", { file: "proxies/http-pipe.ts", variant: "no" }, /has no variant "no"; it has default/],
    [
      "a middleware in a whole server",
      { file: "proxies/tcp-pipe.ts", middlewares: [{ file: "middlewares/gzip.ts", variant: "default" }] },
      /cannot host middlewares/,
    ],
  ])("refuses %s", async ([, plan, problem]) => {
    const { code, errors } = await (await startHost(plan)).ended;
    expect(code).not.toBe(0);
    expect(errors).toMatch(problem);
  });
});

test("the stranger, which knows nothing of Hopwise, holds everything to the end", async () => {
  await using origin = await startOrigin();
  const placeholder = await startOrigin();
  const free = placeholder.port;
  await placeholder[Symbol.asyncDispose]();
  const child = spawn(process.execPath, ["test/mutants/stranger.mjs"], {
    env: { ...process.env, PORT: String(free), UPSTREAM: origin.url.href },
    stdio: "inherit",
  });
  try {
    const connected = async (): Promise<End> => {
      const client = ask(free);
      await Promise.race([once(client.socket, "connect").catch(() => null), client.left()]);
      return client.gone === null ? client : connected();
    };
    const client = await connected();
    const asked = (await origin.asked()).start();
    await client.headers();
    asked.chunk("one");
    const other = ask(free, { path: "/other" });
    (await origin.asked()).start().last();
    await other.until(isComplete);
    expect(client.rest).toBe("");
    asked.last();
    await client.until(isComplete);
    expect(contentOf(client)).toBe("one");
  } finally {
    child.kill();
    await once(child, "close");
  }
});
