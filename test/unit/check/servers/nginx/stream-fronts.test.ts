// Sites behind a server of `stream` that passes TLS on by the name that the client asks for.
import { expect, it } from "vitest";
import { readText } from "./_folder.ts";

const app = "location / { proxy_pass http://app:8000; }";
const site = (name: string, listen: string): string =>
  `server { listen ${listen}; server_name ${name}; ssl_certificate a.pem; ssl_certificate_key a.key; ${app} }`;

const behind = async (stream: string, ...sites: string[]) => {
  const { ports, routes, notChecked } = await readText(`events {} stream { ${stream} } http { ${sites.join("\n")} }`);
  return {
    ports,
    routes: routes.map(({ host, port, viaPort, tls }) =>
      [host, port, ...(viaPort === undefined ? [] : [`by ${viaPort}`]), ...(tls ? ["tls"] : [])].join(" "),
    ),
    notChecked: notChecked.map(({ what, why }) => `${what}: ${why}`),
  };
};

const byName = `map $ssl_preread_server_name $behind { hostnames; a.test 127.0.0.1:8443; .b.test sites; default 10.0.0.5:443; }
  upstream sites { server 127.0.0.1:9443; server 127.0.0.1:9444; }
  server { listen 443; ssl_preread on; proxy_protocol on; proxy_pass $behind; }`;

it("each is reached by the front's port, with the name that leads there", async () => {
  expect(await behind(byName, site("a.test", "127.0.0.1:8443 ssl proxy_protocol"), site("x.b.test", "9443 ssl proxy_protocol"))).toEqual({
    ports: [443],
    routes: ["a.test 443 tls", "x.b.test 443 tls"],
    notChecked: [],
  });
});

it("one that clients reach otherwise is tried there, and one whose name leads elsewhere is not checked", async () => {
  const { routes, ports } = await behind(byName, site("a.test", "8443 ssl"), site("b.test", "9443 ssl proxy_protocol"));
  expect([routes, ports]).toEqual([
    ["a.test 8443 tls", "b.test 443 tls"],
    [443, 8443],
  ]);
  const other = await behind(byName, site("a.test", "8443 ssl"), site("c.test", "127.0.0.1:8443 ssl"));
  expect(other.routes).toEqual(["a.test 8443 tls"]);
  expect(other.notChecked).toContainEqual(expect.stringMatching(/^location \/: listen 127\.0\.0\.1:8443 cannot be reached/));
});

it.each([
  ["that ends TLS itself", "server { listen 443 ssl; proxy_pass 127.0.0.1:8443; }"],
  ["of datagrams", "server { listen 443 udp; proxy_pass 127.0.0.1:8443; }"],
  ["whose target only a client's address decides", "geo $behind { default 127.0.0.1:8443; } server { listen 443; proxy_pass $behind; }"],
  ["that leads to another machine", "server { listen 443; proxy_pass 10.0.0.5:8443; }"],
  ["whose map leads in a circle", "map $a $b { default $a; } map $b $a { default $b; } server { listen 443; proxy_pass $a; }"],
])("a front %s is none", async (_, stream) => {
  const { routes, notChecked } = await behind(
    stream,
    site("a.test", "127.0.0.1:8443 ssl"),
    `server { listen 80; server_name b.test; ${app} }`,
  );
  expect(routes).toEqual(["b.test 80"]);
  expect(notChecked).toContainEqual("stream: it forwards bytes, not HTTP requests");
});

it("a front without names leads every host there", async () => {
  expect((await behind("server { listen 443; proxy_pass 127.0.0.1:8443; }", site("a.test", "127.0.0.1:8443 ssl"))).routes).toEqual([
    "a.test 443 tls",
  ]);
});
