import fc from "fast-check";
import { expect, it } from "vitest";
import { checksOf } from "../../../harness/check/checks.ts";
import type { Check } from "../../../harness/check/checks.ts";
import type { Route, RouteLimit } from "../../../harness/check/configuration.ts";
import { outlasting } from "../../../harness/check/outlasting.ts";

const checks = checksOf("sse");
const reload = checks.find(({ feature }) => feature === "reload") as Check;

const idle = (ms: number | null): RouteLimit => ({
  kind: "idle-timeout",
  known: "proxy_read_timeout",
  directive: "proxy_read_timeout",
  set: ms === null ? null : { ms, directive: "proxy_read_timeout", place: { file: "", line: 1, column: 1, start: 0, end: 0 } },
  link: "",
});

const routes = (count: number): Route[] => Array.from({ length: count }, (_, index) => ({ id: String(index) }) as Route);

const adapted = (cutsMs: number | null, idleMs: number | null = null): Check =>
  outlasting({ cutsAfterReloadMs: () => cutsMs, limits: () => [idle(idleMs)] }, routes(1))(reload);

it("a server that lets streams finish, or grants them longer than is waited for, is tried as usual", () => {
  for (const cutsMs of [null, 131_000, 240_000]) expect(adapted(cutsMs)).toBe(reload);
  expect(outlasting({}, routes(2))(reload)).toBe(reload);
});

it("other trials stay as they are", () => {
  const all = checks.map(outlasting({ cutsAfterReloadMs: () => 10_000 }, routes(1)));
  expect(all.filter((one, index) => one !== checks[index]).map(({ id }) => id)).toEqual(["reload"]);
});

it("half a minute is tried with a faster clock, and in real time only what is short", () => {
  expect(adapted(30_000)).toMatchObject({ timeScale: 30, inRealTime: reload.trial });
  expect(adapted(10_000)).toMatchObject({ timeScale: 10, inRealTime: { kind: "paced", records: 32 } });
  expect(adapted(1000)).toEqual({ ...reload, trial: { kind: "paced", records: 7 } });
});

it("one clock for all routes, by the longest cut and the shortest idle timeout", () => {
  const cuts = [10_000, 60_000, null];
  const limits = [60_000, 12_000, 600_000];
  const at = ({ id }: Route): number => Number(id);
  const config = {
    cutsAfterReloadMs: (route: Route) => cuts[at(route)] ?? null,
    limits: (route: Route) => [idle(limits[at(route)] ?? null)],
  };
  expect(outlasting(config, routes(3))(reload).timeScale).toBe(6);
  // A minute would take a minute: the shorter cut is tried.
  expect(outlasting({ ...config, limits: () => [idle(2000)] }, routes(3))(reload)).toMatchObject({ trial: { records: 32 } });
});

/** The gaps of `paced` on a machine that is not busy, and on the busiest that is planned for. */
const [least, most] = [160, 800];

it("the stream outlasts the cut, and no gap of it is as long as an idle timeout", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 130_000 }), fc.option(fc.integer({ min: 1, max: 3_600_000 })), (cutsMs, idleMs) => {
      const { trial, timeScale = 1 } = adapted(cutsMs, idleMs);
      if (trial === reload.trial || trial.kind !== "paced") return cutsMs > 20_000;
      const streamMs = (gap: number): number => (2.7 * (trial.records ?? 8) - 2.5) * gap;
      expect(streamMs(least)).toBeGreaterThan(cutsMs / timeScale);
      if (timeScale > 1) expect(1.7 * most * timeScale).toBeLessThan(idleMs ?? 60_000);
      return true;
    }),
  );
});
