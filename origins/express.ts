import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { defineOrigin } from "../harness/define.ts";

/** Where npm has put it; a container has Debian's, which its Node finds by itself. */
const installed = (): string => {
  try {
    return dirname(dirname(createRequire(import.meta.url).resolve("express/package.json")));
  } catch {
    return "";
  }
};

/** Debian's, else npm's. */
const versions = `
let found;
try { found = require("express/package.json"); } catch { found = require(${JSON.stringify(join(installed(), "express/package.json"))}); }
console.log("Node/" + process.versions.node + " express/" + found.version);`;

export default defineOrigin({
  kind: "application",
  title: "Express, with and without compression",
  link: "https://expressjs.com/en/4x/api.html#res",
  debian: { release: "trixie", packages: ["nodejs", "node-express", "node-compression"] },
  command: ({ folder }) => ["node", join(folder, "app.cjs")],
  environment: ({ options, contained }) => ({
    HOST: contained ? "0.0.0.0" : "127.0.0.1",
    COMPRESSION: String(options["compression"] ?? ""),
    ...(contained ? {} : { NODE_PATH: installed() }),
  }),
  version: () => ({ command: ["node", "-e", versions], pattern: /(Node\/[\d.]+ express\/[\d.]+)/ }),
  readiness: "/ready",
  path: "/stream",
  variants: {
    default: { title: "writes each record as it comes" },
    compression: { title: "compression() in front of it", options: { compression: "yes" } },
    "compression-flushed": { title: "compression(), and response.flush() after each record", options: { compression: "flushed" } },
  },
});
