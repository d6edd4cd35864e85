import { describe, expect, test } from "vitest";
import type { BinaryServer, Render } from "../../../harness/define.ts";
import definition from "../../../proxies/caddy.ts";

const caddy = definition as BinaryServer;

const rendered = (variant: string, listeners: Render["listeners"] = []): string =>
  caddy.files({
    upstream: new URL("http://web:8000"),
    options: caddy.variants[variant]?.options ?? {},
    listenPort: 8080,
    listeners,
    certificate: "/run/x/certificate.pem",
    folder: "/run/x",
    contained: true,
  })["Caddyfile"] ?? "";

describe("Caddy", () => {
  test("every variant renders what differs from the default", () => {
    const texts = Object.keys(caddy.variants).map((variant) => rendered(variant));
    expect(new Set(texts).size).toBe(texts.length);
    for (const text of texts) expect(text).toMatch(/servers :8080 \{\s+protocols h1\n[\s\S]*reverse_proxy http:\/\/web:8000 \{/);
  });

  test("has a server for each protocol of its clients, with the certificate where they speak TLS", () => {
    const listeners = (["h1-tls", "h2", "h2c", "h3"] as const).map((protocol, index) => ({ protocol, port: 8081 + index }));
    expect(["h1", ...listeners.map(({ protocol }) => protocol)]).toEqual(caddy.clients);
    const text = rendered("default", listeners);
    expect(Array.from(text.matchAll(/servers :(\d+) \{\s+protocols (.*)/g), ([, port, protocols]) => [port, protocols])).toEqual([
      ["8080", "h1"],
      ["8081", "h1"],
      ["8082", "h1 h2"],
      ["8083", "h1 h2c"],
      ["8084", "h1 h2 h3"],
    ]);
    const sites = Array.from(text.matchAll(/^:(\d+) \{\n\t(.*)/gm), ([, port, first]) => [port, first]);
    const tls = "tls /run/x/certificate.pem /run/x/certificate.pem";
    expect(sites).toEqual([
      ["8080", ""],
      ["8081", tls],
      ["8082", tls],
      ["8083", ""],
      ["8084", tls],
    ]);
  });

  test("its version is read with and without the v", () => {
    for (const text of ["2.6.2", "v2.11.4 h1:abc"]) expect(text.match(caddy.version.pattern)?.[1]).toMatch(/^2\.\d+\.\d$/);
  });
});
