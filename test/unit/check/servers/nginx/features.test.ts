// What is only tried on routes that say that they are for it.
import { expect, test } from "vitest";
import { keptChecks } from "../../../../../harness/check/kept.ts";
import type { Must } from "../../../../../harness/define.ts";
import { acceptOf, checksOf, isFor, mustOf } from "../../../../../harness/check/checks.ts";
import type { Purpose } from "../../../../../harness/check/checks.ts";
import { featuresOf } from "../../../../../harness/check/servers/nginx/features.ts";
import { nginxConf, parsed, routeOf } from "./_parsed.ts";
import type { Levels } from "./_parsed.ts";

test.each<[title: string, levels: Levels, meant: string[]]>([
  ["nothing", { http: ["gzip on;"] }, []],
  ["brotli for all", { http: ["brotli on;"], location: ["gzip off;"] }, ["brotli"]],
  ["brotli that is off here", { http: ["brotli on;"], location: ["brotli off;"] }, []],
  ["brotli that only serves files", { http: ["brotli_static on;"] }, []],
  ["uploads piece by piece", { location: ["proxy_request_buffering off;"] }, ["upload"]],
  ["slow clients that are waited for", { http: ["send_timeout 10;"] }, ["slow-clients"]],
  ["slow clients whose bytes are kept", { server: ["proxy_max_temp_file_size 0;"] }, ["slow-clients"]],
  ["downloads at a limited rate", { location: ["limit_rate 1m;"] }, ["limited-rate"]],
  ["downloads whose rate is not limited", { location: ["limit_rate 0;"] }, []],
  ["WebSocket", { server: ["proxy_set_header Upgrade $http_upgrade;"] }, ["upgrade"]],
])("%s", (_, levels, meant) => {
  const configuration = parsed(nginxConf(levels));
  const features = featuresOf(configuration, routeOf(configuration));
  expect([...features]).toEqual(meant);
  const observed = checksOf("sse").filter((one) => isFor(one, features));
  expect(observed.map(({ id }) => id).filter((id) => ["brotli", "upload", "upgrade", "slow-client"].includes(id))).toEqual(
    meant.filter((feature) => feature !== "limited-rate").map((feature) => (feature === "slow-clients" ? "slow-client" : feature)),
  );
});

test("a download has slow clients, whatever its route says", () => {
  const slow = (purpose: Purpose) => checksOf(purpose).filter(({ id }) => id === "slow-client");
  expect(slow("download")).toMatchObject([{ must: { end: "complete", integrity: "intact" } }]);
  expect(slow("download")[0]?.ifMeant).toBeUndefined();
  expect(slow("sse")).toMatchObject([{ ifMeant: "slow-clients" }]);
  expect(slow("download").filter((one) => isFor(one, new Set(["slow-clients", "limited-rate"])))).toEqual([]);
});

test("brotli is asked for alone, of an application that is kept too", () => {
  const asksForBrotli = checksOf("sse").filter(({ request }) => request.acceptEncoding === "br");
  expect(asksForBrotli.map(({ id, trial, ifMeant, must }) => [id, trial.kind, ifMeant, must.deliver])).toEqual([
    ["brotli", "lock-step", "brotli", "incrementally"],
  ]);
  expect(keptChecks(checksOf("sse")).map(({ id, ifMeant }) => [id, ifMeant])).toEqual([
    ["client-leaving", undefined],
    ["watch", undefined],
    ["watch-gzip", undefined],
    ["watch-brotli", "brotli"],
  ]);
});

test("what the trials say that they accept is what routes are looked for with", () => {
  const checks = checksOf("ndjson");
  expect(acceptOf(checks)).toBe("*/*");
  expect(acceptOf(checks.map((check) => ({ ...check, request: { headers: [["accept", "text/event-stream"]] } })))).toBe(
    "text/event-stream",
  );
});

test("a slow client's own requirement gives way to the user's", () => {
  const mustFor = (must: Must) => checksOf("download", must).find(({ id }) => id === "slow-client")?.must;
  expect(mustFor({ ...mustOf("download") })).toEqual({ end: "complete", integrity: "intact" });
  expect(mustFor({ integrity: "intact" })).toEqual({ integrity: "intact" });
  expect(mustFor({ end: "complete" })).toEqual({ end: "complete" });
  expect(mustFor({ surviveSilenceMs: 1000 })).toBeUndefined();
});
