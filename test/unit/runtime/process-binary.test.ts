// What a process is asked, and what is read of its last words.
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import type { BinaryServer } from "../../../harness/define.ts";
import { runToEnd } from "../../../harness/runtime/child.ts";
import { portsTaken } from "../../../harness/runtime/hop.ts";
import { createLines } from "../../../harness/runtime/lines.ts";
import type { BinaryPlan } from "../../../harness/runtime/hop.ts";
import { versionOf } from "../../../harness/runtime/process-binary.ts";
import { portTaken } from "../../../harness/runtime/process-hop.ts";

const linesOf = (text: string) => {
  const lines = createLines();
  lines.add(Buffer.from(`${text}\n`));
  return lines;
};

test.each<[string, string, number[]]>([
  ["nginx, its first port", "nginx: [emerg] bind() to 127.0.0.1:8001 failed (98: Address already in use)", [8001]],
  ["nginx, a further one", "nginx: [emerg] bind() to 127.0.0.1:8002 failed (98: Address already in use)", [8002]],
  [
    "Caddy, a further one",
    "Error: loading initial config: loading new config: listening on 127.0.0.1:8002: listen tcp 127.0.0.1:8002: bind: address already in use",
    [8002],
  ],
  ["a server that names no port", "bind failed: Address already in use", [8001, 8002]],
  ["another port than its own", "bind() to 127.0.0.1:9000 failed: Address already in use", []],
  ["another end", "connection to 127.0.0.1:8001 refused", []],
])("the port that was in use: %s", (_, text, taken) => {
  expect(portsTaken(linesOf(text), [8001, 8002])).toEqual(taken);
});

test("a server that finds one of its further ports in use says which", async () => {
  await using other = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => other.once("listening", resolve));
  const { port } = other.address() as AddressInfo;
  const script = `for (const port of [0, ${port}]) require("node:net").createServer().listen(port, "127.0.0.1")`;
  const { text } = await runToEnd(process.execPath, ["--eval", script]);
  const plan = { kind: "binary", hop: "edge", definition: { binary: "edge" } } as BinaryPlan;
  expect(portTaken(plan, { lines: linesOf(text) }, [1, port])?.message).toContain(
    `Hop "edge" (edge) could not listen on port ${port}, which`,
  );
  expect(portTaken(plan, { lines: linesOf(text) }, [1])).toBe(null);
});

test("servers of one command each have their own version, and a name of their own", async () => {
  const shell = (name: string, script: string): BinaryServer =>
    ({ name, binary: "sh", version: { args: ["-c", script], pattern: /v([\d.]+)/ } }) as BinaryServer;
  const asked = [shell("one", "echo v1.0"), shell("two", "echo v2.0"), shell("three", "echo v2.0")];
  expect(await Promise.all(asked.map((definition) => versionOf(definition, "/bin/sh")))).toEqual(["one/1.0", "two/2.0", "three/2.0"]);
});
