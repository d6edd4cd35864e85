// Why a server could not start, where it ends while something else is asked of its container.
import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "vitest";
import { AuthorError } from "../../../harness/errors.ts";
import { orFail } from "../../../harness/runtime/container-hop.ts";
import type { Container } from "../../../harness/runtime/engine-container.ts";
import type { ServerPlan } from "../../../harness/runtime/runtime.ts";

const plan = { kind: "command", hop: "web", command: "web" } as unknown as ServerPlan;
const asked = (): Promise<never> => Promise.reject(new Error("cannot join the network of a container that is not running"));
const explain = async (): Promise<Error> => new AuthorError('nginx refuses the configuration: "x" directive is duplicate');

/** It ends so late that what was asked has failed before; null: it goes on. */
const containerEnding = (afterMs: number | null) => {
  let isStopped = false;
  const container = {
    died: afterMs === null ? new Promise<never>(() => {}) : delay(afterMs, { code: 1 }),
    pid: async () => (afterMs === null ? 7 : 0),
    lines: { last: () => [] },
    stop: async () => void (isStopped = true),
  } as unknown as Container;
  return { container, isStopped: () => isStopped };
};

test("it is the server's own reason, although what was asked failed before its end was known", async () => {
  const { container, isStopped } = containerEnding(30);
  await expect(orFail(plan, container, asked, explain)).rejects.toThrow("directive is duplicate");
  expect(isStopped()).toBe(true);
});

test("of a server that goes on it is what was asked", async () => {
  const { container, isStopped } = containerEnding(null);
  await expect(orFail(plan, container, asked, explain)).rejects.toThrow("cannot join the network");
  expect(isStopped()).toBe(true);
});
