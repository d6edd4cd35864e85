// nginx and Caddy speak HTTP/3 to a client that tells when each DATA frame comes (aioquic), in a container without a network.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { afterAll, expect, it } from "vitest";
import { packageRoot } from "../../harness/catalog/package-root.ts";
import type { AskedVersion } from "../../harness/catalog/versions.ts";
import { built, ensureImage } from "../../harness/runtime/images.ts";
import { tar } from "../../harness/runtime/tar.ts";
import { expected } from "../http3/expected.ts";
import type { Http3Answer } from "../http3/expected.ts";
import { describeWithEngine, engine } from "./engine.ts";

interface Measured {
  server: string;
  answers: Record<string, Http3Answer>;
}

describeWithEngine("HTTP/3 through nginx and Caddy", () => {
  const tags: string[] = [];
  afterAll(async () => {
    await Promise.all(tags.map((tag) => engine().docker.getImage(tag).remove({ force: true })));
  });

  const measure = async (release: AskedVersion["release"], server: "nginx" | "caddy"): Promise<Measured> => {
    const base = await ensureImage(engine(), { name: "http3", release, packages: [server, "openssl", "python3-aioquic"] }, () => {});
    const tag = `hopwise-test/http3-${server}-${release}:1`;
    const file = (name: string): Promise<Buffer> => readFile(join(packageRoot, "test/http3", name));
    await built(
      engine(),
      tar([
        { name: "Dockerfile", kind: "file", body: `FROM ${base}\nCOPY nginx.conf Caddyfile measure.py /http3/\n` },
        { name: "nginx.conf", kind: "file", body: await file("nginx.conf") },
        { name: "Caddyfile", kind: "file", body: await file("Caddyfile") },
        { name: "measure.py", kind: "file", body: await file("measure.py") },
      ]),
      tag,
    );
    tags.push(tag);
    const [out, said] = [new PassThrough(), new PassThrough()];
    const texts = Promise.all([text(out), text(said)]);
    const [{ StatusCode: code }, container] = (await engine().docker.run(tag, ["python3", "/http3/measure.py", server], [out, said], {
      Tty: false,
      HostConfig: { NetworkMode: "none" },
    })) as [{ StatusCode: number }, { remove: () => Promise<void> }];
    await container.remove();
    out.end();
    said.end();
    const [printed, errors] = await texts;
    if (code !== 0) throw new Error(errors.slice(-2000));
    return JSON.parse(printed) as Measured;
  };

  it.each([
    ["trixie", "nginx", "nginx/1.26"],
    ["forky", "nginx", "nginx/1.30"],
    ["trixie", "caddy", "caddy/2.6"],
    ["forky", "caddy", "caddy/2.11"],
  ] as const)("of %s: %s", async (release, asked, version) => {
    const { server, answers } = await measure(release, asked);
    expect(server).toContain(version);
    expect(answers).toEqual(expected[version]);
  });
});
