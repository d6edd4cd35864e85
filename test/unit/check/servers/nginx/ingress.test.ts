// What is made of Kubernetes' objects, compared with what ingress-nginx itself renders of the same ones (test/field/12-ingress-rendered).
import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { kubernetesObjects } from "../../../../../harness/check/kubernetes.ts";
import { readSubject } from "../../../../../harness/check/subject.ts";
import type { Subject } from "../../../../../harness/check/subject.ts";
import { renderIngress } from "../../../../../harness/check/servers/nginx/ingress/render.ts";
import { childrenOf, everyDirective, parse } from "../../../../../harness/check/servers/nginx/tree.ts";
import type { Directive } from "../../../../../harness/check/servers/nginx/tree.ts";

const field = join(import.meta.dirname, "../../../../field/12-ingress-rendered");
const textOf = (name: string): string => readFileSync(join(field, name), "utf8");

const render = (text: string): string => renderIngress(kubernetesObjects(text, "x.yaml") ?? [])?.text ?? "";

const words = ({ name, args }: Directive): string => [name, ...args].join(" ");

/** Lines of the one that the other lacks, without those of blocks below. */
const lacking = (one: Directive, other: Directive): string[] => {
  const known = new Set(childrenOf(other).map(words));
  return childrenOf(one)
    .filter(({ block }) => block === null)
    .map(words)
    .filter((line) => !known.has(line));
};

const find = (roots: readonly Directive[], title: string): Directive => {
  const found = everyDirective(roots).find((one) => one.block !== null && words(one) === title);
  if (!found) throw new Error(`no ${title}`);
  return found;
};

describe("an Ingress, rendered", () => {
  it("says of each line where what it is made of stands, in whichever object", () => {
    const annotated = (name: string, indent: string): string =>
      [
        "apiVersion: networking.k8s.io/v1",
        "kind: Ingress",
        "metadata:",
        `  name: ${name}`,
        '  annotations: { "nginx.ingress.kubernetes.io/proxy-buffering": "on",',
        "    nginx.ingress.kubernetes.io/proxy-read-timeout: 5 }",
        "spec:",
        "  ingressClassName: nginx",
        "  rules:",
        `    - host: ${name}.example`,
        "      http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: a, port: { number: 80 } } } }] }",
      ]
        .map((line, index) => (indent === "" || index === 0 ? line : indent + line))
        .join("\n");
    const list = `apiVersion: v1\nkind: List\nitems:\n  - ${annotated("two", "    ")}`;
    const settings =
      "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: ingress-nginx-controller }\ndata:\n  use-gzip: 'true'\n  proxy-send-timeout: '9'";
    const lines = render(`${annotated("one", "")}\n---\n${list}\n---\n${settings}\n`).split("\n");
    expect(lines.flatMap((line) => / *(\S+ \S+;) # .*(\(x.yaml:\d+\))$/.exec(line)?.slice(1).join(" ") ?? [])).toEqual([
      "gzip on; (x.yaml:32)",
      "proxy_send_timeout 9s; (x.yaml:33)",
      "proxy_read_timeout 5s; (x.yaml:6)",
      "proxy_buffering on; (x.yaml:5)",
      "proxy_send_timeout 9s; (x.yaml:33)",
      "proxy_read_timeout 5s; (x.yaml:21)",
      "proxy_buffering on; (x.yaml:20)",
    ]);
    // The controller's defaults stand nowhere.
    expect(lines.find((line) => line.includes("proxy_connect_timeout"))?.trim()).toBe("proxy_connect_timeout 5s; # proxy-connect-timeout");
  });

  const own = parse("own", render(`${textOf("ingress.yaml")}\n---\n${textOf("configmap.yaml")}`));
  const theirs = parse("theirs", textOf("nginx.conf"));

  it("has every line of the controller's location, but for what only its code reads", () => {
    const [mine, its] = [find(own, "location /sse/"), find(theirs, "location /sse/")];
    expect(lacking(its, mine).filter((line) => !line.startsWith("set "))).toEqual([
      // The same values, by variables that Lua sets.
      "proxy_set_header Host $best_http_host",
      "proxy_set_header X-Forwarded-Host $best_http_host",
      "proxy_set_header X-Forwarded-Port $pass_port",
      "proxy_set_header X-Forwarded-Proto $pass_access_scheme",
      "proxy_set_header X-Forwarded-Scheme $pass_access_scheme",
      "proxy_set_header X-Scheme $pass_access_scheme",
      // A group for each service in place of one whose server Lua chooses.
      "proxy_pass http://upstream_balancer",
    ]);
    expect(lacking(mine, its)).toEqual([
      "proxy_set_header Host $http_host",
      "proxy_set_header X-Forwarded-Host $http_host",
      "proxy_set_header X-Forwarded-Port $server_port",
      "proxy_set_header X-Forwarded-Proto $scheme",
      "proxy_set_header X-Forwarded-Scheme $scheme",
      "proxy_set_header X-Scheme $scheme",
      "proxy_pass http://tools-mcp-8080",
    ]);
  });

  it("has every line of the controller's http block, but for logs, temporary folders and Lua", () => {
    const [mine, its] = [find(own, "http"), find(theirs, "http")];
    expect(lacking(its, mine)).toEqual([
      "lua_package_path /etc/nginx/lua/?.lua;;",
      "lua_shared_dict balancer_ewma 10M",
      "lua_shared_dict certificate_data 20M",
      "lua_shared_dict configuration_data 20M",
      "client_body_temp_path /tmp/nginx/client-body",
      "fastcgi_temp_path /tmp/nginx/fastcgi-temp",
      "proxy_temp_path /tmp/nginx/proxy-temp",
      "server_names_hash_bucket_size 64",
      expect.stringMatching(/^log_format upstreaminfo /),
      "access_log /var/log/nginx/access.log upstreaminfo if=$loggable",
      "error_log /var/log/nginx/error.log notice",
      "resolver 10.96.0.10 valid=30s ipv6=off",
    ]);
    expect(lacking(mine, its)).toEqual([]);
  });

  it("keeps connections to a service as the controller's group does", () => {
    expect(lacking(find(theirs, "upstream upstream_balancer"), find(own, "upstream tools-mcp-8080"))).toEqual(["server 0.0.0.1"]);
  });

  it.each([
    ["proxy-buffering", '"on"', "proxy_buffering on"],
    ["proxy-read-timeout", "600", "proxy_read_timeout 600s"],
    ["proxy-http-version", '"1.0"', "proxy_http_version 1.0"],
    ["limit-connections", '"3"', "limit_conn assistant_conn 3"],
    ["limit-rps", '"2"', "limit_req zone=assistant_rps burst=10 nodelay"],
    ["whitelist-source-range", '"10.0.0.0/8, 192.168.1.1"', "allow 192.168.1.1"],
    ["backend-protocol", "HTTPS", "proxy_pass https://tools-mcp-8080"],
    ["backend-protocol", "GRPC", "grpc_pass grpc://tools-mcp-8080"],
    ["auth-url", "http://auth.tools.svc/check", "auth_request /_external-auth"],
  ])("%s: %s", (key, value, line) => {
    const text = textOf("ingress.yaml").replace("annotations:", `annotations:\n    nginx.ingress.kubernetes.io/${key}: ${value}`);
    const doubled = text.replace(
      new RegExp(`(annotations:\n.*\n[^]*?) {4}nginx\\.ingress\\.kubernetes\\.io/${key}: "[^"]*"\n(?! *\n)`),
      "$1",
    );
    expect(everyDirective(parse("own", render(doubled))).map(words)).toContain(line);
  });

  it("is a regular expression for every path of the host where one asks for it", () => {
    const text = textOf("ingress.yaml").replace("annotations:", 'annotations:\n    nginx.ingress.kubernetes.io/rewrite-target: "/$1"');
    const titles = everyDirective(parse("own", render(text)))
      .filter(({ name }) => name === "location")
      .map(words);
    expect(titles).toEqual(["location ~* ^/sse", "location ~* ^/"]);
  });
});

const read = async (name: string, text: string, host?: string): Promise<Subject> => {
  const cwd = await mkdtemp(join(tmpdir(), "hopwise-kubernetes-"));
  try {
    await writeFile(join(cwd, name), text);
    return await readSubject(name, { cwd, env: {}, ...(host === undefined ? {} : { host }) });
  } finally {
    await rm(cwd, { recursive: true });
  }
};

const refusal = (name: string, text: string): Promise<string> =>
  read(name, text).then(
    () => "it was read",
    (error: Error) => error.message,
  );

const site = "server { listen 80; location /events { proxy_pass http://app:8000; } }";
const configMap = (data: string): string => `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: front }\ndata:\n${data}`;

describe("objects of Kubernetes", () => {
  it("an Ingress is checked as the controller makes it, and that is said", async () => {
    const { config } = await read("ingress.yaml", textOf("ingress.yaml"), "mcp.corp.example");
    expect(config.routes.map(({ title, tls, upstreams }) => [title, tls, upstreams])).toEqual(
      ["location /sse/", "location = /sse", "location /"].map((title) => [title, true, ["mcp.tools.svc.cluster.local:8080"]]),
    );
    expect(config.deployment.stubs[0]?.what).toBe(
      "an nginx.conf made of the Kubernetes Ingress assistant, as ingress-nginx 1.9 to 1.11 makes it",
    );
    expect(config.deployment.files.map(({ path, isCopy }) => [path, isCopy])).toEqual([["ingress.yaml#nginx.conf", true]]);
  });

  it("a ConfigMap's files are taken out, with their own lines", async () => {
    const whole = await read(
      "front.yaml",
      configMap(`  nginx.conf: |\n    events { }\n    http {\n      include conf.d/*.conf;\n    }\n  site.conf: |\n    ${site}\n`),
    );
    expect(whole.config.routes.map(({ place }) => `${place.file}:${place.line}`)).toEqual(["front.yaml#site.conf:1"]);
    const fragment = await read("front.yaml", configMap(`  default.conf: "${site}"\n`));
    expect(fragment.config.routes).toHaveLength(1);
  });

  it("a workload beside it says where they are mounted", async () => {
    const pod = `---
apiVersion: apps/v1
kind: Deployment
metadata: { name: front }
spec:
  template:
    spec:
      containers:
        - name: nginx
          volumeMounts:
            - { name: files, mountPath: /etc/nginx/nginx.conf, subPath: main }
            - { name: sites, mountPath: /srv/sites }
      volumes:
        - { name: files, configMap: { name: front } }
        - { name: sites, configMap: { name: front, items: [{ key: site, path: a.conf }] } }
`;
    const text = configMap(`  main: |\n    events { }\n    http { include /srv/sites/*.conf; }\n  site: "${site}"\n`);
    const { config } = await read("front.yaml", `${text}${pod}`);
    expect(config.deployment.files.map(({ path, target }) => [path, target])).toEqual([
      ["front.yaml#main", "/etc/nginx/nginx.conf"],
      ["front.yaml#site", "/srv/sites/a.conf"],
    ]);
  });

  it("those of another controller are not taken for ingress-nginx's, which has other defaults", async () => {
    const rule =
      "rules: [{ host: a.example, http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: a, port: { number: 80 } } } }] } }]";
    const ingress = (...annotations: string[]): string =>
      `apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: { name: a, annotations: { ${annotations.join(", ")} } }\nspec: { ingressClassName: nginx, ${rule} }\n`;
    const [own, theirs] = ['"nginx.ingress.kubernetes.io/proxy-buffering": "on"', '"nginx.org/proxy-buffering": "false"'];
    const f5 =
      /for the NGINX Ingress Controller of F5, which makes another configuration than ingress-nginx; what runs can be checked: kubectl exec /;
    expect(await refusal("a.yaml", ingress(theirs))).toMatch(f5);
    expect(await refusal("a.yaml", "apiVersion: k8s.nginx.org/v1\nkind: VirtualServer\nmetadata: { name: a }\n")).toMatch(f5);
    expect((await read("a.yaml", ingress(own, theirs))).config.routes).toHaveLength(1);
    expect((await read("a.yaml", ingress())).config.routes).toHaveLength(1);
    expect(await refusal("a.yaml", "apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: { name: a }\n")).toMatch(
      /^a\.yaml is an HTTPRoute "a" of the Gateway API, which does not say how its gateway forwards/,
    );
  });

  it("others are named for what they are, with what to give instead", async () => {
    const others =
      "apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: web }\n---\napiVersion: v1\nkind: Service\nmetadata: { name: web }\n";
    expect(await refusal("app.yaml", others)).toMatch(
      /^app\.yaml holds objects of Kubernetes \(a Deployment "web", a Service "web"\), and no configuration of nginx: give the ConfigMap that holds it, or what runs: kubectl exec /,
    );
    expect(await refusal("settings.yaml", textOf("configmap.yaml"))).toMatch(
      /^settings\.yaml is a ConfigMap of ingress-nginx, no configuration by itself: these keys of it matter for streams: use-gzip: "true" .*gzip-types: .*proxy-buffering: "on"/,
    );
    const chart =
      'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ include "app.name" . }}\ndata:\n  nginx.conf: |\n    listen {{ .Values.port }};\n';
    expect(await refusal("templates.yaml", chart)).toMatch(
      /^templates\.yaml is a template of a Helm chart: render it \("helm template RELEASE CHART > /,
    );
    expect(await refusal("objects.json", '{"apiVersion":"v1","kind":"Service","metadata":{"name":"web"}}')).toContain('(a Service "web")');
    expect(await refusal("caddy.json", '{ "apps": { "http": {} } }')).toContain("caddy.json is JSON");
    expect(await refusal("broken.yaml", "apiVersion: v1\nkind: [\n")).toMatch(/^broken\.yaml/);
    expect(await refusal("many.yaml", "apiVersion: v1\nkind: A\n---\n".repeat(1001))).toBe(
      "many.yaml holds more than 1000 objects of Kubernetes.",
    );
  });
});
