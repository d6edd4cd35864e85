// Hopwise is killed at every line of its guard's script, and nothing of what it started outlives it.
import { describe, expect, it } from "vitest";
import { startHeld } from "../../e2e/kill/held.ts";
import { guardLines as steps, nameOf } from "../../e2e/kill/steps.ts";
import { processesWith } from "../../e2e/runtime/_left.ts";
import { brief, deaf, left, newFamily, starter } from "./_guarded.ts";

/** Few at a time: each guard looks at every process of the machine, and what is asked is how they end, not how many can. */
const atOnce = 10;
const batches = Array.from({ length: Math.ceil(steps.length / atOnce) }, (_, index) => steps.slice(index * atOnce, (index + 1) * atOnce));

describe.runIf(process.platform === "linux")("what Hopwise starts, killed at every line of its guard", () => {
  describe.for([
    { when: "while a guard starts a program", mode: "start", program: deaf, word: "up" },
    { when: "while a guard ends a program", mode: "stop", program: deaf, word: "stopped" },
    { when: "while a program ends by itself", mode: "start", program: brief, word: "ended" },
  ])("$when", ({ mode, program, word }) => {
    let heldInAll = 0;

    it.for(batches.map((lines) => ({ lines, first: lines[0], last: lines.at(-1) })))(
      "is gone: lines $first to $last",
      async ({ lines }) => {
        const family = newFamily();
        const markers = lines.map((line) => `${family}${String(line).padStart(3, "0")}1`);
        await using hopwise = await startHeld([starter, mode, ...markers.map(program)], { guards: Object.fromEntries(lines.entries()) });
        const isHeld = (number: number): boolean => hopwise.held.has(String(number));
        const hasSaid = (number: number): boolean => hopwise.printed.some((line) => line.startsWith(`${number}: ${word}`));
        await hopwise.until(() => lines.every((_, number) => isHeld(number) || hasSaid(number)));
        heldInAll += hopwise.held.size;
        expect(hopwise.hasEnded()).toBe(false);
        if (hopwise.held.size > 0) expect(await processesWith(family)).not.toEqual([]);
        await hopwise.kill();
        const running = await left(family);
        expect(
          lines
            .filter((_, number) => running.some((one) => one.includes(markers[number] ?? "")))
            .map((line) => nameOf({ guards: { 0: line } })),
        ).toEqual([]);
      },
    );

    it("was held at more than ten of them", () => expect(heldInAll).toBeGreaterThan(10));
  });
});
