// Whole runs with clients that speak TLS and HTTP/2: their control, and how they leave.
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openCatalog } from "../../harness/catalog/catalog.ts";
import type { Scenario } from "../../harness/define.ts";
import type { ClientProtocol } from "../../harness/model/script.ts";
import type { Trace } from "../../harness/model/trace.ts";
import type { ScenarioReport } from "../../harness/report/report.ts";
import { run } from "../../harness/session/run.ts";
import { openRuntime } from "../../harness/session/choose-runtime.ts";
import type { Runtime } from "../../harness/runtime/runtime.ts";

let runtime: Runtime;
beforeAll(async () => {
  runtime = await openRuntime("process");
});
afterAll(() => runtime[Symbol.asyncDispose]());

const scenario = (trial: Scenario["trial"], must: object, clients: ClientProtocol | null, variant = ""): Scenario => ({
  title: "A stream through an edge that speaks TLS",
  chain: [{ app: "sse" }, clients === null ? "http-pipe" : `edge${variant}`],
  ...(clients === null ? {} : { request: { clients } }),
  trial,
  must,
});

const observed = async (scenarios: Record<string, Scenario>) => {
  const results: Record<string, { report: ScenarioReport; trace: Trace | null }> = {};
  await run({
    catalog: openCatalog({ servers: [join(import.meta.dirname, "http2")] }),
    scenarios: Object.entries(scenarios).map(([id, one]) => ({ id, file: "", load: async () => one })),
    runtime,
    version: "0",
    onScenario: (report, trace) => void (results[report.id] = { report, trace }),
  });
  return results;
};

describe("a client that speaks TLS or HTTP/2", () => {
  it("is judged by a control that does too, which runs only while it is needed", async () => {
    const lockStep = { kind: "lock-step" } as const;
    const must = { deliver: "incrementally", end: "complete" };
    const { plain, tls, h2 } = await observed({
      plain: scenario(lockStep, must, null),
      tls: scenario(lockStep, must, "h1-tls"),
      h2: scenario(lockStep, must, "h2"),
    });
    // A busy machine may leave one inconclusive, and must not have one accused.
    for (const one of [plain, tls, h2]) expect(one?.report.outcome, one?.report.why).toMatch(/^(pass|inconclusive)$/);
    const own = [plain?.trace?.control, tls?.trace?.controls?.["h1-tls"], h2?.trace?.controls?.h2];
    for (const one of own) expect(one?.samples).toBeGreaterThanOrEqual(200);
    // Each protocol has samples of its own.
    expect(new Set(own.map((one) => one?.p50Ms)).size).toBe(3);
    for (const protocol of ["h1-tls", "h2"] as const)
      await expect(runtime.lab.ask("control", { fromAt: 0, toAt: null, protocol })).rejects.toThrow("The control was not started");
  });

  it("is an axis: each case has the control of its own protocol, and a verdict that flips is conditional on it", async () => {
    const clients: ClientProtocol[] = ["h1-tls", "h2"];
    const { events, leaving } = await observed({
      events: { ...scenario({ kind: "lock-step" }, { deliver: "incrementally", end: "complete" }, "h2"), request: { clients } },
      leaving: {
        ...scenario({ kind: "client-leaving" }, { noticeDisconnectWithinMs: 1000 }, "h2", ":keeps-upstream"),
        request: { clients },
      },
    });
    expect(events?.report.outcome, events?.report.why).toMatch(/^(pass|inconclusive)$/);
    expect(events?.report.request.clients).toBe("h1-tls | h2");
    expect(events?.report.cases.map(({ point }) => point["clients"]).slice(0, 2)).toEqual(clients);
    expect(Object.keys(events?.trace?.controls ?? {}).toSorted()).toEqual(["h1-tls", "h2"]);
    expect(leaving?.report).toMatchObject({ outcome: "fail", culprit: "edge" });
  });

  it("may be one of HTTP/2 without TLS", async () => {
    const clear = (kind: "lock-step" | "client-leaving", must: object): Scenario => ({
      ...scenario({ kind }, must, null),
      chain: [{ app: "sse" }, "clear-edge"],
      request: { clients: "h2c" },
    });
    const { events, leaving } = await observed({
      events: clear("lock-step", { deliver: "incrementally", end: "complete", integrity: "intact" }),
      leaving: clear("client-leaving", { noticeDisconnectWithinMs: 1000 }),
    });
    expect(events?.report.outcome, events?.report.why).toMatch(/^(pass|inconclusive)$/);
    expect(leaving?.report.facets.map(({ case: trialCase, observation }) => [trialCase, observation.member])).toEqual([
      ["leave-cancel-flowing", "propagated"],
      ["leave-cancel-silent", "propagated"],
      ["leave-close-flowing", "propagated"],
      ["leave-close-silent", "propagated"],
    ]);
  });

  it("cancels a stream and closes a connection over HTTP/2, and leaves by FIN and RST over TLS alone", async () => {
    const leaving = { kind: "client-leaving" } as const;
    const must = { noticeDisconnectWithinMs: 1000 };
    const { h2, tls, keeps } = await observed({
      h2: scenario(leaving, must, "h2"),
      tls: scenario(leaving, must, "h1-tls"),
      keeps: scenario(leaving, must, "h2", ":keeps-upstream"),
    });
    const shown = (one: typeof h2) => one?.report.facets.map(({ case: trialCase, observation }) => [trialCase, observation.member]);
    expect(shown(h2)).toEqual([
      ["leave-cancel-flowing", "propagated"],
      ["leave-cancel-silent", "propagated"],
      ["leave-close-flowing", "propagated"],
      ["leave-close-silent", "propagated"],
    ]);
    expect(shown(tls)?.map(([trialCase]) => trialCase)).toEqual([
      "leave-fin-flowing",
      "leave-fin-silent",
      "leave-reset-flowing",
      "leave-reset-silent",
    ]);
    expect([h2, tls].map((one) => one?.report.outcome)).toEqual(["pass", "pass"]);
    expect(keeps?.report).toMatchObject({
      outcome: "fail",
      headline: "not-propagated",
      culprit: "edge",
      why: expect.stringMatching(/after the client left \(it canceled its stream and kept the connection\)/),
    });
  });
});
