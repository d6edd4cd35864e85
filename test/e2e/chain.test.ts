// The same chain of four hops in containers and in processes: what it does to a stream must not depend on where it runs.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { ScenarioReport } from "../../harness/report/report.ts";
import { needsNginx } from "../_needs.ts";
import { hopwise, reportOf } from "./_cli.ts";
import { describeWithEngine } from "./engine.ts";

/** Broken in the middle: what is nearer the client only waits with it. */
const hangs = {
  title: "In a chain of four hops the Node proxy that never notices an abort is the one to blame",
  chain: [{ app: "sse" }, { server: "http-pipe", middlewares: ["cache", "gzip:flush"] }, "http-proxy", "nginx:http-1.1"],
  request: { acceptEncoding: "gzip" },
  response: { headers: [["Cache-Control", "no-store"]] },
  trial: { kind: "origin-abort", how: ["reset", "close"] },
  does: { end: "hung", culprit: "http-proxy" },
  because: "https://github.com/http-party/node-http-proxy/issues/1586",
};

const ids = ["whole-chain-streams-events", "whole-chain-blames-the-gzip", "whole-chain-hangs"];

/** What does not depend on the runtime: words and culprits, but no times. */
const reported = ({ id, outcome, headline, culprit, facets }: ScenarioReport) => ({
  id,
  outcome,
  headline,
  culprit,
  accused: [
    ...new Set(
      facets.filter((facet) => facet.culprit !== null).map((facet) => `${facet.facet} ${facet.observation.member} ${facet.culprit}`),
    ),
  ],
});

describeWithEngine("a chain of four hops", () => {
  let folder = "";
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "chain-"));
    await writeFile(join(folder, "whole-chain-hangs.mjs"), `export default ${JSON.stringify(hangs)};`);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const run = async (runtime: "container" | "process"): Promise<{ code: number | null; reported: ReturnType<typeof reported>[] }> => {
    const named = ids.map((id) => (id === "whole-chain-hangs" ? `./${id}.mjs` : id));
    const ended = await hopwise(["run", ...named, "--runtime", runtime, "--reporter", "json"], { folder });
    const report = reportOf(ended);
    expect(report.runtime).toBe(runtime);
    return { code: ended.code, reported: report.scenarios.map(reported) };
  };

  const expected = {
    code: 0,
    reported: [
      { id: ids[0], outcome: "pass", headline: "incremental", culprit: null, accused: [] },
      { id: ids[1], outcome: "pass", headline: "buffered", culprit: "gzip", accused: ["delivery buffered gzip"] },
      { id: ids[2], outcome: "pass", headline: "hung", culprit: "http-proxy", accused: ["ending hung http-proxy"] },
    ],
  };

  it("is judged in containers, and every culprit named", async () => {
    expect(await run("container")).toEqual(expected);
  });

  it("is judged the same in processes", needsNginx, async () => {
    expect(await run("process")).toEqual(expected);
  });
});
