import { runScenario } from "hopwise";
import "hopwise/vitest";
import { expect, test } from "vitest";

const through = (hop, trial) =>
  runScenario(
    { title: `${hop}, ${trial.kind}`, chain: [{ app: "sse" }, hop], trial, must: { integrity: "intact" } },
    { runtime: "process", servers: ["servers"] },
  );

test("events pass one by one, from the origin", async () => {
  const report = await through("my-proxy", { kind: "lock-step" });
  expect(report).toArriveIncrementally();
  expect(report).toComeFromTheOrigin();
});

test("only the flushing variant passes headers on before the body", async () => {
  expect(await through("my-proxy", { kind: "header-hold" })).not.toPassHeadersPromptly();
  expect(await through("my-proxy:flushing", { kind: "header-hold" })).toPassHeadersPromptly();
});

test("an abort of the origin is visible to the client", async () => {
  expect(await through("my-proxy", { kind: "origin-abort" })).toEndVisibly();
});

test("a client that leaves is noticed", async () => {
  expect(await through("my-proxy", { kind: "client-leaving" })).toNoticeDisconnectWithin(1000);
});
