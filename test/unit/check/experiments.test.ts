// Which servers experiments run on, and which they leave running.
import { expect, test } from "vitest";
import type { Route } from "../../../harness/check/configuration.ts";
import type { Check } from "../../../harness/check/checks.ts";
import type { Environment } from "../../../harness/check/environment.ts";
import { experimentWith } from "../../../harness/check/experiments.ts";
import type { Turn } from "../../../harness/check/parts.ts";
import type { CheckedConfig } from "../../../harness/check/server.ts";
import type { ServerUnderTest } from "../../../harness/check/start-server.ts";
import type { Experiment } from "../../../harness/check/tried.ts";

const running = { key: "configured-0" } as ServerUnderTest;
const route = { id: "/events" } as Route;
const faults = [{ route, check: { id: "events" } as Check }];
const config = { with: () => ({}) } as unknown as CheckedConfig;
const change: Experiment = { edits: [{ file: "nginx.conf", start: 0, end: 1, text: "" }], faults };
const repetition: Experiment = { edits: [], faults, isRepetition: true };

/** `isBroken`: trials on the running server have no result. */
const environmentOf = ({ isBroken = false } = {}) => {
  const events: string[] = [];
  let started = 0;
  const environment = {
    start: async () => {
      const key = `configured-${(started += 1)}`;
      events.push(`start ${key}`);
      return { key };
    },
    retire: ({ key }: ServerUnderTest) => void events.push(`retire ${key}`),
    run: async (turns: readonly Turn[]) => {
      events.push(`run on ${turns.map(({ underTest: { key } }) => key).join(" ")}`);
      return turns.map(({ underTest }) => ({ report: { why: "it has ended" }, trace: isBroken && underTest === running ? null : {} }));
    },
  } as unknown as Environment;
  return { events, environment };
};

test("a repetition starts no server and leaves the one that runs", async () => {
  const { events, environment } = environmentOf();
  const tried = await experimentWith(environment, config, running)([repetition, change]);
  expect(events).toEqual(["start configured-1", "run on configured-0 configured-1", "retire configured-1"]);
  expect(tried.map((one) => Object.keys(one))).toEqual([["ran"], ["ran"]]);
});

test("where that server fails, the second attempt has a server of its own", async () => {
  const { events, environment } = environmentOf({ isBroken: true });
  const [tried] = await experimentWith(environment, config, running)([repetition]);
  expect(events).toEqual(["run on configured-0", "start configured-1", "run on configured-1", "retire configured-1"]);
  expect(tried && Object.keys(tried)).toEqual(["ran"]);
});
