// The lab's HTTP/3: a program of its own, since Node speaks none (node:quic is no part of its releases, and is a transport without HTTP/3).
// aioquic rather than curl: it shows flow-control windows, and can send STOP_SENDING.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { BinaryServer } from "../../define.ts";
import type { BinaryPlan } from "../hop.ts";

const file = "http3.py";

export const http3Program: BinaryServer = {
  kind: "binary",
  title: "the lab's HTTP/3",
  link: "https://aioquic.readthedocs.io/",
  binary: "python3",
  name: "aioquic",
  version: { args: ["-c", "import aioquic; print('aioquic', aioquic.__version__)"], pattern: /aioquic ([\d.]+)/ },
  isProvenByVersion: true,
  debian: { release: "forky", packages: ["python3-aioquic"] },
  image: "python:3-slim",
  clients: ["h1", "h3"],
  files: () => ({ [file]: readFileSync(join(import.meta.dirname, file), "utf8") }),
  args: ({ folder, listenPort, listeners, certificate, upstream }) => [
    `${folder}/${file}`,
    ...listeners.slice(0, 1).flatMap(({ port }) => ["server", `${listenPort}`, `${port}`, certificate, upstream.href]),
    ...(listeners.length === 0 ? ["client", `${listenPort}`] : []),
  ],
  variants: { default: { title: "as it is" } },
};

const planOf = (hop: string, listeners: BinaryPlan["listeners"]): BinaryPlan => ({
  kind: "binary",
  hop,
  definition: http3Program,
  variant: "default",
  settings: http3Program.variants.default,
  image: null,
  ...(listeners ? { listeners } : {}),
});

/** Takes the lab's orders on its port. */
export const http3Client = planOf("the client for HTTP/3", undefined);

/** Passes on what its upstream sends, at once: the control. */
export const http3Pipe = planOf("the control over HTTP/3", ["h3"]);
