import { defineServer } from "../harness/define.ts";
import type { Listener, Render } from "../harness/define.ts";

const docs = "https://caddyserver.com/docs/caddyfile";

const configured = (folder: string): string[] => ["--config", `${folder}/Caddyfile`, "--adapter", "caddyfile"];

/** Hops share a network, and so its ports. */
const adminAt = (folder: string): string => `unix/${folder}/admin.sock`;

/** What the directives of a variant hold, in the order of a Caddyfile. */
const proxy = (inside: string): { proxy: string } => ({ proxy: inside });

const http = `${docs}/directives/reverse_proxy#the-http-transport`;
const connect = { kind: "connect-timeout", ms: 3000, setBy: "dial_timeout", page: http } as const;

export default defineServer({
  kind: "binary",
  title: "Caddy",
  link: `${docs}/directives/reverse_proxy`,
  binary: "caddy",
  version: { args: ["version"], pattern: /^v?(\d+\.\d+\.\d+)/m },
  debian: { release: "trixie", packages: ["caddy"] },
  versions: { "2.6": { release: "trixie" }, "2.11": { release: "forky" } },
  // Pull requests 5952 and 6471; for the third, the measurements of 2.6 and 2.11.
  changes: {
    "2.7.6": "that a response which its upstream cuts is aborted",
    "2.9": "that encode flushes what it has compressed",
    "2.11": "that flush_interval -1 no longer keeps the upstream of a client that has left",
  },
  image: "caddy:2.11-alpine",
  clients: ["h1", "h1-tls", "h2", "h2c", "h3"],
  // No clock: a Go program reads its clock from the kernel without the C library, so that libfaketime does not reach it.
  // By default there is no first-byte timeout and no idle timeout.
  limits: [connect],
  // By the admin API. Without --force, the same configuration again changes nothing: https://caddyserver.com/docs/command-line#caddy-reload
  reload: ({ folder }) => ["caddy", "reload", "--force", ...configured(folder), "--address", adminAt(folder)],
  // Otherwise it looks for its state in the home folder of its user.
  environment: ({ folder }) => ({ HOME: folder, XDG_CONFIG_HOME: folder, XDG_DATA_HOME: folder }),
  files: (render) => ({ Caddyfile: caddyfile(render) }),
  args: ({ folder }) => ["run", ...configured(folder)],
  check: {
    args: ({ folder }) => ["validate", ...configured(folder)],
    problem: /adapting config using caddyfile: .*/,
  },
  variants: {
    default: { title: "reverse_proxy and nothing else" },
    encode: { title: "encode gzip", options: { site: "encode gzip" } },
    "flush-interval": { title: "flush_interval -1", options: proxy("flush_interval -1") },
    "grace-period": {
      title: "grace_period 1s: how long Caddy waits for open streams when it stops, but not when it reloads",
      options: { global: "grace_period 1s" },
    },
    "read-timeout": {
      title: "read_timeout 1s: stops waiting for its upstream after one second",
      options: proxy("transport http {\n\t\t\tread_timeout 1s\n\t\t}"),
      limitMs: 1000,
      limits: [connect, { kind: "idle-timeout", ms: 1000, setBy: "read_timeout", page: http, shownBy: "caddy-2.11-cuts-a-silent-stream" }],
    },
    "write-timeout": {
      title: "timeouts write 1s: a response takes one second at most",
      options: { server: "timeouts {\n\t\t\twrite 1s\n\t\t}" },
      limitMs: 1000,
      limits: [
        connect,
        {
          kind: "total-timeout",
          ms: 1000,
          setBy: "timeouts write",
          page: `${docs}/options#timeouts`,
          shownBy: "caddy-write-timeout-cuts-a-busy-stream",
        },
      ],
    },
  },
});

/** HTTP/2 without TLS is an offer beside HTTP/1.1, and HTTP/3 one beside TLS over TCP. */
const protocols: Record<Listener["protocol"] | "h1", string> = { h1: "h1", "h1-tls": "h1", h2: "h1 h2", h2c: "h1 h2c", h3: "h1 h2 h3" };

const caddyfile = ({ upstream, listenPort, listeners, certificate, folder, options }: Render): string => {
  const all = [{ protocol: "h1" as const, port: listenPort }, ...listeners];
  const isTls = (protocol: string): boolean => protocol !== "h1" && protocol !== "h2c";
  const servers = all.map(
    ({ protocol, port }) => `	servers :${port} {
		protocols ${protocols[protocol]}
		${options["server"] ?? ""}
	}
`,
  );
  const sites = all.map(
    ({ protocol, port }) => `:${port} {
	${isTls(protocol) ? `tls ${certificate} ${certificate}` : ""}
	import site
}
`,
  );
  return `{
	admin ${adminAt(folder)}
	${options["global"] ?? ""}
	auto_https off
${servers.join("")}}
(site) {
	${options["site"] ?? ""}
	reverse_proxy ${upstream.origin} {
		${options["proxy"] ?? ""}
	}
}
${sites.join("")}`;
};
