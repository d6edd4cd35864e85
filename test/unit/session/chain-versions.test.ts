import { expect, test } from "vitest";
import { openCatalog } from "../../../harness/catalog/catalog.ts";
import { planChain } from "../../../harness/session/chain.ts";
import type { HopPlan, NodeServer, Scenario } from "../../../harness/define.ts";
import { refused } from "../../../harness/runtime/hop.ts";
import type { BinaryPlan } from "../../../harness/runtime/hop.ts";
import { missingPackages } from "../../../harness/runtime/packages.ts";
import { AuthorError, UnsupportedError } from "../../../harness/errors.ts";
import type { ServerPlan } from "../../../harness/runtime/runtime.ts";
import httpPipe from "../../../proxies/http-pipe.ts";

const catalog = openCatalog();

const plan = async (hop: HopPlan): Promise<ServerPlan | string> => {
  const scenario: Scenario = { title: "x", chain: [{ app: "sse" }, hop], trial: { kind: "lock-step" }, must: { deliver: "incrementally" } };
  return planChain(catalog, "x", scenario).then(
    ({ servers }) => servers[0] ?? "nothing",
    (error: Error) => error.message,
  );
};

test.for([
  ["nginx@1.22", "bookworm"],
  ["nginx@<1.29.7:http-1.1", "trixie"],
  ["nginx@>=1.29.7", "forky"],
] as const)("%s is of Debian %s", async ([hop, release]) => {
  expect(await plan(hop)).toMatchObject({ kind: "binary", version: { release, packages: ["nginx-light"] } });
});

test("a version that there is not names the nearest", async () => {
  expect(await plan("nginx@1.23:gzip")).toBe(`Scenario "x": server "nginx" has no version "1.23"; did you mean "1.22"?`);
  expect(await plan("nginx@>=2")).toMatch(/has no version ">=2"; /);
  expect(await plan("http-proxy@node21")).toBe(`Scenario "x": server "http-proxy" has no version "node21"; did you mean "node20"?`);
});

test("a Node server's version is that of Node", async () => {
  expect(await plan("http-proxy@node20:limits")).toMatchObject({ kind: "node", node: 20, variant: "limits" });
});

test("a package that npm has not installed is named with the line that installs it", () => {
  const hop: ServerPlan = {
    kind: "node",
    hop: "edge",
    file: new URL("../../../proxies/http-pipe.ts", import.meta.url).pathname,
    definition: { ...(httpPipe as NodeServer), package: ["http-proxy", "no-such@npm:nothing@3"] },
    variant: "default",
    middlewares: [
      { id: "m", file: new URL("../../../middlewares/gzip.ts", import.meta.url).pathname, variant: "default", packages: ["nor-this"] },
    ],
  };
  expect(missingPackages(hop)).toBe(
    `Hop "edge" (http-pipe.ts) cannot run here: npm has not installed "no-such" and "nor-this". Install it with "npm install --save-dev no-such@npm:nothing@3 nor-this".`,
  );
});

test("a build without the module that a variant needs is unsupported, a mistake is the author's", async () => {
  const nginx = (await plan("nginx:sub-filter")) as BinaryPlan;
  expect(refused(nginx, 'nginx: [emerg] unknown directive "sub_filter_types" in nginx.conf:19')).toBeInstanceOf(UnsupportedError);
  expect(refused(nginx, "nginx: [emerg] invalid number of arguments in nginx.conf:19")).toBeInstanceOf(AuthorError);
});
