// What Varnish and Vinyl Cache have in common: Vinyl is what Varnish was called from its release 9 on, with another daemon's name.
import type { BinaryServer, DocumentedLimit, Render } from "../harness/define.ts";

const vcl = ({ upstream, options }: Render): string => `vcl 4.1;
backend default {
  .host = "${upstream.hostname}";
  .port = "${upstream.port}";
  ${String(options["backend"] ?? "")}
}
${String(options["vcl"] ?? "")}
`;

const onResponse = (statements: string): { vcl: string } => ({ vcl: `sub vcl_backend_response { ${statements} }` });
const onRequest = (statements: string): { vcl: string } => ({ vcl: `sub vcl_recv { ${statements} }` });

// In the foreground, and as the user that starts it: a jail would need users that its package makes. Two pools of a hundred threads are the
// default, which is near the limit of a hop's container.
const settings = ["-F", "-j", "none", "-s", "malloc,64m", "-p", "thread_pools=1", "-p", "thread_pool_min=20", "-p", "vsl_space=2M"];

const args = ({ listenPort, folder }: Render): string[] => [
  ...settings,
  "-a",
  `0.0.0.0:${listenPort}`,
  "-f",
  `${folder}/default.vcl`,
  "-n",
  `${folder}/work`,
];

const reload = '"$0" -n "$1" vcl.load "reloaded-$$" "$2" && "$0" -n "$1" vcl.use "reloaded-$$"';

interface Family extends Pick<BinaryServer, "title" | "link" | "binary" | "version" | "debian" | "versions" | "image"> {
  /** Also the start of its scenarios' ids. */
  name: string;
  /** The page that documents its parameters. */
  parameters: string;
}

const limits = ({ name, parameters: page }: Family): Record<"own" | "pipe" | "short", DocumentedLimit[]> => {
  // Extended each time, until the response has taken send_timeout, 600 s by default.
  const write: DocumentedLimit = { kind: "write-timeout", ms: 60_000, setBy: "idle_send_timeout", page };
  const firstByte: DocumentedLimit = { kind: "first-byte-timeout", ms: 60_000, setBy: "first_byte_timeout", page };
  const idle: DocumentedLimit = { kind: "idle-timeout", ms: 60_000, setBy: "between_bytes_timeout", page };
  /** Not every scenario of Varnish is there for Vinyl, too. */
  const shownBy = (scenario: string): Pick<DocumentedLimit, "shownBy"> => (name === "varnish" ? { shownBy: `varnish-${scenario}` } : {});
  return {
    own: [
      { ...firstByte, shownBy: `${name}-answers-503-after-a-minute` },
      { ...idle, shownBy: `${name}-cuts-silence-after-a-minute` },
      write,
    ],
    pipe: [{ kind: "idle-timeout", ms: 60_000, setBy: "pipe_timeout", page, ...shownBy("pipe-cuts-silence-after-a-minute") }],
    short: [
      { ...firstByte, ms: 1000, ...shownBy("answers-503-for-the-origin") },
      { ...idle, ms: 1000, ...shownBy("cuts-a-silent-stream") },
      write,
    ],
  };
};

export const varnish = (family: Family): BinaryServer => ({
  kind: "binary",
  ...family,
  limits: limits(family).own,
  // HTTP/2 needs feature=+http2, and is not set here; TLS ends before it.
  clients: ["h1"],
  clock: "libfaketime",
  // As varnishreload does it, which not every package has. A name is used once: here the process id of the shell.
  reload: ({ folder }) => ["sh", "-c", reload, `${family.name}adm`, `${folder}/work`, `${folder}/default.vcl`],
  files: (render) => ({ "default.vcl": vcl(render) }),
  args,
  check: {
    args: ({ folder }) => ["-C", "-j", "none", "-f", `${folder}/default.vcl`, "-n", `${folder}/work`],
    problem: /^\(.* Line \d+ Pos \d+\)/,
  },
  variants: {
    default: { title: "built-in VCL only: a backend, and nothing else" },
    "no-stream": { title: "beresp.do_stream = false", options: onResponse("set beresp.do_stream = false;") },
    gzip: { title: "beresp.do_gzip = true", options: onResponse("set beresp.do_gzip = true;") },
    pass: { title: "return (pass) in vcl_recv: nothing is cached", options: onRequest("return (pass);") },
    "pass-transit-buffer": {
      title: "return (pass), with beresp.transit_buffer = 1m (from Varnish 7.3 on)",
      options: { vcl: `${onRequest("return (pass);").vcl}\n${onResponse("set beresp.transit_buffer = 1m;").vcl}` },
    },
    "pass-no-stream": {
      title: "return (pass) in vcl_recv, with beresp.do_stream = false",
      options: { vcl: `${onRequest("return (pass);").vcl}\n${onResponse("set beresp.do_stream = false;").vcl}` },
    },
    pipe: {
      title: "return (pipe) in vcl_recv: bytes pass in both directions, unread",
      options: onRequest("return (pipe);"),
      limits: limits(family).pipe,
    },
    "fixed-ttl": {
      title: "beresp.ttl = 1h and return (deliver), which skips the built-in VCL",
      options: onResponse("set beresp.ttl = 1h; return (deliver);"),
    },
    "kept-ttl": { title: "beresp.ttl = 1h, and then the built-in VCL", options: onResponse("set beresp.ttl = 1h;") },
    close: {
      title: "Connection: close to its backend, so that no connection is used again",
      options: { vcl: 'sub vcl_backend_fetch { set bereq.http.Connection = "close"; }' },
    },
    "short-timeouts": {
      title: "first_byte_timeout and between_bytes_timeout 1s",
      options: { backend: ".first_byte_timeout = 1s; .between_bytes_timeout = 1s;" },
      limitMs: 1000,
      limits: limits(family).short,
    },
    "pass-short-timeouts": {
      title: "return (pass), with first_byte_timeout and between_bytes_timeout 1s",
      options: { ...onRequest("return (pass);"), backend: ".first_byte_timeout = 1s; .between_bytes_timeout = 1s;" },
      limitMs: 1000,
      limits: limits(family).short,
    },
  },
});
