// A proxy is added by one file: neither a list nor a runtime has to hear of it.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openCatalog } from "../../harness/catalog/catalog.ts";
import type { Scenario } from "../../harness/define.ts";
import type { ScenarioReport } from "../../harness/report/report.ts";
import { run } from "../../harness/session/run.ts";
import { openRuntime } from "../../harness/session/choose-runtime.ts";
import type { RuntimeChoice } from "../../harness/session/choose-runtime.ts";
import { describeWithEngine } from "./engine.ts";

const newProxy = `import { get } from "node:http";
import type { RequestListener } from "node:http";

interface Place {
  upstream: URL;
  options: Record<string, unknown>;
}

const handler = ({ upstream, options }: Place): RequestListener => (request, response) => {
  get(new URL(request.url ?? "/", upstream), { headers: request.headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, { "Content-Type": answer.headers["content-type"] });
    if (!options["collects"]) return answer.pipe(response);
    answer.toArray().then((pieces) => response.end(Buffer.concat(pieces)));
  });
};

export default {
  kind: "node",
  title: "A proxy that was written this morning",
  link: "https://example.com/newcomer",
  handler,
  variants: {
    default: { title: "pipes" },
    collecting: { title: "collects the whole body first", options: { collects: true } },
  },
};
`;

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "new-proxy-"));
  await writeFile(join(folder, "newcomer.ts"), newProxy);
  await writeFile(join(folder, "absentee.ts"), newProxy.replace("  handler,", '  package: "no-such-package",\n  handler,'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const newcomers: Record<string, Scenario> = {
  "newcomer-streams": {
    title: "The newcomer passes every event on",
    chain: [{ app: "sse" }, "newcomer"],
    trial: { kind: "lock-step" },
    must: { deliver: "incrementally", end: "complete" },
  },
  "newcomer-holds": {
    title: "The newcomer that collects holds a short stream to its end",
    chain: [{ app: "sse" }, { server: "newcomer:collecting", middlewares: ["cache"] }],
    trial: { kind: "paced" },
    does: { deliver: "buffered", culprit: "newcomer" },
    because: "https://example.com/newcomer",
  },
};

const absent: Record<string, Scenario> = {
  "absentee-streams": { ...newcomers["newcomer-streams"], chain: [{ app: "sse" }, "absentee"] } as Scenario,
};

const outcomes = async (runtimeChoice: RuntimeChoice): Promise<unknown[]> =>
  (await runIt(newcomers, runtimeChoice)).map(({ id, outcome, headline, culprit }) => ({ id, outcome, headline, culprit }));

const runIt = async (scenarios: Record<string, Scenario>, runtimeChoice: RuntimeChoice): Promise<ScenarioReport[]> => {
  await using runtime = await openRuntime(runtimeChoice);
  const entries = Object.entries(scenarios).map(([id, scenario]) => ({ id, file: id, load: () => Promise.resolve(scenario) }));
  const report = await run({ catalog: openCatalog({ servers: [folder] }), scenarios: entries, runtime, version: "0" });
  return report.scenarios;
};

const expected = [
  { id: "newcomer-streams", outcome: "pass", headline: "incremental", culprit: null },
  { id: "newcomer-holds", outcome: "pass", headline: "buffered", culprit: "newcomer" },
];

describe("a proxy that is one new file", () => {
  it("runs in processes", async () => {
    expect(await outcomes("process")).toEqual(expected);
  });

  it("is unsupported where its package is not installed, and says what to do", async () => {
    const [report] = await runIt(absent, "process");
    expect(report).toMatchObject({
      outcome: "unsupported",
      why: 'Hop "absentee" (absentee.ts) cannot run here: npm has not installed "no-such-package". Install it with "npm install --save-dev no-such-package".',
    });
  });
});

describeWithEngine("a proxy that is one new file, with an engine", () => {
  it("runs in containers", async () => {
    expect(await outcomes("container")).toEqual(expected);
  });
});
