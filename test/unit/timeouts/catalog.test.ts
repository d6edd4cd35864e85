// Timeouts of chains of the catalog: documented ones, those of variants, and results of recorded runs.
import { expect, test } from "vitest";
import { openCatalog } from "../../../harness/catalog/catalog.ts";
import { keptResults } from "../../../harness/catalog/results.ts";
import { checkableServers } from "../../../harness/check/registry.ts";
import type { DocumentedLimit } from "../../../harness/define.ts";
import { hopLimits } from "../../../harness/timeouts/of-hop.ts";
import { hopOf } from "../../../harness/timeouts/words.ts";
import { onlyChain, refusalOf, said, timeoutsOf } from "./_given.ts";

const catalog = openCatalog();
const results = await keptResults();
const readers = await checkableServers();

const limitsOf = async (word: string): Promise<string[]> =>
  onlyChain(await timeoutsOf(word)).hops.flatMap(({ limits }) => limits.map(said));

test("a server's defaults stand beside what was measured of this version", async () => {
  const chain = onlyChain(await timeoutsOf("nginx@1.22,varnish@7.1"));
  expect(chain.strictest["idle-timeout"].map(({ hop, measured }) => [hop, measured?.ran, measured?.scenario])).toEqual([
    ["nginx@1.22", "nginx 1.22.1", "nginx-cuts-silence-after-a-minute"],
    ["varnish@7.1", "varnish 7.1.1", "varnish-cuts-silence-after-a-minute"],
  ]);
});

test("a variant has the timeouts of its own configuration, and those that were measured with it", async () => {
  expect(await limitsOf("nginx:short-limits")).toEqual([
    "idle-timeout 1000 proxy_read_timeout 1s",
    "write-timeout 60000 default of send_timeout",
    "upload-timeout 1000 proxy_send_timeout 1s",
    "connect-timeout 1000 proxy_connect_timeout 1s",
  ]);
  expect(await limitsOf("varnish:pipe")).toEqual(["idle-timeout 60000 pipe_timeout"]);
  expect(await limitsOf("timeout:total")).toEqual(["total-timeout 1000 measurement"]);
  const [idle] = onlyChain(await timeoutsOf("nginx:short-limits")).strictest["idle-timeout"];
  expect(idle?.measured).toMatchObject({ ms: 1000, ran: expect.stringMatching(/^nginx 1\.26/) as string });
});

test("an application's server has timeouts too: a total one of Gunicorn's sync worker, which no heartbeat survives", async () => {
  const chain = onlyChain(await timeoutsOf("django,nginx:unbuffered"));
  expect(chain.strictest["total-timeout"]).toMatchObject([
    { hop: "django", ms: 30_000, measured: { ms: null, scenario: "gunicorn-26-default-timeout-cuts-after-half-a-minute" } },
  ]);
  expect(chain.heartbeat).toEqual({ everyMs: 30_000, idleMs: 60_000, endsBeforeMs: 30_000 });
  expect(await limitsOf("django:gthread")).toEqual([]);
});

test("a scenario is its chain, without the lab's origin, with middlewares and commands", async () => {
  const chain = onlyChain(await timeoutsOf("heartbeats-slower-than-the-strictest-hop"));
  expect(chain.hops.map(({ hop }) => hop)).toEqual(["nginx:http-1.1", "http-pipe", "timeout:idle"]);
  const mine = `title: Mine
chain: [{ app: sse }, "command:node x.js", { server: http-pipe, middlewares: ["timeout:idle"] }]
trial: { kind: lock-step }
must: { deliver: incrementally }
`;
  const own = onlyChain(await timeoutsOf("mine.yaml", { files: { "mine.yaml": mine } }));
  expect(own.hops.map(({ hop }) => hop)).toEqual(["command:node x.js", "http-pipe", "timeout:idle"]);
  expect(own.strictest["idle-timeout"]).toMatchObject([{ hop: "timeout:idle", ms: 1000 }]);
});

test("a platform's timeouts are documented and never measured; a scope leaves those of others out", async () => {
  const { hops, strictest } = onlyChain(await timeoutsOf(null, { platforms: ["aws-api-gateway"] }));
  expect(strictest["idle-timeout"]).toMatchObject([
    { ms: 30_000, scope: "edge", measured: null, source: { from: "platform", read: "2026" } },
  ]);
  expect(hops[0]?.remarks.length).toBeGreaterThan(0);
  const regional = onlyChain(await timeoutsOf("aws-api-gateway:regional"));
  expect(regional.strictest["idle-timeout"]).toMatchObject([{ ms: 300_000, scope: "regional" }]);
  for (const { id } of catalog.platforms.entries)
    for (const { limits } of onlyChain(await timeoutsOf(id)).hops)
      for (const { measured, source } of limits) expect([measured, source.from], id).toEqual([null, "platform"]);
});

test("an unknown name is refused in one sentence that names the nearest", async () => {
  expect(await refusalOf("nginx,cloudfare")).toBe(
    '"cloudfare" is neither a hop, a platform or a scenario of the catalog, nor a file; did you mean "cloudflare"?',
  );
  expect(await refusalOf("nginx", { platforms: ["herku"] })).toBe(
    '--platform names platform "herku", which does not exist; did you mean "heroku"?',
  );
  expect(await refusalOf("nginx", { platforms: ["nginx"] })).toMatch(/^--platform names platform "nginx", which does not exist; /);
  expect(await refusalOf("nginx", { platforms: ["vercel:egde"] })).toBe(
    '--platform: platform "vercel" has no "egde"; did you mean "edge"?',
  );
  expect(await refusalOf("nginx", { platforms: [""] })).toBe("--platform has an empty name; write e.g. heroku,cloudflare");
  expect(await refusalOf("nginx:unbufferd")).toBe('The command line: "nginx" has no variant "unbufferd"; did you mean "unbuffered"?');
  expect(await refusalOf("nginx@9.9")).toBe('The command line: "nginx" has no version "9.9"; there are: 1.18, 1.22, 1.26, 1.30');
  expect(await refusalOf("http-proxy@node19")).toMatch(/^The command line: "http-proxy" has no version "node19"; did you mean/);
  expect(await refusalOf("nginx,,heroku")).toBe('The chain "nginx,,heroku" has an empty hop; write e.g. nginx,heroku');
  expect(await refusalOf("zzzzzzzzzzzz")).toMatch(/nor a file; npx hopwise list shows what there is$/);
});

test("every variant of every server, middleware and application can be asked for", async () => {
  const shelves = [catalog.servers, catalog.middlewares, catalog.origins];
  const words: string[] = [];
  for (const { id, load } of shelves.flatMap(({ entries }) => entries as { id: string; load: () => Promise<object> }[])) {
    const definition = await load();
    if ("variants" in definition) words.push(...Object.keys(definition.variants as object).map((variant) => `${id}:${variant}`));
  }
  expect(words.length).toBeGreaterThan(80);
  for (const word of words) {
    const hop = await hopOf(catalog, word, "The test", "/nowhere");
    if (!hop || !("id" in hop)) throw new Error(`${word} is no hop of the catalog`);
    const { limits } = await hopLimits(hop, results, readers);
    for (const { ms, kind } of limits) expect(typeof ms, `${word} ${kind}`).toBe("number");
  }
});

test("a documented timeout that names a scenario has a result of it, with about the same value", async () => {
  const documented: [string, DocumentedLimit][] = [];
  for (const { id, load } of [...catalog.servers.entries, ...catalog.origins.entries]) {
    const definition = await load();
    if (!("variants" in definition)) continue;
    const own = "limits" in definition ? (definition.limits ?? []) : [];
    const all = [...own, ...Object.values(definition.variants).flatMap(({ limits = [] }) => limits)];
    documented.push(...all.map((limit): [string, DocumentedLimit] => [id, limit]));
  }
  const shown = documented.filter(([, { shownBy }]) => shownBy !== undefined);
  expect(shown.length).toBeGreaterThan(10);
  for (const [id, { shownBy, kind, ms }] of shown) {
    const found = results.filter(({ scenario, server }) => scenario === shownBy && (server === id || server === null));
    expect(found, `${id} ${kind}: ${shownBy}`).not.toEqual([]);
    for (const { server, limits, ran } of found)
      if (server !== null) {
        const measured = limits.find((limit) => limit.kind === kind)?.ms ?? 0;
        expect(Math.abs(measured - (ms ?? 0)) / (ms ?? 1), `${ran}: ${shownBy}`).toBeLessThan(0.1);
      }
  }
});
