import { expect, it } from "vitest";
import { startPatience } from "../../../harness/runtime/patience.ts";

it("waits longer for a start where there is more work than cores, but not forever", () => {
  expect(startPatience(10_000, 0.3, 2)).toBe(10_000);
  expect(startPatience(10_000, 2, 2)).toBe(10_000);
  expect(startPatience(10_000, 9, 2)).toBe(45_000);
  expect(startPatience(10_000, 500, 2)).toBe(60_000);
});
