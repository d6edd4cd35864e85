// `listen` on addresses of the deployment's own: where they are reached in a container.
import { expect, it } from "vitest";
import { readText } from "./_folder.ts";

const app = "location / { proxy_pass http://app:8000; }";

const portForwardsIn = async (text: string) => {
  const { ports, portForwards = [], routes, addresses, stubs } = await readText(text);
  return {
    ports,
    portForwards: portForwards.map(({ address, port, viaPort }) => `${viaPort} -> ${address}:${port}`),
    routes: routes.map(({ host, port, viaPort }) => `${host} ${port}${viaPort === undefined ? "" : ` by ${viaPort}`}`),
    given: stubs.filter(({ what }) => what.startsWith("the address")).map(({ what }) => what),
    addresses: addresses.map(({ address }) => address),
  };
};

it("an address is reached at its port, as long as nothing else is", async () => {
  expect(await portForwardsIn(`server { listen 10.1.1.1:8080; server_name a.test; ${app} }`)).toEqual({
    ports: [8080],
    portForwards: ["8080 -> 10.1.1.1:8080"],
    routes: ["a.test 8080"],
    given: ["the address 10.1.1.1"],
    addresses: ["10.1.1.1"],
  });
});

it("several on one port have doors of their own", async () => {
  const { ports, portForwards, routes } = await portForwardsIn(
    `server { listen 80; server_name a.test; ${app} }
     server { listen 10.1.1.1:80; server_name b.test; ${app} }
     server { listen 10.1.1.2; server_name c.test; ${app} }
     server { listen 20000; server_name d.test; ${app} }`,
  );
  expect(ports).toEqual([80, 20_000, 20_001, 20_002]);
  expect(portForwards).toEqual(["20001 -> 10.1.1.1:80", "20002 -> 10.1.1.2:80"]);
  expect(routes).toEqual(["a.test 80", "b.test 80 by 20001", "c.test 80 by 20002", "d.test 20000"]);
});

it("what only its own machine reaches is not waited for, and requests within go there", async () => {
  const inner = await readText(
    `server { listen 80; location / { proxy_pass http://127.0.0.1:8080; } location /b { proxy_pass http://10.1.1.1:8081; } }
     server { listen 127.0.0.1:8080; ${app} }
     server { listen 10.1.1.1:8081; location / { proxy_pass http://other:9000; } }`,
  );
  expect(inner.ports).toEqual([80, 8081]);
  expect(inner.upstreams.map(({ host, port }) => `${host}:${port}`)).toEqual(["app:8000", "other:9000"]);
});

it("an IPv6 address is none that a container is reached at", async () => {
  const { ports, portForwards, routes } = await portForwardsIn(
    `server { listen [2001:db8::1]:80; server_name a.test; ${app} } server { listen 81; server_name b.test; ${app} }`,
  );
  expect([ports, portForwards, routes]).toEqual([[81], [], ["b.test 81"]]);
});
