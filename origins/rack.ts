import { defineOrigin } from "../harness/define.ts";

const threads = 16;

export default defineOrigin({
  kind: "application",
  title: "Rack: a body with each, under Puma",
  link: "https://github.com/rack/rack/blob/main/SPEC.rdoc",
  debian: { release: "trixie", packages: ["puma", "ruby-rack"] },
  versions: { "5.6": { release: "bookworm" }, "6.6": { release: "trixie" }, "8.0": { release: "forky" } },
  command: ({ listenPort }) => [
    "puma",
    "-b",
    `tcp://0.0.0.0:${listenPort}`,
    "-t",
    `${threads}:${threads}`,
    "-e",
    "production",
    "config.ru",
  ],
  version: () => ({ command: ["puma", "--version"], pattern: /puma version ([\d.]+)/ }),
  readiness: "/ready",
  path: "/stream",
  variants: { default: { title: "Puma, one process", concurrency: threads } },
});
