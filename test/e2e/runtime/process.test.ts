import { existsSync } from "node:fs";
import { createServer } from "node:http";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openRuntime } from "../../../harness/session/choose-runtime.ts";
import { AuthorError } from "../../../harness/errors.ts";
import type { RunningServer, Runtime } from "../../../harness/runtime/runtime.ts";
import nginx from "../../../proxies/nginx.ts";
import { needsNginx } from "../../_needs.ts";
import { foldersOf, processesWith, whenEmpty } from "./_left.ts";
import { binaryPlan, commandPlan, fileOf, nodePlan, standin, withCompression } from "./_plans.ts";
import throws from "./fixtures/throws.ts";

describe("the process runtime", () => {
  let runtime: Runtime;
  let upstream: Server;
  let port: number;

  beforeAll(async () => {
    upstream = createServer(({ url }, response) => response.end(`upstream ${url}`)).listen(0, "127.0.0.1");
    runtime = await openRuntime("process");
    port = (upstream.address() as AddressInfo).port;
  });
  afterAll(async () => {
    upstream.close();
    await runtime[Symbol.asyncDispose]();
    expect(await foldersOf(process.pid)).toEqual([]);
  });

  const ask = async ({ address }: RunningServer): Promise<string> => (await fetch(`http://${address.host}:${address.port}/there`)).text();

  it("has a lab with a process id", async () => {
    expect(runtime.lab.host).toBe("127.0.0.1");
    expect(await runtime.labPids()).toEqual([expect.any(Number)]);
  });

  it("starts a Node hop that forwards, and stops it", async () => {
    const server = await runtime.start(nodePlan("edge"), port);
    expect(await ask(server)).toBe("upstream /there");
    expect(server).toMatchObject({ hop: "edge", probes: null, version: expect.stringMatching(/^node v\d+\.\d+\.\d+$/) });
    const [pid, ...others] = await server.pids();
    expect(others).toEqual([]);
    expect(existsSync(`/proc/${pid}`)).toBe(true);
    await server[Symbol.asyncDispose]();
    expect(existsSync(`/proc/${pid}`)).toBe(false);
    expect(await server.pids()).toEqual([]);
  });

  it("gives the probes of a hop with middlewares an address", async () => {
    const server = await runtime.start(withCompression(nodePlan("squeezer")), port);
    expect(server.probes).toMatchObject({ host: "127.0.0.1", port: expect.any(Number) });
    expect(server.version).toMatch(/^node v\S+, compression \d/);
    expect(await ask(server)).toBe("upstream /there");
  });

  it("says how a hop died", async () => {
    const server = await runtime.start(nodePlan("victim"), port);
    const [pid = 0] = await server.pids();
    process.kill(pid, "SIGKILL");
    expect(await server.died).toBe('Hop "victim" (http-pipe.ts) ended by itself with SIGKILL. It printed nothing.');
  });

  it("reports nothing about a hop that was stopped", async () => {
    const server = await runtime.start(nodePlan("quiet"), port);
    await server[Symbol.asyncDispose]();
    expect(await Promise.race([server.died, Promise.resolve("nothing")])).toBe("nothing");
  });

  it("shows the last lines of a hop that cannot be set up", async () => {
    const start = runtime.start(nodePlan("broken", throws, fileOf("./fixtures/throws.ts")), port);
    await expect(start).rejects.toThrow(
      /^Hop "broken" \(throws\.ts\) ended by itself with exit code 1\. Last lines: .*nothing to forward to/,
    );
    await expect(start).rejects.toBeInstanceOf(AuthorError);
  });

  it("starts a foreign server from its rendered configuration", async () => {
    const server = await runtime.start(binaryPlan("foreign", standin()), port);
    expect(server.version).toBe("standin.mjs/1.2.3");
    expect(await ask(server)).toBe("upstream /there");
    const pids = await server.pids();
    expect(pids).toHaveLength(1);
    await server[Symbol.asyncDispose]();
    expect(pids.filter((pid) => existsSync(`/proc/${pid}`))).toEqual([]);
  });

  it("shows the foreign server's own line about its configuration", async () => {
    const start = runtime.start(binaryPlan("foreign", standin("proxi_pass x\n")), port);
    await expect(start).rejects.toThrow(
      'Hop "foreign" (standin.mjs) refuses its configuration: standin: [emerg] unknown directive "proxi_pass" in conf/standin.conf:3',
    );
    await expect(start).rejects.toBeInstanceOf(AuthorError);
  });

  it("names the port that something else took", async () => {
    const start = runtime.start(binaryPlan("propagated-late", standin("say bind()_failed_(98:_Address_already_in_use)\n")), port);
    await expect(start).rejects.toThrow(/^Hop "propagated-late" \(standin\.mjs\) could not listen on port \d+, which something else took/);
  });

  it("shows the last lines of a foreign server that died", async () => {
    const start = runtime.start(binaryPlan("frail", standin("say out_of_wax\n")), port);
    await expect(start).rejects.toThrow('Hop "frail" (standin.mjs) ended by itself with exit code 1. Last lines: out of wax');
  });

  it("names the hop and the limit when nothing listens", async () => {
    const start = runtime.start(commandPlan("deaf", "echo waiting for nothing; sleep 60"), port);
    await expect(start).rejects.toThrow(
      /^Hop "deaf" \(command\) did not accept a connection on 127\.0\.0\.1:\d+ within \d+ s: "echo .*" must listen on PORT\. Last lines: waiting for nothing$/,
    );
  });

  it("starts a command with its descendants, and ends them all, deaf or not", async () => {
    const marker = `hopwise-test-${process.pid}-deaf`;
    const serve = `require("http").createServer((q, s) => s.end(process.env.UPSTREAM)).listen(process.env.PORT)`;
    const server = await runtime.start(commandPlan("mine", `trap '' TERM; sleep 1000 & node -e '${serve}' ${marker}`), port);
    expect(await ask(server)).toBe(`http://127.0.0.1:${port}`);
    expect(await server.pids()).toHaveLength(3);
    expect(await processesWith(marker)).not.toEqual([]);
    await server[Symbol.asyncDispose]();
    expect(await whenEmpty(() => processesWith(marker), 1000)).toEqual([]);
  });

  it("says what is missing for a server that is not on this machine", async () => {
    const plan = binaryPlan("absent", { ...standin(), binary: "hopwise-absent", debian: { release: "forky", packages: ["absent"] } });
    expect(await runtime.unsupported(plan)).toMatch(
      /there is no hopwise-absent on this machine\. Install it \(Debian: apt-get install absent\)/,
    );
    expect(await runtime.unsupported({ ...binaryPlan("pinned", standin()), image: "x:1" })).toMatch(/needs a container for its image x:1/);
    expect(await runtime.unsupported(nodePlan("edge"))).toBeNull();
  });

  it("starts nginx where it is installed, and shows its own line about its configuration", needsNginx, async () => {
    const server = await runtime.start(binaryPlan("nginx", nginx), port);
    expect(await ask(server)).toBe("upstream /there");
    expect(server.version).toMatch(/^nginx\/\d/);
    expect((await server.pids()).length).toBeGreaterThan(1);
    const bad = { ...binaryPlan("bad", nginx).definition, files: () => ({ "nginx.conf": "events {}\nproxi_pass x;\n" }) };
    await expect(runtime.start(binaryPlan("bad", bad), port)).rejects.toThrow(
      /^Hop "bad" \(nginx\) refuses its configuration: .*\[emerg\].* unknown directive "proxi_pass" in nginx\.conf:2$/,
    );
  });
});

describe("a process runtime that ends", () => {
  it("takes everything with it", async () => {
    const marker = `hopwise-test-${process.pid}-end`;
    const runtime = await openRuntime("process");
    const servers = await Promise.all([1, 2, 3].map(() => runtime.start(nodePlan(marker), 1)));
    expect(servers.map(({ hop }) => hop)).toEqual([marker, marker, marker]);
    await runtime[Symbol.asyncDispose]();
    expect(await processesWith(marker)).toEqual([]);
    expect(await foldersOf(process.pid)).toEqual([]);
  });

  it("does not leave a hop that is just starting", async () => {
    const marker = `hopwise-test-${process.pid}-race`;
    const runtime = await openRuntime("process");
    const starting = Promise.allSettled([1, 2, 3].map(() => runtime.start(nodePlan(marker), 1)));
    await runtime[Symbol.asyncDispose]();
    await starting;
    expect(await processesWith(marker)).toEqual([]);
  });

  it("says so when its lab dies", async () => {
    await using runtime = await openRuntime("process");
    const [pid = 0] = await runtime.labPids();
    process.kill(pid, "SIGKILL");
    expect(await runtime.lab.died).toMatch(/SIGKILL/);
    await expect(runtime.lab.ask("now", {})).rejects.toThrow(/lab ended/);
  });
});
