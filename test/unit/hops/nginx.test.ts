import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import type { BinaryServer, Render } from "../../../harness/define.ts";
import { selfSigned } from "../../../harness/lab/certificate.ts";
import definition from "../../../proxies/nginx.ts";
import { lacks, needs } from "../../_needs.ts";
import { ask, contentOf, isComplete, startOrigin } from "./_wire.ts";
import type { End } from "./_wire.ts";

const nginx = definition as BinaryServer;
const installed = await promisify(execFile)("nginx", nginx.version.args).catch(() => null);
const variants = Object.keys(nginx.variants);

const rendered = async (variant: string, upstream: URL, listenPort: number, listeners: Render["listeners"] = []) => {
  const folder = await mkdtemp(join(tmpdir(), "hopwise-nginx-"));
  await chmod(folder, 0o755);
  const render: Render = {
    upstream,
    options: nginx.variants[variant]?.options ?? {},
    listenPort,
    listeners,
    certificate: join(folder, "certificate.pem"),
    folder,
    contained: false,
  };
  const { key, cert } = selfSigned("hopwise.test");
  await writeFile(render.certificate, key + cert);
  for (const [name, text] of Object.entries(nginx.files(render))) await writeFile(join(folder, name), text);
  return { render, [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) };
};

/** Runs nginx in front of an origin; `ask` waits until it accepts connections. */
const startNginx = async (variant: string) => {
  const origin = await startOrigin();
  const placeholder = await startOrigin();
  const { port } = placeholder;
  await placeholder[Symbol.asyncDispose]();
  const files = await rendered(variant, origin.url, port);
  const child = spawn(nginx.binary, nginx.args(files.render), { stdio: "ignore" });
  const ended = once(child, "close");
  const connected = async (request?: Parameters<typeof ask>[1]): Promise<End> => {
    const client = ask(port, request);
    await Promise.race([once(client.socket, "connect").catch(() => null), client.left()]);
    return client.gone === null ? client : connected(request);
  };
  const stop = async (): Promise<void> => {
    child.kill();
    await ended;
    await files[Symbol.asyncDispose]();
    await origin[Symbol.asyncDispose]();
  };
  return { origin, ask: connected, [Symbol.asyncDispose]: stop };
};

test("every variant renders what differs from the default, and nothing outside its folder", async () => {
  const texts = variants.map((variant) => {
    const options = nginx.variants[variant]?.options ?? {};
    return (
      nginx.files({
        upstream: new URL("http://web:8000"),
        options,
        listenPort: 8080,
        listeners: [],
        certificate: "",
        folder: "/run/x",
        contained: true,
      })["nginx.conf"] ?? ""
    );
  });
  expect(new Set(texts).size).toBe(variants.length);
  for (const text of texts) {
    expect(text).toMatch(/proxy_pass http:\/\/(web:8000|origin);/);
    expect(text).toContain("web:8000;");
    expect(text).toContain("listen 8080;");
    expect(text.match(/\/(var|etc|run|tmp)\//)).toBe(null);
  }
});

describe("with the nginx of this machine", needs(installed !== null, lacks.nginx), () => {
  test("tells its version", () => {
    expect(`${installed?.stdout}${installed?.stderr}`.match(nginx.version.pattern)?.[1]).toMatch(/^nginx\/\d+\.\d+/);
  });

  test.for(variants)("accepts its configuration: %s", async (variant) => {
    await using files = await rendered(variant, new URL("http://127.0.0.1:8000"), 8080);
    await promisify(execFile)(nginx.binary, nginx.check?.args(files.render));
  });

  test("accepts a listener for each protocol of its clients", async () => {
    const listeners = (["h1-tls", "h2", "h2c"] as const).map((protocol, index) => ({ protocol, port: 8081 + index }));
    expect(["h1", ...listeners.map(({ protocol }) => protocol), "h3"]).toEqual(nginx.clients);
    await using files = await rendered("default", new URL("http://127.0.0.1:8000"), 8080, listeners);
    await promisify(execFile)(nginx.binary, nginx.check?.args(files.render));
  });

  test("accepts a listener for HTTP/3, or is known to lack it", async () => {
    await using files = await rendered("default", new URL("http://127.0.0.1:8000"), 8080, [{ protocol: "h3", port: 8081 }]);
    const refused = await promisify(execFile)(nginx.binary, nginx.check?.args(files.render)).catch((error: { stderr: string }) => error);
    if (refused instanceof Error) expect(refused.stderr).toMatch(nginx.check?.lacks ?? /$^/);
  });

  test("says which line it does not understand", async () => {
    await using files = await rendered("default", new URL("http://127.0.0.1:8000"), 8080);
    await writeFile(join(files.render.folder, "nginx.conf"), "events {}\nhttp { server { liste 80; } }\n");
    const failed = await promisify(execFile)(nginx.binary, nginx.check?.args(files.render)).catch((error: { stderr: string }) => error);
    expect(failed.stderr?.match(nginx.check?.problem ?? /$^/)?.[0]).toMatch(/^\[emerg\] .*unknown directive "liste" in .*nginx\.conf:2$/);
  });

  test("unbuffered passes each write as it comes", async () => {
    await using chain = await startNginx("unbuffered");
    const client = await chain.ask();
    const origin = await chain.origin.asked();
    origin.send("HTTP/1.1 200 OK\r\n\r\n");
    for (const record of ["one", "two"]) {
      origin.send(record);
      await client.has(record);
    }
    origin.fin();
    await client.until(isComplete);
  });

  test("gzip codes the types of streams", async () => {
    await using chain = await startNginx("gzip-unbuffered");
    const client = await chain.ask({ headers: "Accept-Encoding: gzip\r\n" });
    const origin = await chain.origin.asked();
    origin.start("Content-Type: text/event-stream\r\n").chunk("data: one\n\n").last();
    await client.until(isComplete);
    expect(client.head).toContain("Content-Encoding: gzip");
  });

  test("cache answers the second request itself, and not what says no-store", async () => {
    await using chain = await startNginx("cache");
    const first = await chain.ask();
    (await chain.origin.asked()).start().chunk("one").last();
    await first.until(isComplete);
    const second = await chain.ask();
    await second.has("one");
    for (const answer of ["two", "three"]) {
      const other = await chain.ask({ path: "/other" });
      (await chain.origin.asked()).start("Cache-Control: no-store\r\n").chunk(answer).last();
      await other.until(isComplete);
      expect(contentOf(other)).toBe(answer);
    }
  });

  test("short-limits gives up after a second: 504 before the header section, a cut behind it", async () => {
    await using chain = await startNginx("short-limits");
    const [early, late] = [await chain.ask(), await chain.ask({ path: "/late" })];
    const asked = [await chain.origin.asked(), await chain.origin.asked()];
    asked
      .find((end) => end.head.includes("/late"))
      ?.start()
      .chunk("one");
    await Promise.all([early.has("504 Gateway Time-out"), late.left()]);
    expect(isComplete(late)).toBe(false);
  });
});
