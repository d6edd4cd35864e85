import { afterAll, beforeAll, expect, it } from "vitest";
import { openContainer } from "../../../harness/runtime/container.ts";
import type { ContainerRuntime } from "../../../harness/runtime/container.ts";
import type { BinaryPlan } from "../../../harness/runtime/hop.ts";
import { AuthorError } from "../../../harness/errors.ts";
import type { RunningServer } from "../../../harness/runtime/runtime.ts";
import nginx from "../../../proxies/nginx.ts";
import { describeWithEngine, engine } from "../engine.ts";
import { onEngine } from "./_left.ts";
import { binaryPlan, commandPlan, fileOf, nodePlan, withCompression } from "./_plans.ts";
import throws from "./fixtures/throws.ts";

/** What the lab's origin says to whoever is not sent by the lab: whoever hears it has got through. */
const originSays = { status: 404, text: expect.stringMatching(/^No Hopwise case/) };

describeWithEngine("the container runtime", () => {
  let runtime: ContainerRuntime;
  let port: number;

  beforeAll(async () => {
    runtime = await openContainer(engine(), () => {});
    ({ port } = await runtime.lab.ask("open-tap", { id: "origin", target: "origin", listen: { host: "", port: 0 } }));
  });
  afterAll(async () => {
    expect((await onEngine(engine(), process.pid)).length).toBeGreaterThan(3);
    await runtime[Symbol.asyncDispose]();
    expect(await onEngine(engine(), process.pid)).toEqual([]);
  });

  const ask = ({ address }: RunningServer): Promise<unknown> => runtime.lab.ask("fetch", { address, path: "/", withinMs: 2000 });
  const isLocal = (): boolean => process.platform === "linux" && engine().isLocal;

  it("has a lab that trusts itself", async () => {
    expect(await runtime.lab.ask("self-test", {})).toMatchObject({ node: expect.stringMatching(/^v2[4-9]/), faults: [] });
    if (isLocal()) expect(await runtime.labPids()).not.toEqual([]);
  });

  it("starts a Node hop that forwards to the lab, and stops it", async () => {
    const server = await runtime.start(nodePlan("edge"), port);
    expect(await ask(server)).toMatchObject(originSays);
    expect(server).toMatchObject({ hop: "edge", probes: null, version: expect.stringMatching(/^node v\d+\.\d+\.\d+$/) });
    if (isLocal()) expect(await server.pids()).toHaveLength(1);
    await server[Symbol.asyncDispose]();
    await expect(ask(server)).rejects.toThrow();
    expect(await server.pids()).toEqual([]);
  });

  it("brings a hop's npm packages and its middlewares along", async () => {
    const server = await runtime.start(withCompression(nodePlan("squeezer")), port);
    expect(server.version).toMatch(/^node v\S+, compression \d/);
    expect(server.probes).toMatchObject({ host: server.address.host });
    expect(await ask(server)).toMatchObject(originSays);
  });

  it("brings a server's private helpers along, wherever it is", async () => {
    const file = "../../mutants/hold-all.ts";
    const { default: definition } = (await import(file)) as { default: Parameters<typeof nodePlan>[1] };
    const server = await runtime.start(nodePlan("mutant", definition, fileOf(file)), port);
    expect(await ask(server)).toMatchObject(originSays);
  });

  it("starts nginx from an image of Debian's packages", async () => {
    const server = await runtime.start(binaryPlan("proxy", nginx), port);
    expect(await ask(server)).toMatchObject(originSays);
    expect(server.version).toMatch(/^nginx\/\d+\.\d+\.\d+$/);
    if (isLocal()) expect((await server.pids()).length).toBeGreaterThan(1);
  });

  it("starts several at once, in a chain", async () => {
    const last = await runtime.start(binaryPlan("proxy", nginx), port);
    const tap = await runtime.lab.ask("open-tap", { id: "middle", target: last.address, listen: { host: "", port: 0 } });
    const servers = await Promise.all(
      [nodePlan("a"), nodePlan("b"), binaryPlan("c", nginx, "unbuffered")].map((plan) => runtime.start(plan, tap.port)),
    );
    expect(await Promise.all(servers.map(ask))).toMatchObject([originSays, originSays, originSays]);
  });

  it("shows nginx's own line about its configuration", async () => {
    const { definition } = binaryPlan("bad", nginx);
    const start = runtime.start(binaryPlan("bad", { ...definition, files: () => ({ "nginx.conf": "events {}\nproxi_pass x;\n" }) }), port);
    await expect(start).rejects.toThrow(
      /^Hop "bad" \(nginx\) refuses its configuration: .*\[emerg\].* unknown directive "proxi_pass" in nginx\.conf:2$/,
    );
    await expect(start).rejects.toBeInstanceOf(AuthorError);
  });

  it("shows the last lines of a hop that cannot be set up", async () => {
    const start = runtime.start(nodePlan("broken", throws, fileOf("./fixtures/throws.ts")), port);
    await expect(start).rejects.toThrow(
      /^Hop "broken" \(throws\.ts\) ended by itself with exit code 1\. Last lines: .*nothing to forward to/,
    );
  });

  it("says how a hop died", async (context) => {
    if (!isLocal()) context.skip("its processes are on another machine");
    const server = await runtime.start(nodePlan("victim"), port);
    const [pid = 0] = await server.pids();
    process.kill(pid, "SIGKILL");
    expect(await server.died).toMatch(/^Hop "victim" \(http-pipe\.ts\) ended by itself with exit code 137\. It printed nothing\.$/);
  });

  it("gives several upstreams of one port an address each", async () => {
    const names = { app: runtime.address(1), api: runtime.address(2) };
    const second = await runtime.start(nodePlan("second"), port);
    await runtime.lab.ask("open-tap", { id: "app", target: "origin", listen: { host: names.app, port: 8000 } });
    await runtime.lab.ask("open-tap", { id: "api", target: second.address, listen: { host: names.api, port: 8000 } });
    const { definition } = binaryPlan("own", nginx);
    const own = (text: string): BinaryPlan =>
      binaryPlan("own", { ...definition, files: () => ({ "nginx.conf": `pid nginx.pid; events {} http { ${text} }` }) });
    const plan = own("server { listen 80; location / { proxy_pass http://app:8000; } location /api { proxy_pass http://api:8000; } }");
    const server = await runtime.start(plan, 8000, { names, listenPort: 80 });
    expect(await ask(server)).toMatchObject(originSays);
    expect(await runtime.lab.ask("fetch", { address: server.address, path: "/api", withinMs: 2000 })).toMatchObject(originSays);
    const wrong = own("server { listen 80; location / { proxy_pass http://apo:8000; } }");
    await expect(runtime.start(wrong, 8000, { names, listenPort: 80 })).rejects.toThrow(
      /refuses its configuration: .*host not found in upstream "apo"/,
    );
  });

  it("gives hops no way out of their network", async () => {
    const server = await runtime.start(nodePlan("prisoner"), port);
    const containers = await engine().docker.listContainers({ filters: { label: ["hopwise.run"] } });
    const mine = containers.filter(({ Labels }) => Labels["hopwise.owner"]?.startsWith(`${process.pid}:`));
    const hop = engine().docker.getContainer(mine.find(({ Labels }) => Labels["hopwise.role"] === "hop")?.Id ?? "");
    const lab = await engine()
      .docker.getContainer(mine.find(({ Labels }) => Labels["hopwise.role"] === "lab")?.Id ?? "")
      .inspect();
    const reach = async (host: string): Promise<string> => {
      const program = `require("net").connect(${port}, "${host}").on("connect", () => { console.log("through"); process.exit(); }); setTimeout(process.exit, 1000)`;
      const exec = await hop.exec({ Cmd: ["node", "-e", program], AttachStdout: true });
      return (await (await exec.start({})).setEncoding("utf8").toArray()).join("");
    };
    expect(await reach(runtime.lab.host)).toContain("through");
    // The lab's other network is the nearest place that an ordinary container would reach.
    expect(await reach(lab.NetworkSettings.Networks["bridge"]?.IPAddress ?? "")).toBe("");
    await server[Symbol.asyncDispose]();
  });

  it("says why a command cannot run", async () => {
    expect(await runtime.unsupported(commandPlan("mine", "node x.js"))).toMatch(/^Hop "mine" \(command\) cannot run in a container/);
    await expect(runtime.start(commandPlan("mine", "node x.js"), port)).rejects.toThrow(/--runtime process/);
  });

  it("says what to do about an image that is not there", async () => {
    const plan = { ...binaryPlan("pinned", nginx), image: "hopwise.invalid/nothing:1" };
    await expect(runtime.start(plan, port)).rejects.toThrow(/^The engine has no image hopwise\.invalid\/nothing:1 and could not pull it/);
  });
});
