// `hopwise check <compose file> --keep-app`: the deployment's own application runs as its proxy's upstream, and only the proxy is judged.
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Ajv } from "ajv";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Engine } from "../../harness/runtime/engine.ts";
import type { CheckReport } from "../../harness/report/check-report.ts";
import { imageOfService, removeImage } from "../../harness/runtime/application-image.ts";
import { ensureImage, nodeRecipe } from "../../harness/runtime/images.ts";
import type { TarEntry } from "../../harness/runtime/tar.ts";
import { hopwise, startHopwise } from "./_cli.ts";
import { leftOf, watchTree } from "./_tree.ts";
import { describeWithEngine, engine } from "./engine.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "hopwise-kept-test-"));
  await cp(join(import.meta.dirname, "kept"), folder, { recursive: true });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const put = async (name: string, text: string): Promise<string> => {
  await mkdir(join(folder, name, ".."), { recursive: true });
  await writeFile(join(folder, name), text);
  return name;
};

const nginx = (buffering: string): string => `server {
    listen 80;
    server_name app.example;
    location / {
        ${buffering}proxy_pass http://web:8000;
    }
    location /words {
        ${buffering}proxy_pass http://words:8000;
    }
}
`;

/** Version 1: no `services`, names by links only, a build by its folder. */
const version1 = `
web:
  build: ./web
  restart: always
  expose:
    - "8000"
  environment:
    PORT: "8000"
    GREETING: hello
nginx:
  image: nginx:1.26
  volumes:
    - ./straight/default.conf:/etc/nginx/conf.d/default.conf:ro
  ports:
    - "80:80"
  links:
    - web
`;

/** Two services on one port. The one needs the other, by its name, before it listens; the other serves one request after another. */
const today = `
services:
  proxy:
    image: nginx:1.26
    volumes:
      - ./buffered:/etc/nginx/conf.d:ro
    depends_on: [web]
  web:
    build:
      context: ./web
    environment: [PORT=8000, "GREETING_FROM=words:8000"]
    depends_on:
      words:
        condition: service_healthy
  words:
    image: debian:bookworm-slim
    command: perl app.pl
    working_dir: /srv/words
    user: "65534"
    expose: ["8000"]
    env_file: words.env
    volumes:
      - ./web:/srv/words:ro
      - data:/var/lib/words
volumes:
  data:
`;

const service = (more: string): string => `
services:
  proxy:
    image: nginx:1.26
    volumes: ["./straight/default.conf:/etc/nginx/conf.d/default.conf:ro"]
    depends_on: [web]
  web:
    ${more}
`;

const checked = async (...args: string[]): Promise<{ code: number | null; report: CheckReport }> => {
  const { code, out, err } = await hopwise(["check", ...args, "--keep-app", "--reporter", "json"], { folder });
  if (out === "") throw new Error(err);
  return { code, report: JSON.parse(out) as CheckReport };
};

const outcomesOf = ({ routes }: CheckReport): string[] =>
  routes.flatMap(({ id, checks }) => checks.map(({ check, scenario }) => `${id} ${check} ${scenario.outcome}`)).toSorted();

/** Nothing of a run stays on the engine, images that it built included. */
const imagesOf = async ({ docker }: Engine, pid: number): Promise<string[]> => {
  const images = await docker.listImages({ filters: { label: ["hopwise.run"] } });
  return images.filter(({ Labels }) => Labels?.["hopwise.owner"]?.startsWith(`${pid}:`)).map(({ Id }) => Id);
};

beforeAll(async () => {
  const straight = nginx("proxy_buffering off; ");
  await put("straight/default.conf", straight.replace(/ {4}location \/words[^}]*\}\n/, ""));
  await put("buffered/default.conf", nginx(""));
  await put("words.env", "PORT=8000\nGREETING=welcome\nONE_AT_A_TIME=1\n");
  await put("docker-compose.v1.yml", version1);
  await put("compose.yml", today);
});

describeWithEngine("the application of a compose file", () => {
  it("is kept, and passes through a proxy that does not buffer", async () => {
    const { code, report } = await checked("docker-compose.v1.yml", "--path", "/events");
    expect(report.findings, JSON.stringify(report.findings)).toEqual([]);
    const [route] = report.routes;
    expect(outcomesOf(report)).toEqual(["client-leaving", "watch", "watch-gzip"].map((check) => `${route?.id} ${check} pass`));
    const facets = route?.checks.flatMap(({ scenario }) =>
      scenario.facets.map(({ facet, observation }) => `${facet} ${observation.member}`),
    );
    const clean = ["delivery incremental", "disconnect propagated", "ending complete", "headers prompt", "integrity intact"];
    // Its header section is 200 ms ahead of its first event, which on a busy machine is too little to tell.
    expect([...new Set([...(facets ?? []), "headers prompt"])].toSorted()).toEqual(clean);
    expect(route?.checks[1]?.scenario).toMatchObject({ application: "http://web:8000/events", trial: "watch" });
    expect(report.application).toMatchObject({
      services: [{ service: "web", at: "docker-compose.v1.yml:3", image: "built from web/Dockerfile" }],
      routes: [route?.id],
      notTested: expect.arrayContaining(["late-joiner", "origin-abort", "reload", "silence"]),
    });
    expect(code).toBe(0);
    const schema = JSON.parse(await readFile(join(import.meta.dirname, "../../harness/report/check.schema.json"), "utf8")) as object;
    const ajv = new Ajv({ strict: false });
    expect(ajv.validate(schema, report), JSON.stringify(ajv.errors)).toBe(true);
  });

  it("is held by one that does: the absent line, and a fix that is proven with the application itself", async () => {
    const { code, report } = await checked("compose.yml", "--service", "proxy");
    expect(report.application?.services.map(({ service: name }) => name)).toEqual(["words", "web"]);
    expect(report.routes.map(({ upstreams }) => upstreams)).toEqual([["web:8000"], ["words:8000"]]);
    for (const [index, route] of report.routes.entries()) {
      const held = report.findings.filter((observation) => observation.route === route.id && observation.rule === "buffered");
      expect(held).not.toEqual([]);
      // Two directives are missing there, either of which would do: what clients with and without gzip see may be blamed on one or on both.
      for (const one of held) {
        const at = { file: "buffered/default.conf", line: [4, 7][index] };
        expect(one, JSON.stringify(report.findings)).toMatchObject({ at, culprit: { absent: true } });
        expect(one.loweredFrom ?? one.level).toBe("error");
        expect(one.fix?.diff).toMatch(/^\+ +proxy_(buffering off|http_version 1\.1);$/m);
        expect(one.fix?.after).toMatch(/passed each record on immediately/);
      }
    }
    // No line is said to do nothing by trials that say so little.
    expect(report.findings.filter(({ rule }) => rule === "no-effect")).toEqual([]);
    expect(code).toBe(1);
  });

  it("that never ends is held for ever: not even a header section comes out", async () => {
    const { code, report } = await checked("compose.yml", "--service", "proxy", "--path", "/endless", "--watch-seconds", "3");
    expect(report.application?.routes).toHaveLength(1);
    const [buffered, ...others] = report.findings;
    expect(buffered, JSON.stringify(report.findings)).toMatchObject({
      rule: "buffered",
      at: { file: "buffered/default.conf", line: 4 },
      evidence: expect.stringMatching(/sent nothing at all/),
    });
    expect(buffered?.fix?.after).toMatch(/passed each record on immediately/);
    // Where HTTP/1.1 lets the events out, the header section is still held: that shows only then, and the same fix mends it.
    for (const one of others)
      expect(one).toMatchObject({ rule: "held", conditions: ["once the others are fixed"], fix: { diff: buffered?.fix?.diff } });
    expect(code).toBe(1);
  });

  it("that sends everything at once is neither accused nor passed", async () => {
    const { code, report } = await checked("docker-compose.v1.yml", "--path", "/at-once");
    expect(report.findings).toEqual([]);
    expect(outcomesOf(report).filter((one) => / watch(-gzip)? /.test(one))).toEqual([
      expect.stringContaining("watch inconclusive"),
      expect.stringContaining("watch-gzip inconclusive"),
    ]);
    const watch = report.routes[0]?.checks.find(({ check }) => check === "watch")?.scenario;
    expect(watch?.why).toMatch(/your application itself \(status 200\) sent its \d+ bytes all at once/);
    expect(watch?.facets.map(({ facet }) => facet)).not.toContain("delivery");
    expect(code).toBe(3);
  });

  it("is said to be kept, and what was not checked, for people too", async () => {
    const { out } = await hopwise(["check", "docker-compose.v1.yml", "--keep-app", "--path", "/at-once"], { folder });
    const text = out.replaceAll(/\s+/g, " ");
    expect(text).toContain("application your own application answered: web (docker-compose.v1.yml:3, built from web/Dockerfile)");
    expect(text).toMatch(/application not checked, since it follows no script: .*late-joiner/);
  });

  it("leaves nothing after Ctrl-C, not even its image", async () => {
    const events = (await engine().docker.getEvents({
      filters: { type: ["container"], event: ["start"], label: ["hopwise.run"] },
    })) as NodeJS.ReadableStream & { destroy: () => void };
    const running = startHopwise(["check", "docker-compose.v1.yml", "--keep-app", "--path", "/events"], { folder, detached: true });
    using tree = watchTree(running.pid);
    // The container of the image that was built runs: what waits for it to listen, or watches it, is cut short.
    for (let text = ""; !text.includes("hopwise/kept-");) text += String((await once(events, "data"))[0]);
    events.destroy();
    await tree.look();
    process.kill(-running.pid, "SIGINT");
    const { code, err } = await running.ended;
    expect(err).not.toMatch(/bug in Hopwise|\n\s+at /);
    expect(code).toBe(130);
    expect(await leftOf(running.pid, tree, engine())).toEqual([]);
    expect(await imagesOf(engine(), running.pid)).toEqual([]);
  });
});

describeWithEngine("an image that is built for a run", () => {
  it.each([
    ["", "web.pl"],
    ["left-out\n", "web.pl left-out"],
  ])("copies nothing of that run, so that the next one finds it in the engine's cache (.dockerignore: %j)", async (ignore, given) => {
    const { docker } = engine();
    const base = await ensureImage(engine(), nodeRecipe, () => {});
    const context = [
      ...given.split(" ").map((name): TarEntry => ({ name, kind: "file", body: name })),
      ...(ignore === "" ? [] : [{ name: ".dockerignore", kind: "file" as const, body: ignore }]),
    ];
    const dockerfile = `FROM ${base}\nWORKDIR /app\nCOPY . .\nRUN ls -A > /listed\n`;
    const layers: string[][] = [];
    for (const run of ["one", "two"]) {
      const runtimeChoice = { service: "web", at: "compose.yml:1", image: { file: "Dockerfile", dockerfile, context, args: {} } };
      const tag = await imageOfService(engine(), runtimeChoice, { "hopwise.run": run }, new AbortController().signal, () => {});
      try {
        const { RootFS, Config } = await docker.getImage(tag).inspect();
        layers.push(RootFS.Layers ?? []);
        expect(Config.Labels).toMatchObject({ "hopwise.run": run });
      } finally {
        await removeImage(engine(), tag);
      }
    }
    // Of a step that was run again the time of its files alone would differ.
    expect(layers[1]).toEqual(layers[0]);
  });
});

describeWithEngine("an application that cannot run is reported in one sentence", () => {
  const refused = async (...args: string[]): Promise<{ code: number | null; err: string }> => {
    const { code, out, err } = await hopwise(["check", ...args], { folder });
    expect(out).toBe("");
    return { code, err };
  };

  it.each<[what: string, more: string, says: RegExp, code: number]>([
    [
      "its image is not here",
      "image: mine/app:7",
      /^hopwise: kept\.yml:8: service web cannot run: .*no image mine\/app:7 .*docker load.*\n$/,
      3,
    ],
    [
      "its base is not here",
      "build: ./elsewhere",
      /^hopwise: kept\.yml:8: service web could not be built from elsewhere\/Dockerfile: .*mine\/base.*docker build.*\n$/s,
      3,
    ],
    ["it has neither image nor build", "command: perl", /^hopwise: kept\.yml:7: service web has neither an image nor a build.*\n$/, 2],
    [
      "it ends",
      "build: ./web",
      /^hopwise: Your service web \(kept\.yml:8\) ended by itself with exit code \d+\. Last lines: neither GREETING .*\n$/,
      3,
    ],
    [
      "it mounts what is outside",
      "{ image: 'debian:bookworm-slim', volumes: ['../outside:/outside'] }",
      /^hopwise: kept\.yml:8: service web mounts .*outside, which is outside of .*\n$/,
      2,
    ],
    [
      "it mounts a link that leads out",
      "{ image: 'debian:bookworm-slim', volumes: ['./link:/outside'] }",
      /^hopwise: kept\.yml:8: service web mounts link, which is a link that leads out of .*\n$/,
      2,
    ],
    [
      "it is built from a folder outside",
      "build: ../outside",
      /^hopwise: kept\.yml:8 builds from \.\.\/outside\/Dockerfile, which is outside of .*\n$/,
      2,
    ],
    [
      "it needs what there is not",
      "{ image: 'debian:bookworm-slim', depends_on: [datbase] }",
      /^hopwise: kept\.yml:\d: service web needs "datbase", which is not a service of this file.*\n$/,
      2,
    ],
  ])("%s", async (_, more, says, code) => {
    await put("elsewhere/Dockerfile", "FROM mine/base:1\n");
    await symlink("/etc", join(folder, "link")).catch(() => {});
    await put("kept.yml", service(more));
    const ended = await refused("kept.yml", "--keep-app");
    expect(ended.err).toMatch(says);
    expect(ended.code).toBe(code);
  });

  it("there is none: what is given is no compose file, or the proxy forwards to none of its services", async () => {
    expect(await refused("straight/default.conf", "--keep-app")).toMatchObject({
      code: 2,
      err: expect.stringMatching(/^hopwise: --keep-app is for a docker-compose file.*default\.conf is not one.*\n$/),
    });
    await put("alone.yml", "services:\n  proxy:\n    image: nginx\n    volumes: ['./straight:/etc/nginx/conf.d:ro']\n");
    expect(await refused("alone.yml", "--keep-app")).toMatchObject({
      code: 2,
      err: expect.stringMatching(/^hopwise: --keep-app: no route of alone\.yml leads to services of it.*web:8000.*\n$/),
    });
    expect(await refused("compose.yml", "--service", "proxy", "--watch-seconds", "3")).toMatchObject({
      code: 2,
      err: expect.stringContaining("--keep-app"),
    });
  });
});
