// The timeouts of a user's configuration: what is in effect for each route, and where it is set.
import { expect, test } from "vitest";
import { onlyChain, refusalOf, said, timeoutsOf } from "./_given.ts";

const config = `events {}
http {
  proxy_read_timeout 5m;
  uwsgi_read_timeout 300s;
  server {
    listen 80;
    send_timeout 20s;
    location /own { proxy_pass http://app:8000; proxy_read_timeout 1m30s; proxy_connect_timeout 500ms; }
    location /inherits { proxy_pass http://app:8000; }
    location /also-inherits { proxy_pass http://app:8000; }
    location /uwsgi { uwsgi_pass app:3031; }
    location /grpc { grpc_pass grpc://app:9000; }
  }
}
`;

test("each route has the timeouts that are in effect there: its own, inherited ones, defaults, by the directive of its protocol", async () => {
  const { chains } = await timeoutsOf("nginx.conf", { files: { "nginx.conf": config } });
  const shown = Object.fromEntries(chains.map(({ routes, hops }) => [routes.join(" "), hops.flatMap(({ limits }) => limits.map(said))]));
  const send = "write-timeout 20000 nginx.conf:7 send_timeout 20s";
  expect(shown).toEqual({
    ":80/own": [
      "idle-timeout 90000 nginx.conf:8 proxy_read_timeout 1m30s",
      send,
      "upload-timeout 60000 default of proxy_send_timeout",
      "connect-timeout 500 nginx.conf:8 proxy_connect_timeout 500ms",
    ],
    ":80/inherits :80/also-inherits": [
      "idle-timeout 300000 nginx.conf:3 proxy_read_timeout 5m",
      send,
      "upload-timeout 60000 default of proxy_send_timeout",
      "connect-timeout 60000 default of proxy_connect_timeout",
    ],
    ":80/uwsgi": [
      "idle-timeout 300000 nginx.conf:4 uwsgi_read_timeout 300s",
      send,
      "upload-timeout 60000 default of uwsgi_send_timeout",
      "connect-timeout 60000 default of uwsgi_connect_timeout",
    ],
    ":80/grpc": [
      "idle-timeout 60000 default of grpc_read_timeout",
      send,
      "upload-timeout 60000 default of grpc_send_timeout",
      "connect-timeout 60000 default of grpc_connect_timeout",
    ],
  });
});

test("what a user's line sets is never shown as measured; the default of the same directive is, with its version", async () => {
  const own = onlyChain(await timeoutsOf("nginx.conf", { files: { "nginx.conf": config }, path: "/own" }));
  expect(own.strictest["idle-timeout"]).toMatchObject([{ ms: 90_000, measured: null }]);
  const plain = "events {}\nhttp { server { listen 80; location / { proxy_pass http://app:8000; } } }\n";
  const [idle] = onlyChain(await timeoutsOf("nginx.conf", { files: { "nginx.conf": plain } })).strictest["idle-timeout"];
  expect(idle).toMatchObject({ ms: 60_000, source: { from: "default", server: "nginx" }, measured: { ms: 60_000 } });
  expect(idle?.measured?.ran).toMatch(/^nginx \d/);
  // Another protocol's directive was not measured with HTTP's.
  const grpc = onlyChain(await timeoutsOf("nginx.conf", { files: { "nginx.conf": config }, path: "/grpc" }));
  expect(grpc.strictest["idle-timeout"]).toMatchObject([{ ms: 60_000, measured: null }]);
});

test("a compose file names the version of the default, and the results of that version", async () => {
  const files = {
    "docker-compose.yml": `services:
  proxy: { image: "nginx:1.22", ports: ["80:80"], volumes: ["./site.conf:/etc/nginx/conf.d/default.conf"] }
  app: { image: "app" }
`,
    "site.conf": "server { listen 80; location / { proxy_pass http://app:8000; } }\n",
  };
  const [idle] = onlyChain(await timeoutsOf("docker-compose.yml", { files })).strictest["idle-timeout"];
  expect(idle?.source).toMatchObject({ from: "default", server: "nginx 1.22", setBy: "proxy_read_timeout" });
  expect(idle?.measured?.ran).toBe("nginx 1.22.1");
});

test("an Ingress of Kubernetes, with its annotation", async () => {
  const ingress = `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: chat
  annotations: { nginx.ingress.kubernetes.io/proxy-read-timeout: "45" }
spec:
  ingressClassName: nginx
  rules:
    - host: chat.example
      http: { paths: [{ path: /events, pathType: Exact, backend: { service: { name: web, port: { number: 8000 } } } }] }
`;
  const chain = onlyChain(await timeoutsOf("ingress.yaml", { files: { "ingress.yaml": ingress }, platforms: ["aws-alb"] }));
  expect(chain.strictest["idle-timeout"]).toMatchObject([{ ms: 45_000, hop: "nginx", source: { directive: "proxy_read_timeout 45s" } }]);
  expect(chain.heartbeat).toEqual({ everyMs: 22_000, idleMs: 45_000, endsBeforeMs: null });
});

test.for([
  ["a port", "http://127.0.0.1:8080", "127.0.0.1:8080"],
  ["a socket", "http://unix:/run/inner.sock", "unix:/run/inner.sock"],
  ["an upstream block", "http://inner", "8081"],
])("a configuration that forwards to itself by %s has the timeouts of both passes", async ([, pass, listen]) => {
  const text = `events {}
http {
  upstream inner { server 127.0.0.1:8081; }
  server { listen 80; location / { proxy_pass ${pass}; proxy_read_timeout 300s; } }
  server { listen ${listen}; server_name inner; location / { proxy_pass http://app:8000; proxy_read_timeout 7s; } }
  server { listen 82; location / { proxy_pass http://app:8000; proxy_read_timeout 3s; } }
}
`;
  const { chains } = await timeoutsOf("nginx.conf", { files: { "nginx.conf": text } });
  const outer = chains.find(({ routes }) => routes.includes(":80/"));
  expect(outer?.strictest["idle-timeout"].map(said)).toEqual(["idle-timeout 7000 nginx.conf:5 proxy_read_timeout 7s"]);
  const idle = outer?.hops.flatMap(({ limits }) => limits.filter(({ kind }) => kind === "idle-timeout").map(({ ms }) => ms));
  expect(idle).toEqual([300_000, 7000]);
});

test("a configuration may stand anywhere in a chain, with platforms in front of it", async () => {
  const files = { "deploy/nginx.conf": config };
  const given = "django:gthread,deploy/nginx.conf,varnish";
  const chain = onlyChain(await timeoutsOf(given, { files, path: "/own", platforms: ["heroku"] }));
  expect(chain.hops.map(({ hop }) => hop)).toEqual(["django:gthread", "nginx", "varnish", "heroku"]);
  expect(chain.strictest["first-byte-timeout"]).toMatchObject([{ hop: "heroku", ms: 30_000 }]);
  expect(chain.strictest["idle-timeout"]).toMatchObject([{ hop: "heroku", ms: 55_000 }]);
  expect(chain.strictest["write-timeout"]).toMatchObject([{ hop: "nginx", ms: 20_000 }]);
});

test("a value that cannot be read is reported, and takes part in nothing", async () => {
  const odd = "events {}\nhttp { server { listen 80; location / { proxy_pass http://app:8000; proxy_read_timeout soon; } } }\n";
  const chain = onlyChain(await timeoutsOf("nginx.conf", { files: { "nginx.conf": odd } }));
  expect(chain.unknown.map(said)).toEqual(["idle-timeout unknown nginx.conf:2 proxy_read_timeout soon"]);
  expect(chain.strictest["idle-timeout"]).toEqual([]);
});

test("what cannot be read is refused in one sentence", async () => {
  const files = { "nginx.conf": config, "other.conf": config, "notes.conf": "not {", "sites/README": "" };
  expect(await refusalOf("missing.conf", { files })).toMatch(/^There is no file or folder "missing\.conf" in \S+$/);
  expect(await refusalOf("nginx.conf,other.conf", { files })).toMatch(
    /^The chain "nginx\.conf,other\.conf" has 2 configurations; name one/,
  );
  expect(await refusalOf("notes.conf", { files })).toMatch(/^notes\.conf:1: the block of "not" is never closed/);
  expect(await refusalOf("nginx.conf", { files, path: "/nowhere" })).toMatch(/\/nowhere/);
});
