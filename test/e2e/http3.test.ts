// Clients that speak HTTP/3: every mutant is found behind an edge that they reach by QUIC, and a straight edge is blamed for nothing.
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Trial } from "../../harness/define.ts";
import { openContainer } from "../../harness/runtime/container.ts";
import type { ContainerRuntime } from "../../harness/runtime/container.ts";
import { describeWithEngine, engine } from "./engine.ts";
import { caseOf } from "./mutants/matrix.ts";
import type { Case } from "./mutants/matrix.ts";
import { runMutants } from "./mutants/run.ts";
import { allTrials, expectations } from "./mutants/table.ts";

const clients = "h3";

const caddy = "caddy@2.11";
const nginx = "nginx@1.30:unbuffered";

const behindAnEdge: Case[] = expectations.map((expected) =>
  caseOf(`${expected.mutant}-behind-http3`, expected.mutant, "behind an edge", [expected.mutant, caddy], [expected], {
    trial: expected.trial,
    request: { ...expected.request, clients },
  }),
);

const straight = (edge: string, trials: readonly Trial[]): Case[] =>
  trials.map((trial) => caseOf(`${edge.replace(/\W/g, "-")}-${trial.kind}`, edge, "alone", [edge], [], { trial, request: { clients } }));

const straightEdges = [...straight(caddy, allTrials), ...straight(nginx, allTrials)];

describeWithEngine("clients that speak HTTP/3", () => {
  let runtime: ContainerRuntime;
  beforeAll(async () => {
    runtime = await openContainer(engine(), () => {});
  }, 300_000);
  afterAll(() => runtime?.[Symbol.asyncDispose]());

  const wrongIn = async (cases: readonly Case[]) => {
    const { rows } = await runMutants(cases, runtime);
    expect(rows).toHaveLength(cases.length);
    // A busy machine may leave some open, and must not make any wrong.
    const open = rows.filter(({ score }) => score === "inconclusive");
    expect(open.length, open.map(({ id, why }) => `${id}: ${why}`).join("\n")).toBeLessThan(rows.length / 4);
    return rows.filter(({ score }) => score === "wrong").map(({ id, why }) => `${id}: ${why}`);
  };

  it("find every mutant behind an edge", async () => {
    expect(await wrongIn(behindAnEdge)).toEqual([]);
  }, 300_000);

  it("blame no straight edge in any trial", async () => {
    expect(await wrongIn(straightEdges)).toEqual([]);
  }, 300_000);
});
