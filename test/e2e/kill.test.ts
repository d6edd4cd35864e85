// A few kills of the long proof (`npm run kill`).
import { expect, it } from "vitest";
import { describeWithEngine, engine } from "./engine.ts";
import { prove } from "./kill/prove.ts";
import type { Proof } from "./kill/prove.ts";

const proven = ({ kills, living, next, left }: Proof): void => {
  expect(left).toEqual([]);
  expect(kills.map(({ orphans }) => orphans)).toEqual(kills.map(() => 0));
  expect(living.isLongEnough).toBe(true);
  expect(living, living.why).toMatchObject({ code: 0 });
  expect(next, next.why).toMatchObject({ code: expect.toBeOneOf([0, 3]) });
};

it.concurrent("runs that are killed in processes leave nothing after the next run, and disturb no other", async () => {
  proven(await prove({ runtime: "process", kills: 4, engine: null, atOnce: 2, when: { withinMs: 3500 } }));
});

describeWithEngine("runs that are killed in containers", () => {
  it.concurrent("leave nothing after the next run, and disturb no other", async () => {
    proven(await prove({ runtime: "container", kills: 2, engine: engine(), atOnce: 2, when: { withinMs: 5000 } }));
  });
});
