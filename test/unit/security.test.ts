// What the documentation promises of the sandbox is what the runtimes ask the engine for; and CI runs the gate that is in the repository.
import { accessSync, constants, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { packageRoot } from "../../harness/catalog/package-root.ts";
import { ordinary } from "../../harness/runtime/container-binary.ts";
import { hopLimits } from "../../harness/runtime/container-hop.ts";

const textOf = (path: string): string => readFileSync(join(packageRoot, path), "utf8");

test("docs/check.md lists the capabilities and the limits that a container gets", () => {
  const [, safety = ""] = /^## Safety\n([^]*?)\n## /m.exec(textOf("docs/check.md")) ?? [];
  const rowOf = (what: string): string => new RegExp(`^\\| ${what} \\| (.*) \\|$`, "m").exec(safety)?.[1] ?? "";
  const [, named = ""] = /\((`CHOWN`[^)]*)\)/.exec(rowOf("capabilities")) ?? [];
  expect(named.split(", ")).toEqual(ordinary.map((name) => `\`${name}\``));
  expect(rowOf("memory")).toMatch(new RegExp(`^${hopLimits.memoryBytes / 1024 ** 2} MiB\\b`));
  expect(rowOf("processes")).toMatch(new RegExp(`^${hopLimits.processes}\\b`));
});

test("SECURITY.md names no address, and links to the list of capabilities and limits", () => {
  const page = textOf("SECURITY.md");
  expect(page).toContain("private vulnerability reporting");
  expect(page).not.toMatch(/\S@\S+\.\S/);
  expect(page).toContain("(docs/check.md#safety)");
});

interface Workflow {
  permissions: object;
  jobs: Record<string, { permissions: object; steps: { uses?: string; run?: string }[] }>;
}

test("the workflow runs the same gate as .ci/run, with pinned actions and no right but to read", () => {
  const text = textOf(".github/workflows/ci.yml");
  const { permissions, jobs } = parse(text) as Workflow;
  expect(permissions).toEqual({});
  expect(Object.values(jobs).map((job) => job.permissions)).toEqual([{ contents: "read" }]);
  const steps = Object.values(jobs).flatMap((job) => job.steps);
  expect(steps.flatMap(({ run }) => run ?? [])).toEqual([".ci/run"]);
  accessSync(join(packageRoot, ".ci/run"), constants.X_OK);
  expect(textOf(".ci/run")).toMatch(/^export HOPWISE_REQUIRE_ENGINE=1$/m);
  const pinned = text.match(/uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/gm) ?? [];
  expect(pinned).toHaveLength(steps.filter(({ uses }) => uses !== undefined).length);
});
