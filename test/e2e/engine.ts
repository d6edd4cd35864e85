// Tests that need a container engine say so: without one they are counted as skipped, by a title that says why.
import { describe, expect, it } from "vitest";
import { askForEngine } from "../../harness/runtime/choose.ts";

export const engine = await askForEngine();

/** HOPWISE_REQUIRE_ENGINE=1, where an engine ought to be, makes its absence a failure. */
export const describeWithEngine = (title: string, tests: () => void): void => {
  if (engine !== null) describe(title, tests);
  else if (process.env["HOPWISE_REQUIRE_ENGINE"] === "1")
    describe(title, () => it("has a container engine", () => expect(engine).not.toBeNull()));
  else describe.skip(`${title} (skipped: no container engine answers)`, tests);
};
