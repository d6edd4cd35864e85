// At most so many trials at a time on one server.
import fc from "fast-check";
import { expect, it } from "vitest";
import { limited } from "../../../harness/check/at-once.ts";

it("runs everything, never more than the limit for a key, and no key waits for another", async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 4 }), fc.array(fc.constantFrom("a", "b", "c"), { maxLength: 40 }), async (most, keys) => {
      const inTurn = limited(most);
      const now = new Map<string, number>();
      const highest = new Map<string, number>();
      const order: string[] = [];
      await Promise.allSettled(
        keys.map((key, index) =>
          inTurn(key, async () => {
            const count = (now.get(key) ?? 0) + 1;
            now.set(key, count);
            highest.set(key, Math.max(highest.get(key) ?? 0, count));
            order.push(`${key}${index}`);
            await new Promise((resolve) => setImmediate(resolve));
            now.set(key, (now.get(key) ?? 0) - 1);
            // One that fails gives its place back, too.
            if (index % 3 === 0) throw new Error("it failed");
          }),
        ),
      );
      for (const key of new Set(keys)) {
        const own = keys.flatMap((one, index) => (one === key ? [`${key}${index}`] : []));
        expect(order.filter((one) => one.startsWith(key))).toEqual(own);
        expect(highest.get(key)).toBe(Math.min(most, own.length));
      }
    }),
  );
});
