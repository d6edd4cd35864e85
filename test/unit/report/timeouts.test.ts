// What `hopwise timeouts` prints: for people, and as JSON of its schema.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import { expect, test } from "vitest";
import { packageRoot } from "../../../harness/catalog/package-root.ts";
import { timeoutsPretty } from "../../../harness/report/timeouts-pretty.ts";
import { rangeWords, timeWords } from "../../../harness/report/timeouts-words.ts";
import { widthOf } from "../../../harness/report/text.ts";
import { sampleRuns } from "../../../scripts/_samples.ts";
import { timeoutsOf } from "../timeouts/_given.ts";

const schema = JSON.parse(readFileSync(join(packageRoot, "harness/report/timeouts.schema.json"), "utf8")) as object;
const validate = new Ajv({ allErrors: true, strict: true, allowUnionTypes: true }).compile(schema);
const look = { width: 100, color: false };

const locations = (lines: string): string => `events {}\nhttp { server { listen 80; ${lines} } }\n`;
const proxied = (path: string, lines = ""): string => `location ${path} { proxy_pass http://app:8000; ${lines} }\n`;

const given: [given: string | null, asked: Parameters<typeof timeoutsOf>[1]][] = [
  ["nginx:short-limits,timeout:idle,heroku", {}],
  ["django,varnish:pipe", { platforms: ["cloudflare", "cloudflare-tunnel", "fly", "traefik", "kubernetes-gateway-api"] }],
  [null, { platforms: ["aws-api-gateway:edge", "vercel", "google-cloud-run"] }],
  ["nginx.conf", { files: { "nginx.conf": locations(`${proxied("/a")} ${proxied("/b", "proxy_read_timeout soon;")}`) } }],
  ["http-proxy", {}],
];

test.for(given)("%s is of the schema", async ([what, asked]) => {
  validate(JSON.parse(JSON.stringify(await timeoutsOf(what, asked))));
  expect(validate.errors ?? []).toEqual([]);
});

test.for(given)("%s fits any width, without colors where none are wanted", async ([what, asked]) => {
  const report = await timeoutsOf(what, asked);
  for (const width of [40, 72, 100]) {
    const lines = timeoutsPretty(report, { width, color: false }).split("\n");
    expect(lines.filter((line) => widthOf(line) > width)).toEqual([]);
    expect(lines.join("")).not.toContain("\u001B");
  }
  expect(timeoutsPretty(report, { width: 100, color: true })).toContain("\u001B");
});

test("routes whose strictest timeouts have the same values share a block, which counts the lines", async () => {
  const read = "proxy_read_timeout 20s;";
  const text = locations(
    `${proxied("/a", read)} ${proxied("/b", read)} ${proxied("/c", read)} ${proxied("/d", "proxy_connect_timeout 5s;")}`,
  );
  const printed = timeoutsPretty(await timeoutsOf("nginx.conf", { files: { "nginx.conf": text } }), look);
  expect(printed.match(/^routes .*$/gm)).toEqual(["routes       :80/a, :80/b, :80/c", "routes       :80/d"]);
  expect(printed).toContain("nginx: proxy_read_timeout 20s (nginx.conf:2 and 2 more lines)");
  expect(printed).toContain("connect 5 s, nginx: proxy_connect_timeout 5s");
});

test("what is not known is said to be so", async () => {
  const nothing = timeoutsPretty(await timeoutsOf("http-proxy"), look);
  expect(nothing).toContain("heartbeat    none is needed: no hop has a known idle timeout");
  expect(nothing).toContain("http-proxy: none documented in the catalog, and none measured");
  const odd = locations(proxied("/", "proxy_read_timeout soon;"));
  const unread = timeoutsPretty(await timeoutsOf("nginx.conf", { files: { "nginx.conf": odd } }), look);
  expect(unread).toContain("not read     nginx: proxy_read_timeout soon (nginx.conf:2): its value is not known");
  const none = timeoutsPretty(
    await timeoutsOf("nginx.conf", { files: { "nginx.conf": locations(proxied("/", "proxy_read_timeout 0;")) } }),
    look,
  );
  expect(none).toContain("no heartbeat is frequent enough for an idle timeout of 0 ms (nginx): set a longer one");
});

test("text of a user's configuration cannot control the terminal", async () => {
  const text = locations(proxied("/", 'proxy_read_timeout "20s\u001B[31m";'));
  const printed = timeoutsPretty(await timeoutsOf("nginx.conf", { files: { "nginx.conf": text } }), look);
  expect(printed).not.toContain("\u001B");
  expect(printed).toContain(String.raw`\x1b[31m`);
});

test.for(sampleRuns().filter(({ id }) => id.startsWith("timeouts/")))("$id: what was recorded is what is printed today", async (run) => {
  const [, , , what = "", , platforms] = run.command.split(" ");
  const config = readFileSync(join(packageRoot, run.folder, "deploy/nginx.conf"), "utf8");
  const report = await timeoutsOf(what, { files: { "deploy/nginx.conf": config }, platforms: platforms?.split(",") ?? [] });
  expect(timeoutsPretty(report, look)).toBe(readFileSync(join(packageRoot, run.recorded), "utf8"));
});

test.for([
  [999, "999 ms"],
  [1500, "1.5 s"],
  [60_100, "60.1 s"],
  [120_000, "120 s"],
  [125_000, "125 s"],
  [240_000, "4 min"],
  [350_000, "350 s"],
  [3_600_000, "1 h"],
] as const)("%i ms is %s", ([ms, words]) => {
  expect(timeWords(ms)).toBe(words);
});

test("a range has its unit once", () => {
  expect(rangeWords({ leastMs: 1000, mostMs: 4_000_000 })).toBe("1–4000 s");
  expect(rangeWords({ mostMs: 3_600_000 })).toBe("up to 1 h");
});
