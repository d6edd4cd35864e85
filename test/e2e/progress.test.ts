// What a run reports while it goes on: which scenario starts, is ready, streams, and is over.
import { expect, test } from "vitest";
import { openCatalog } from "../../harness/catalog/catalog.ts";
import type { Progress } from "../../harness/progress.ts";
import { openRuntime } from "../../harness/session/choose-runtime.ts";
import { run } from "../../harness/session/run.ts";

const ids = ["gzip-without-flush-holds-events", "node-proxy-streams-events"];

test("each scenario starts, waits until all are ready, streams and finishes", async () => {
  const catalog = openCatalog();
  const seen: Progress[] = [];
  await using runtime = await openRuntime("process");
  const scenarios = catalog.scenarios.entries.filter(({ id }) => ids.includes(id));
  const report = await run({ catalog, scenarios, runtime, version: "test", onProgress: (progress) => void seen.push(progress) });
  expect(report.scenarios.map(({ outcome }) => outcome)).toEqual(["pass", "pass"]);

  const of = (id: string) => seen.filter((one) => "trial" in one && one.trial === id);
  expect(of(ids[0] ?? "")[0]).toEqual({ doing: "starting", trial: ids[0], hops: ["http-pipe+gzip"] });
  for (const id of ids)
    expect(
      of(id)
        .map(({ doing }) => doing)
        .slice(0, 4),
    ).toEqual(["starting", "ready", "running", "finished"]);
  const lastReady = Math.max(...ids.map((id) => seen.findIndex((one) => one.doing === "ready" && one.trial === id)));
  expect(lastReady).toBeLessThan(seen.findIndex(({ doing }) => doing === "running"));
});
