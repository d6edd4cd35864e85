// The lab's HTTP/3: a program of its own, since Node speaks none (node:quic is no part of its releases, and is a transport without HTTP/3).
// aioquic rather than curl: it shows flow-control windows, and can send STOP_SENDING.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { BinaryServer } from "../../define.ts";
import type { BinaryPlan } from "../hop.ts";

const filesOf = (...names: string[]): Record<string, string> =>
  Object.fromEntries(names.map((name) => [name, readFileSync(join(import.meta.dirname, name), "utf8")]));

export const http3Program: BinaryServer = {
  kind: "binary",
  title: "the lab's HTTP/3",
  link: "https://aioquic.readthedocs.io/",
  binary: "python3",
  name: "aioquic",
  version: { args: ["-c", "import aioquic; print('aioquic', aioquic.__version__)"], pattern: /aioquic ([\d.]+)/ },
  isProvenByVersion: true,
  debian: { release: "forky", packages: ["python3-aioquic"] },
  // None has it, and no option names one.
  image: "debian:forky-slim",
  clients: ["h1", "h3"],
  files: () => filesOf("client.py", "pipe.py"),
  args: ({ folder, listenPort, listeners: [http3], certificate, upstream, contained }) => {
    const host = contained ? "0.0.0.0" : "127.0.0.1";
    return http3
      ? [`${folder}/pipe.py`, host, `${listenPort}`, `${http3.port}`, certificate, upstream.href]
      : [`${folder}/client.py`, host, `${listenPort}`];
  },
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
