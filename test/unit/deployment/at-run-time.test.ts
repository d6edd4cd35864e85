// Services whose configuration exists only while they run: each is answered with the command that gets at it.
import { expect, test } from "vitest";
import { conf, read, refusal } from "./_deployment.ts";

test.each([
  ["nginxproxy/nginx-proxy:1.6", "nginx-proxy", "nginx -T"],
  ["jwilder/nginx-proxy", "nginx-proxy", "nginx -T"],
  ["docker.io/jc21/nginx-proxy-manager:latest", "Nginx Proxy Manager", "nginx -T"],
  ["lscr.io/linuxserver/swag:2.11.0", "SWAG", "nginx -T -c /config/nginx/nginx.conf"],
  ["registry.k8s.io/ingress-nginx/controller:v1.11.2@sha256:0", "ingress-nginx", "nginx -T"],
  ["gitlab/gitlab-ce:17.5.1-ce.0", "GitLab", "/opt/gitlab/embedded/sbin/nginx -p /var/opt/gitlab/nginx -T"],
  ["kong:3.8", "Kong", "/usr/local/openresty/nginx/sbin/nginx -p /usr/local/kong -c nginx.conf -T"],
  ["apache/apisix:3.11.0-debian", "Apache APISIX", "/usr/local/openresty/bin/openresty -p /usr/local/apisix -c conf/nginx.conf -T"],
])("%s", async (image, title, command) => {
  const compose = `services:\n  edge:\n    image: ${image}\n    ports: ["80:80"]\n  app: { image: app }\n`;
  const said = await refusal({ "compose.yml": compose });
  expect(said).toContain(`deploy/compose.yml:2: service edge is configured by ${title}: `);
  expect(said).toContain(`Save what there is then with "docker compose -f deploy/compose.yml exec -T edge ${command} > nginx.dump"`);
});

test("a container that has a name is called by it", async () => {
  const compose = "services:\n  edge: { image: nginxproxy/nginx-proxy, container_name: front }\n";
  expect(await refusal({ "compose.yml": compose })).toContain('"docker exec front nginx -T > nginx.dump"');
});

test("docker-gen beside nginx writes nginx's configuration", async () => {
  const compose = `services:
  gen: { image: nginxproxy/docker-gen, volumes: ["conf:/etc/nginx/conf.d"] }
  web: { image: "nginx:1.27", volumes: ["conf:/etc/nginx/conf.d"] }
volumes: { conf: }
`;
  expect(await refusal({ "compose.yml": compose })).toContain(
    "service web is configured by docker-gen: it writes the configuration of another",
  );
});

test("beside another proxy's own configuration docker-gen is nothing", async () => {
  const compose =
    'services:\n  gen: { image: nginxproxy/docker-gen }\n  web: { image: "nginx:1.27", volumes: ["./a.conf:/etc/nginx/conf.d/a.conf"] }\n';
  const own = await read({ "compose.yml": compose, "a.conf": conf });
  expect(own.service).toBe("web");
});
