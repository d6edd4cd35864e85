// By which protocols a route is tried, and how findings say which clients see them.
import { describe, expect, it } from "vitest";
import { checksOf } from "../../../harness/check/checks.ts";
import type { Check } from "../../../harness/check/checks.ts";
import type { Listener, Route } from "../../../harness/check/configuration.ts";
import { clientsOf, protocolOf, routeVia, withProtocols } from "../../../harness/check/protocols.ts";

const tls: Listener = { port: 443, tls: true, http2: false };
const plain: Listener = { port: 80, tls: false, http2: false };

const routeOn = (listener: Listener, ...others: Listener[]): Route => ({
  id: "app.example/events",
  place: { file: "nginx.conf", line: 1 } as Route["place"],
  title: "location /events",
  host: "app.example",
  path: "/events",
  upstreams: ["web:8000"],
  ...listener,
  ...(others.length > 0 ? { others } : {}),
});

const triedOn = (route: Route): string[] =>
  withProtocols(route, checksOf("sse")).flatMap((check) =>
    check.id.startsWith("events") ? [`${check.id} by ${protocolOf(route, check)}`] : [],
  );

describe("a route is tried", () => {
  it.each<[string, Route, string[]]>([
    ["without TLS", routeOn(plain), ["events by h1"]],
    ["with TLS", routeOn(tls), ["events by h1-tls"]],
    ["with HTTP/2", routeOn({ ...tls, http2: true }), ["events by h2", "events-h1-tls by h1-tls"]],
    ["with HTTP/3 beside HTTP/1.1", routeOn({ ...tls, http3: true }), ["events by h1-tls", "events-h3 by h3"]],
    [
      "with all of them",
      routeOn(plain, { ...tls, http2: true, http3: true }),
      ["events by h1", "events-h2 by h2", "events-h1-tls by h1-tls", "events-h3 by h3"],
    ],
  ])("%s", (_, route, tried) => {
    expect(triedOn(route)).toEqual(tried);
  });

  it("where its listener is", () => {
    const route = routeOn(plain, { ...tls, http3: true });
    expect(routeVia(route, { over: "h3" })).toMatchObject({ port: 443, tls: true });
    expect(routeVia(route, {})).toBe(route);
  });
});

describe("a finding is for", () => {
  const all = routeOn(plain, { ...tls, http2: true, http3: true });
  const events = (over?: Check["over"]): Check => {
    const found = withProtocols(all, checksOf("sse")).find((check) => check.id.startsWith("events") && check.over === over);
    if (!found) throw new Error(`no trial over ${over}`);
    return found;
  };

  it.each<[string | null, Check["over"][]]>([
    [null, [undefined, "h1-tls", "h2", "h3"]],
    ["plain HTTP/1.1", [undefined]],
    ["HTTP/1.1", [undefined, "h1-tls"]],
    ["TLS", ["h1-tls", "h2", "h3"]],
    ["HTTP/3", ["h3"]],
    ["HTTP/2, HTTP/3", ["h3", "h2"]],
    ["HTTP/1.1, HTTP/3", [undefined, "h3", "h1-tls"]],
  ])("%s clients, where %o show it", (clients, over) => {
    expect(clientsOf(all, over.map(events))).toBe(clients);
  });

  it("any client, where what another protocol shows was left open", () => {
    expect(clientsOf(all, [events("h1-tls"), events("h2")], [events("h3")])).toBe(null);
    const others = withProtocols(all, checksOf("sse")).filter(({ id }) => id === "headers-h3");
    expect(clientsOf(all, [events("h1-tls"), events("h2")], others)).toBe("HTTP/1.1 over TLS, HTTP/2");
  });

  it("any client, where not every trial of it was run by each protocol", () => {
    const others = checksOf("sse").filter(({ id }) => id === "silence");
    expect(others).toHaveLength(1);
    expect(clientsOf(all, others)).toBe(null);
    expect(clientsOf(routeOn(plain), [events()])).toBe(null);
  });
});
