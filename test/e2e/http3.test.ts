// nginx and Caddy speak HTTP/3 to a client that tells when each DATA frame comes (aioquic).
import { afterAll, expect, it } from "vitest";
import { expected } from "../http3/expected.ts";
import type { Http3Answer } from "../http3/expected.ts";
import { measuredIn } from "./_measured.ts";
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

  it.each([
    ["trixie", "nginx", "nginx/1.26"],
    ["forky", "nginx", "nginx/1.30"],
    ["trixie", "caddy", "caddy/2.6"],
    ["forky", "caddy", "caddy/2.11"],
  ] as const)("of %s: %s", async (release, asked, version) => {
    const { server, answers } = await measuredIn<Measured>(
      {
        name: "http3",
        release,
        packages: [asked, "openssl", "python3-aioquic"],
        files: ["nginx.conf", "Caddyfile", "measure.py"],
        arguments: [asked],
      },
      (tag) => tags.push(tag),
    );
    expect(server).toContain(version);
    expect(answers).toEqual(expected[version]);
  });
});
