// Tests that need a container engine: without one they are counted as skipped, with the reason.
import { describe, expect, it } from "vitest";
import { askForEngine } from "../../harness/session/choose-runtime.ts";
import type { Engine } from "../../harness/runtime/engine.ts";
import { lacks, needs } from "../_needs.ts";

const found = await askForEngine();
export const hasEngine = found !== null;
/** HOPWISE_REQUIRE_ENGINE=1, where an engine ought to be, makes its absence a failure. */
const isRequired = process.env["HOPWISE_REQUIRE_ENGINE"] === "1";

let isCollecting = false;

/** For tests and hooks. The body of a suite is run without an engine, too: what would be skipped is counted. */
export const engine = (): Engine => {
  if (isCollecting) throw new Error("The body of a suite runs where there is no engine, too: ask for the engine in a test or a hook.");
  if (found === null) throw new Error("No container engine answers: only tests of describeWithEngine may ask for it.");
  return found;
};

export const describeWithEngine = (title: string, tests: () => void): void => {
  if (found === null && isRequired) describe(title, () => it("has a container engine", () => expect(found).not.toBeNull()));
  else
    describe(title, needs(hasEngine, lacks.engine), () => {
      isCollecting = true;
      try {
        tests();
      } finally {
        isCollecting = false;
      }
    });
};
