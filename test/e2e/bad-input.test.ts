// What the command line says, and with which exit code, when a hop, a file, the machine or the engine is not as it should be.
import { on } from "node:events";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import type { AddressInfo, Server } from "node:net";
import type { Readable } from "node:stream";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openCatalog, scenarioFromFile } from "../../harness/catalog/catalog.ts";
import type { Report } from "../../harness/report/report.ts";
import { run } from "../../harness/session/run.ts";
import { openRuntime } from "../../harness/session/choose-runtime.ts";
import type { RuntimeChoice } from "../../harness/session/choose-runtime.ts";
import { descendants } from "../../harness/runtime/child.ts";
import { lacks, needs, needsNginx } from "../_needs.ts";
import { hopwise, reportOf, scenarioOf, startHopwise } from "./_cli.ts";
import { describeWithEngine } from "./engine.ts";

const nginxFile = join(import.meta.dirname, "../../proxies/nginx.ts");

let folder = "";
let occupied: Server;
let takenPort = 0;

const goodCommand = join(import.meta.dirname, "strangers/straight-http.mjs");
const expectation = `title: "Events survive", trial: { kind: "lock-step" }, must: { deliver: "incrementally" }`;
const scenario = (chain: string): string => `export default { chain: [${chain}], ${expectation} };`;

/** nginx with a configuration of its own, under another id. */
const nginxWith = (configuration: string): string => `
import nginx from ${JSON.stringify(nginxFile)};
export default { ...nginx, files: ({ listenPort }) => ({ "nginx.conf": ${JSON.stringify(configuration)} }) };
`;

const files = (port: number): Record<string, string> => ({
  "dies.mjs": `console.log("reading edge.json"); console.error("Error: edge.json has no routes"); process.exit(78);`,
  "dies-in-trial.mjs": `
    import { createServer } from "node:http";
    const die = () => { console.error("out of wax"); process.exit(9); };
    createServer((_, response) => { response.writeHead(200).flushHeaders(); setTimeout(die, 100); }).listen(process.env.PORT);`,
  "dies-once.mjs": `
    import { existsSync, writeFileSync } from "node:fs";
    import ${JSON.stringify(join(import.meta.dirname, "strangers/straight-http.mjs"))};
    if (!existsSync("died-once")) setTimeout(() => { writeFileSync("died-once", ""); console.error("out of wax"); process.exit(9); }, 1500);`,
  "dying.mjs": `export default {
    chain: [{ app: "sse" }, "command:node dies-in-trial.mjs"], trial: { kind: "lock-step" }, title: "It is known to hold events",
    does: { deliver: "buffered" }, because: "https://example.org" };`,
  "throwing.mjs": scenario(`{ app: "sse" }, { server: "http-pipe", middlewares: ["throws"] }`),
  "throwing-later.mjs": scenario(`{ app: "sse" }, { server: "http-pipe", middlewares: ["throws:later"] }`),
  "middlewares/throws.mjs": `export default {
    title: "No wax", link: "https://example.org", variants: { default: { title: "at once" }, later: { title: "later", options: { later: true } } },
    create: ({ later }) => { const fail = () => { throw new Error("out of wax"); }; return later ? fail : fail(); } };`,
  "taken.mjs": `require("node:http").createServer().listen(${port});`.replace("require", "process.getBuiltinModule"),
  "deaf.mjs": `console.log("warming up"); setInterval(() => {}, 1000);`,
  "pipe.mjs": scenario(`{ app: "sse" }, "http-pipe"`),
  "command.mjs": scenario(`{ app: "sse" }, "command:${process.execPath} ${goodCommand}"`),
  "nginx.mjs": scenario(`{ app: "sse" }, "nginx"`),
  "no-hop.mjs": scenario(`{ app: "sse" }`),
  "nothing.mjs": scenario(""),
  "wrong-app.mjs": scenario(`{ app: "ssse" }, "http-pipe"`),
  "wrong-server.mjs": scenario(`{ app: "sse" }, "ngnix"`),
  "wrong-variant.mjs": scenario(`{ app: "sse" }, "nginx:unbufferd"`),
  "inherited-variant.mjs": scenario(`{ app: "sse" }, "http-pipe:constructor"`),
  "wrong-middleware.mjs": scenario(`{ app: "sse" }, { server: "http-pipe", middlewares: ["gzp"] }`),
  "wrong-middleware-variant.mjs": scenario(`{ app: "sse" }, { server: "http-pipe", middlewares: ["gzip:flsh"] }`),
  "middleware-in-nginx.mjs": scenario(`{ app: "sse" }, { server: "nginx", middlewares: ["gzip"] }`),
  "bad-nginx.mjs": scenario(`{ app: "sse" }, "bad-nginx"`),
  "late-nginx.mjs": scenario(`{ app: "sse" }, "late-nginx"`),
  "servers/bad-nginx.mjs": nginxWith("pid nginx.pid;\nevents {}\nhttp {\n  proxy_bufering off;\n}\n"),
  "servers/late-nginx.mjs": nginxWith(`pid nginx.pid;\nevents {}\nhttp { access_log off; server { listen 127.0.0.1:${port}; } }\n`),
});

beforeAll(async () => {
  occupied = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => occupied.once("listening", resolve));
  takenPort = (occupied.address() as AddressInfo).port;
  folder = await mkdtemp(join(tmpdir(), "bad-input-"));
  for (const name of ["servers", "middlewares"]) await mkdir(join(folder, name));
  for (const [name, source] of Object.entries(files(takenPort))) await writeFile(join(folder, name), source);
});

afterAll(async () => {
  occupied.close();
  await rm(folder, { recursive: true, force: true });
});

/** Standard error and exit code, of a command line that starts nothing and prints nothing else. */
const refused = async (args: string[], environment: Record<string, string> = {}): Promise<string> => {
  const { code, out, err } = await hopwise(args, { folder, environment });
  expect(out).toBe("");
  expect(err).not.toMatch(/\n\s+at |bug in Hopwise/);
  return `${err.replaceAll(folder, "<folder>")}→ ${code}`;
};

const refusedHop = (command: string): Promise<string> => refused(["run", "--hop", command, "--runtime", "process"]);

/** What the standard trials say of a hop. */
const judgedHop = async (program: string, grep: string): Promise<{ code: number | null; report: Report }> => {
  const ended = await hopwise(["run", "--hop", `${process.execPath} ${program}`, "--grep", grep, "--reporter", "json"], { folder });
  return { code: ended.code, report: reportOf(ended) };
};

describe.concurrent("a hop that does not start is its author's mistake", () => {
  it("with its last lines where it dies", async () => {
    expect(await refusedHop("node dies.mjs")).toContain(
      'hopwise: Hop "hop" (command) ended with exit code 78 before it listened: "node dies.mjs" must listen on PORT and keep running. Last lines: reading edge.json | Error: edge.json has no routes\n→ 2',
    );
  });

  it("with the shell's words where there is none", async () => {
    expect(await refusedHop("/nonexistent/hop")).toMatch(
      /hopwise: Hop "hop" \(command\) ended with exit code 127 before it listened: "\/nonexistent\/hop" must .*not found\n→ 2$/,
    );
  });

  it("with the port that it wants for its own, which something else has", async () => {
    const said = await refusedHop("node taken.mjs");
    expect(said).toMatch(/ended with exit code 1 before it listened: .*EADDRINUSE: address already in use \S*:\d+/);
    expect(said).toContain(`:${takenPort}`);
    expect(said).not.toContain("syscall");
    expect(said).toMatch(/→ 2$/);
  });

  it("with where it ought to listen, and how long was waited", async () => {
    expect(await refusedHop("node deaf.mjs")).toMatch(
      /hopwise: Hop "hop" \(command\) did not accept a connection on 127\.0\.0\.1:\d+ within \d+ s: "node deaf\.mjs" must listen on PORT\. Last lines: warming up\n→ 2$/,
    );
  });

  it("in a middleware too", async () => {
    await expect(runWith("process", "throwing")).rejects.toMatchObject({
      name: "AuthorError",
      message: expect.stringMatching(
        /^Hop "http-pipe" \(http-pipe\.ts\) ended by itself with exit code 1\. Last lines: .*throws\.mjs.*out of wax/,
      ),
    });
  });
});

describe.concurrent("a hop that dies in mid-trial", () => {
  it("is named by the trial that it dies of, and judged by the others", async () => {
    const { code, report } = await judgedHop(
      join(import.meta.dirname, "strangers/throws-on-abort.mjs"),
      "^(origin-abort|lock-step|bodyless|silence)$",
    );
    expect(scenarioOf(report, "origin-abort")).toMatchObject({
      outcome: "fail",
      headline: "crashed",
      culprit: "hop",
      why: expect.stringMatching(/^Hop "hop" \(command\) ended by itself with exit code 1\. Last lines: .*Error: aborted/),
      facets: [],
      attempts: 2,
    });
    expect(report.scenarios.filter(({ outcome }) => outcome === "pass").map(({ id }) => id)).toEqual(["lock-step", "bodyless", "silence"]);
    expect(scenarioOf(report, "silence")).toMatchObject({ attempts: 2 });
    expect(code).toBe(1);
  });

  it("and of every one fails them all, each with its last lines", async () => {
    const { code, report } = await judgedHop("dies-in-trial.mjs", "^(lock-step|header-hold)$");
    for (const { outcome, why } of report.scenarios)
      expect({ outcome, why }).toEqual({
        outcome: "fail",
        why: 'Hop "hop" (command) ended by itself with exit code 9. Last lines: out of wax',
      });
    expect([code, report.scenarios.length]).toEqual([1, 2]);
  });

  it("but not again is no pass, and has no culprit", async () => {
    const { code, report } = await judgedHop("dies-once.mjs", "^silence$");
    expect(report.scenarios).toMatchObject([
      {
        outcome: "inconclusive",
        headline: "not-judged",
        culprit: null,
        why: expect.stringMatching(/^No second attempt .* made it crash again: Hop "hop" .* exit code 9\. Last lines: out of wax$/),
        attempts: 2,
      },
    ]);
    expect(code).toBe(3);
  });

  it("is not judged by what is only known to happen", async () => {
    const ended = await hopwise(["run", "dying.mjs", "--runtime", "process", "--reporter", "json"], { folder });
    expect(reportOf(ended).scenarios).toMatchObject([
      { outcome: "inconclusive", headline: "not-judged", why: expect.stringContaining("exit code 9"), attempts: 2 },
    ]);
    expect(ended.code).toBe(3);
  });

  it("by a middleware is the one that hosts it", async () => {
    expect((await runWith("process", "throwing-later")).scenarios).toMatchObject([
      { outcome: "fail", headline: "crashed", culprit: "http-pipe", why: expect.stringContaining("out of wax") },
    ]);
  });
});

describe.concurrent("a chain", () => {
  it.for([
    ["no-hop", `chain has no hop between the origin and the client; add at least one, e.g. "http-pipe"`],
    ["nothing", `chain has no hop between the origin and the client; add at least one, e.g. "http-pipe"`],
    ["wrong-app", `did you mean "sse"?`],
    ["wrong-server", `did you mean "nginx"?`],
    ["wrong-variant", `server "nginx" has no variant "unbufferd"; did you mean "unbuffered"?`],
    ["inherited-variant", `server "http-pipe" has no variant "constructor"; there are: default`],
    ["wrong-middleware", `did you mean "gzip"?`],
    ["wrong-middleware-variant", `middleware "gzip" has no variant "flsh"; did you mean "flush"?`],
    ["middleware-in-nginx", `puts middlewares into "nginx", which is not a Node server`],
  ] as const)("%s is refused before anything is started, with what comes nearest", async ([name, sentence]) => {
    const said = await refused(["run", "pipe.mjs", `./${name}.mjs`]);
    expect(said).toContain(sentence);
    expect(said).toContain(name);
    expect(said).toMatch(/^hopwise: [^\n]+\n→ 2$/);
  });

  it("that takes no image is not given one", async () => {
    expect(await refused(["run", "pipe.mjs", "--image", "nginx:1.29"])).toBe(
      "hopwise: --image nginx:1.29 has no effect on these scenarios: none of their servers runs from an image; see npx hopwise list servers\n→ 2",
    );
  });
});

it.concurrent("a scenario file that is not there is named, with the folder that was looked in", async () => {
  expect(await refused(["run", "pipe.mjs", "./missing.mjs"])).toBe(`hopwise: There is no file "./missing.mjs" in <folder>\n→ 2`);
});

it.concurrent("a scenario with a command takes the whole run into processes, and says so", async () => {
  const { err, ...ended } = await hopwise(["run", "pipe.mjs", "command.mjs", "--reporter", "json"], { folder });
  expect(err).toMatch(/^hopwise: Scenario "command" runs a command on this machine, so all hops run as processes; .*\n/);
  expect(reportOf({ err, ...ended })).toMatchObject({ runtime: "process", scenarios: [{ outcome: "pass" }, { outcome: "pass" }] });
  expect(ended.code).toBe(0);
});

describe.concurrent("a report that cannot be written is refused before the run", () => {
  it.for([
    ["json=servers", /it is a folder/],
    ["json=pipe.mjs/report.json", /The folder "pipe\.mjs" cannot be created: a file has that name/],
    ["json=new/pipe.mjs/../../pipe.mjs/x/report.json", /cannot be created: (a file has that name|ENOTDIR)/],
    // Neither root nor Node's own way to make folders gets anywhere here.
    ["json=/proc/nowhere/report.json", /The folder "\/proc\/nowhere" cannot be created: ENOENT/],
    ["json=/proc/report.json", /The report cannot be written to "\/proc\/report\.json": ENOENT/],
  ] as const)("--reporter %s", async ([reporter, sentence]) => {
    const said = await refused(["run", "pipe.mjs", "--runtime", "process", "--reporter", reporter]);
    expect(said).toMatch(sentence);
    expect(said).toMatch(/^hopwise: [^\n]+\n→ 2$/);
  });

  it("--save-traces", async () => {
    expect(await refused(["run", "pipe.mjs", "--runtime", "process", "--save-traces", "/proc/nowhere"])).toMatch(
      /cannot be created: ENOENT.*\n→ 2$/,
    );
  });
});

describe.concurrent("no engine", () => {
  it.for(["unix:///nowhere/docker.sock", "tcp://127.0.0.1:1"])(
    "at DOCKER_HOST=%s is named in the error, and no other is used instead",
    async (DOCKER_HOST) => {
      expect(await refused(["run", "pipe.mjs", "--runtime", "container"], { DOCKER_HOST })).toBe(
        `hopwise: No container engine answered within 2000 ms at ${DOCKER_HOST} (DOCKER_HOST): start one (Debian: "npm run prepare-engine"), or use --runtime process.\n→ 3`,
      );
    },
  );

  it("is no hindrance where containers are only preferred", async () => {
    const ended = await hopwise(["run", "pipe.mjs", "--reporter", "json"], {
      folder,
      environment: { DOCKER_HOST: "unix:///nowhere/docker.sock" },
    });
    expect(reportOf(ended)).toMatchObject({ runtime: "process", scenarios: [{ outcome: "pass" }] });
    expect(ended.code).toBe(0);
  });
});

/** Kills the processes of a run that were started with this in their arguments or environment, once the first outcome was reported. */
const killIn = async (args: string[], reported: string): Promise<{ code: number | null; report: Report }> => {
  const running = startHopwise(["run", ...args, "--runtime", "process", "--reporter", "json"], { folder });
  // As soon as the first scenario is over, whatever it took.
  let seen = "";
  for await (const [piece] of on(running.child.stderr as Readable, "data")) if ((seen += String(piece)).includes(first)) break;
  const startOf = (pid: number): Promise<string[]> =>
    Promise.all(["cmdline", "environ"].map((name) => readFile(`/proc/${pid}/${name}`, "latin1").catch(() => "")));
  for (const pid of await descendants(running.pid))
    if ((await startOf(pid)).some((text) => text.includes(reported))) process.kill(pid, "SIGKILL");
  const ended = await running.ended;
  return { code: ended.code, report: reportOf(ended) };
};

const first = "node-proxy-streams-events";
/** These two go on for longer than any machine takes for the first. */
const long = {
  title: "It goes on",
  chain: [{ app: "sse" }, "http-pipe"],
  trial: { kind: "silence", silentMs: 60_000 },
  must: { surviveSilenceMs: 60_000 },
};
const held = {
  title: "Gzip holds it",
  chain: [{ app: "sse" }, { server: "http-pipe", middlewares: ["gzip"] }],
  request: { acceptEncoding: "gzip" },
  trial: { kind: "paced", records: 32 },
  does: { deliver: "buffered" },
  because: "https://github.com/expressjs/compression/issues/61",
};

describe.concurrent("in mid-run", needs(process.platform === "linux", lacks.linux), () => {
  it("a lab that is killed costs what it had not judged, and nothing that it had", async () => {
    const file = join(folder, "goes-on.mjs");
    await writeFile(file, `export default ${JSON.stringify(long)};`);
    const { code, report } = await killIn([first, file], "lab/main");
    expect(scenarioOf(report, first)).not.toMatchObject({ outcome: "harness-fault" });
    expect(scenarioOf(report, "goes-on")).toMatchObject({
      outcome: "harness-fault",
      why: "The lab ended unexpectedly: SIGKILL. It printed nothing.",
    });
    expect(code).toBe(3);
  });

  it("a hop that is killed is not blamed for the consequences of its end, and the report names the crash, not its middlewares' silence", async () => {
    const file = join(folder, "is-held.mjs");
    await writeFile(file, `export default ${JSON.stringify(held)};`);
    const { code, report } = await killIn([first, file], '"hop":"http-pipe"');
    const { outcome, facets, why } = scenarioOf(report, "is-held");
    expect(why).toMatch(/made it crash again: Hop "http-pipe" \(http-pipe\.ts\) ended by itself with SIGKILL\./);
    expect({ outcome, facets, code }).toEqual({ outcome: "inconclusive", facets: [], code: 3 });
  });
});

/** The catalog cannot be added to from the command line. */
const runWith = async (runtimeChoice: RuntimeChoice, name: string): Promise<Report> => {
  await using runtime = await openRuntime(runtimeChoice);
  return await run({
    catalog: openCatalog({ servers: [join(folder, "servers")], middlewares: [join(folder, "middlewares")] }),
    scenarios: [scenarioFromFile(join(folder, `${name}.mjs`))],
    runtime,
    version: "0",
  });
};

const nginxRefuses =
  /^Hop "bad-nginx" \(nginx\) refuses its configuration: .*\[emerg\].* unknown directive "proxy_bufering" in nginx\.conf:4$/;

describe.concurrent("nginx on this machine", needsNginx, () => {
  it("shows its own line about a configuration that it refuses", async () => {
    await expect(runWith("process", "bad-nginx")).rejects.toMatchObject({
      name: "AuthorError",
      message: expect.stringMatching(nginxRefuses),
    });
  });

  it("shows its own line about a port that something else has", async () => {
    const { scenarios } = await runWith("process", "late-nginx");
    expect(scenarios).toMatchObject([
      {
        outcome: "harness-fault",
        why: expect.stringMatching(
          /^Hop "late-nginx" \(nginx\) ended by itself with exit code 1\. Last lines: .*bind\(\) to 127\.0\.0\.1:\d+ failed \(98: .*[Aa]ddress/,
        ),
      },
    ]);
  });
});

describeWithEngine("nginx in a container", () => {
  it.concurrent("shows its own line about a configuration that it refuses", async () => {
    await expect(runWith("container", "bad-nginx")).rejects.toMatchObject({
      name: "AuthorError",
      message: expect.stringMatching(nginxRefuses),
    });
  });

  it.concurrent("is not judged from an image that is not there, and says how to get it", async () => {
    const ended = await hopwise(["run", "nginx.mjs", "--image", "hopwise.invalid/nothing:1", "--reporter", "json"], { folder });
    expect(reportOf(ended)).toMatchObject({
      runtime: "container",
      scenarios: [
        {
          outcome: "harness-fault",
          why: expect.stringMatching(
            /^The engine has no image hopwise\.invalid\/nothing:1 and could not pull it .*docker pull hopwise\.invalid\/nothing:1/,
          ),
        },
      ],
    });
    expect(ended.code).toBe(3);
  });
});
