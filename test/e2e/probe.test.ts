// `hopwise probe` on chains of this machine, as an outsider sees them: a process that is the origin, hops as processes in front of it.
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Finding } from "../../harness/probe/judge/findings.ts";
import type { Judged } from "../../harness/probe/judge/judge.ts";
import type { ProbeReport } from "../../harness/report/probe-report.ts";
import type { RunningServer } from "../../harness/runtime/runtime.ts";
import { hopwise, inPool } from "./_cli.ts";
import { ask } from "./probe/look.ts";
import { schemeOf, startHop, startOrigin } from "./probe/path.ts";
import type { HopOf, Origin } from "./probe/path.ts";

let origin: Origin;
beforeAll(async () => {
  origin = await startOrigin();
});
afterAll(() => origin[Symbol.asyncDispose]());

const hop = (name: string): HopOf => {
  const [server = "", variant = "default"] = name.split(":");
  return { server, variant };
};

/** From origin to client. */
const withPath = async <T>(names: readonly string[], act: (base: string) => Promise<T>): Promise<T> => {
  await using running = new AsyncDisposableStack();
  let port = origin.port;
  for (const name of names) {
    const started: RunningServer = running.use(await startHop(hop(name), port));
    ({ port } = started.address);
  }
  // The hops are stopped when it is over, and not before.
  return await act(`${schemeOf(hop(names.at(-1) ?? ""))}://127.0.0.1:${port}`);
};

const said = (responses: readonly { findings: readonly Finding[] }[]): string[] => [
  ...new Set(
    responses.flatMap(({ findings }) =>
      findings.filter(({ level }) => level === "error" || level === "warning").map(({ facet, kind }) => `${facet} ${kind}`),
    ),
  ),
];

const steady = "/events?every=400&count=6";

const probed = (name: string, path = steady, forMs = 5000): Promise<Judged[]> =>
  withPath([name], (base) => ask(new URL(base + path), forMs));

interface Expected {
  name: string;
  finds: string[];
  path?: string;
  forMs?: number;
}

const mutants: Expected[] = [
  { name: "hold-all", finds: ["delivery held"] },
  { name: "one-behind", finds: ["delivery held"] },
  { name: "cork-200", finds: ["delivery held"] },
  { name: "groups-of-three", finds: ["delivery held"] },
  { name: "hold-every-third", finds: ["delivery held"] },
  { name: "release-4096", finds: ["delivery held"] },
  { name: "gzip-no-flush", finds: ["delivery held"] },
  { name: "hold-headers", finds: ["headers held"] },
  { name: "strip-last-chunk", finds: ["ending cut"] },
  { name: "bytes-after-end", finds: ["ending stray-bytes"] },
  { name: "cache-everything", finds: ["source same-response"] },
  { name: "collapse", finds: ["source same-response"] },
  { name: "retry", finds: ["source retried"] },
  { name: "alter-byte", finds: ["integrity altered"] },
  { name: "duplicate-record", finds: ["integrity repeated"] },
  { name: "gzip-members", finds: ["integrity gzip-members"] },
  { name: "cut-idle", finds: ["ending cut"], path: "/events?every=200&count=4&pause=2500" },
  { name: "answer-504", finds: ["ending error-status"], path: "/events?wait=2500&every=200&count=3" },
  { name: "clean-end-on-error", finds: ["ending cut-silently"], path: "/events?every=200&count=4&end=reset" },
  { name: "hang-on-error", finds: ["ending hung"], path: "/events?every=200&count=4&end=reset", forMs: 3500 },
  { name: "keep-upstream", finds: ["disconnect not-propagated"] },
  { name: "h2-keep-canceled", finds: ["disconnect not-propagated"] },
  // Harmless hops.
  { name: "http-pipe", finds: [] },
  { name: "tcp-pipe", finds: [] },
  { name: "split-writes", finds: [] },
  { name: "merge-writes", finds: [] },
  { name: "gzip-flush", finds: [] },
  { name: "h2-straight", finds: [] },
  { name: "http-pipe", finds: [], path: "/events?every=200&count=4&end=reset" },
  { name: "http-pipe", finds: [], path: "/lines?every=300&count=5" },
];

/** Proxies of the catalog, by what the lab has measured of them (docs/matrix.md). */
const proxies: Expected[] = [
  { name: "http-proxy", finds: ["headers held"] },
  { name: "http-proxy:flush-headers", finds: ["disconnect not-propagated"] },
  { name: "express-http-proxy:decorator", finds: ["delivery held"] },
  { name: "http-proxy-middleware:interceptor", finds: ["delivery held"] },
  { name: "httpxy:flush-headers", finds: [] },
  { name: "fetch-proxy", finds: ["disconnect not-propagated"] },
  { name: "fetch-proxy", finds: ["ending cut-silently"], path: "/events?every=200&count=4&end=reset" },
  { name: "http-proxy", finds: ["ending hung"], path: "/events?every=200&count=4&end=reset", forMs: 3500 },
];

describe("with the origin known", () => {
  it("finds what each hop does, and accuses no harmless one", async () => {
    const all = [...mutants, ...proxies];
    const found = await inPool(3, all, async ({ name, path, forMs }) => said(await probed(name, path, forMs)));
    const wrong = all.flatMap(({ name, path, finds }, index) => {
      const missing = finds.filter((one) => !found[index]?.includes(one));
      const tooMuch = finds.length === 0 ? (found[index] ?? []) : [];
      return missing.length + tooMuch.length === 0 ? [] : [{ name, path, missing, found: found[index] }];
    });
    expect(wrong).toEqual([]);
  });

  it("finds a hop that holds among others", async () => {
    const found = await withPath(["http-pipe", "hold-all", "split-writes"], (base) => ask(new URL(base + steady), 5000));
    expect(said(found)).toEqual(["delivery held"]);
  });
});

const report = async (...args: string[]): Promise<{ code: number | null; report: ProbeReport }> => {
  const { code, out, err } = await hopwise(["probe", ...args, "--json"]);
  expect(err).toBe("");
  return { code, report: JSON.parse(out) as ProbeReport };
};

describe("the command", () => {
  it("says what was found, and exits with 1 for a stream that is held", async () => {
    const { code, out, err } = await withPath(["hold-all"], (base) => hopwise(["probe", base + steady, "--for", "5"]));
    expect({ code, err }).toEqual({ code: 1, err: "" });
    expect(out.replaceAll(/\s+/g, " ")).toMatch(/✗ 4 of 6 events of hopwise origin arrived up to 1\.\d+ s late, all of them at the end,/);
    expect(out).not.toContain("HTTP/3");
    expect(out).toMatch(/^2 of 2 responses held, cut or changed \(.+\)\n$/m);
  });

  it("exits with 0 where nothing is wrong, over HTTP/2 and HTTP/1.1, behind a certificate that it does not verify", async () => {
    const { code, report: found } = await withPath(["h2-straight"], (base) => report(base + steady, "--insecure"));
    expect({ code, outcome: found.outcome }).toEqual({ code: 0, outcome: "fine" });
    expect(found.responses.map(({ http, version, acceptEncoding }) => `${http} ${version} ${acceptEncoding !== null}`)).toEqual([
      "2 2 false",
      "2 2 true",
      "1.1 1.1 false",
      "1.1 1.1 true",
    ]);
    expect(found.responses.map(({ records }) => records)).toEqual([6, 6, 6, 6]);
  });

  it("says what only happens with Accept-Encoding", async () => {
    const { code, report: found } = await withPath(["gzip-no-flush"], (base) => report(base + steady));
    expect(code).toBe(1);
    expect(found.conclusions).toMatchObject([{ facet: "delivery", kind: "only-with-coding" }]);
    expect(found.responses.map(({ coding }) => coding)).toEqual(["identity", "gzip"]);
  });

  it("compares with the origin, and says which side holds", async () => {
    const { code, report: found } = await withPath(["one-behind"], (base) =>
      report(base + steady, "--origin", `http://127.0.0.1:${origin.port}${steady}`),
    );
    expect(code).toBe(1);
    expect(found.conclusions).toMatchObject([{ facet: "delivery", kind: "side", side: "path" }]);
    expect(said(found.origin?.responses ?? [])).toEqual([]);
  });

  const changesIn = ({ responses }: ProbeReport): string[] =>
    responses.flatMap(({ findings }) =>
      findings.flatMap((finding) =>
        finding.kind === "field-changed" ? [finding.change] : /field/.test(finding.kind) ? [finding.kind] : [],
      ),
    );

  it("says which header fields were added on the way, and that none was", async () => {
    const direct = `http://127.0.0.1:${origin.port}${steady}`;
    const straight = await withPath(["tcp-pipe"], (base) => report(base + steady, "--origin", direct));
    expect(straight.code).toBe(0);
    expect(changesIn(straight.report)).toEqual(["fields-kept", "fields-kept"]);
    const zipped = await withPath(["gzip-flush"], (base) => report(base + steady, "--origin", direct));
    expect(zipped.report.responses.map(({ coding }) => coding)).toEqual(["identity", "gzip"]);
    expect(changesIn(zipped.report)).toEqual(["fields-kept", "coding-added", "vary-added"]);
  });

  it("prints no value of a field that may be secret, and says what a changed Cache-Control means", async () => {
    let answers = 0;
    const server = createServer(({ url }, response) => {
      answers += 1;
      response.writeHead(200, {
        "Content-Type": "text/event-stream",
        "Cache-Control": url === "/direct" ? "no-store" : "public, max-age=60",
        "Set-Cookie": `session=s3cret-${answers}`,
        "X-Token": `s3cret-${answers}`,
      });
      let event = 0;
      const timer = setInterval(() => {
        response.write(`data: ${(event += 1)}\n\n`);
        if (event === 6) response.end();
      }, 200);
      response.on("close", () => clearInterval(timer));
    }).listen(0, "127.0.0.1");
    try {
      await once(server, "listening");
      const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      const { out } = await hopwise(["probe", `${base}/path`, "--origin", `${base}/direct`, "--once"]);
      expect(out.replaceAll(/\s+/g, " ")).toContain("! Cache-Control was no-store and is public, max-age=60: a cache in front of that hop");
      expect(out.replaceAll(/\s+/g, " ")).toContain("another value of set-cookie, x-token");
      const { out: json } = await hopwise(["probe", `${base}/path`, "--origin", `${base}/direct`, "--once", "--json"]);
      expect(out + json).not.toContain("s3cret");
    } finally {
      server.close();
    }
  });
});
