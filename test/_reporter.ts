// The last lines of a test run: what was skipped, one line for each reason, and the counts. A skip that gives no reason fails the run.
// `scripts/test.ts` asks for the files in which tests failed, to run them again alone.
import { writeFileSync } from "node:fs";
import type { Reporter, SerializedError, TestCase, TestModule, TestRunEndReason, TestSpecification, TestSuite } from "vitest/node";

interface Count {
  passed: number;
  failed: number;
  /** By reason. */
  skipped: Map<string, number>;
  withoutReason: TestCase[];
}

const broken = "a hook, or the file itself, failed before them";
const unasked = "not asked for by this command line, or after it was given up";

export default class ClosingReporter implements Reporter {
  /** Only some tests of a file were asked for: the others are skipped by Vitest. */
  #isPart = false;

  onTestRunStart(specifications: readonly TestSpecification[]): void {
    this.#isPart = specifications.some(
      ({ testLines, testNamePattern, testIds, testNames, testTagsFilter, project }) =>
        [testLines, testIds, testNames, testTagsFilter].some((list) => list !== undefined && list.length > 0) ||
        (testNamePattern ?? project.config.testNamePattern) !== undefined,
    );
  }

  onTestRunEnd(modules: readonly TestModule[], errors: readonly SerializedError[], reason: TestRunEndReason): void {
    const count = countOf(modules, this.#isPart || reason === "interrupted" ? unasked : null);
    const lines = linesOf(count, errors.length);
    process.stdout.write(`${lines.join("\n")}\n`);
    if (count.withoutReason.length > 0) process.exitCode = 1;
    // An error that belongs to no file, and a skip without a reason, would be the same alone.
    const { HOPWISE_FAILED_TESTS: list } = process.env;
    if (list !== undefined && errors.length === 0 && count.withoutReason.length === 0)
      writeFileSync(list, JSON.stringify(failedFiles(modules)));
  }
}

const failedFiles = (modules: readonly TestModule[]): string[] =>
  modules.filter((module) => !module.ok()).map(({ relativeModuleId }) => relativeModuleId);

const countOf = (modules: readonly TestModule[], otherwise: string | null): Count => {
  const count: Count = { passed: 0, failed: 0, skipped: new Map(), withoutReason: [] };
  for (const module of modules) {
    // A file or a suite that failed by itself, in a hook or before it had tests.
    for (const suite of [module, ...module.children.allSuites()]) if (suite.errors().length > 0) count.failed += 1;
    for (const test of module.children.allTests()) {
      const result = test.result();
      if (result.state === "passed" || result.state === "failed") {
        count[result.state] += 1;
        continue;
      }
      const note = result.state === "skipped" ? result.note : undefined;
      const why = (note || test.meta().skipped) ?? (isBroken(test) ? broken : otherwise);
      if (why === null) count.withoutReason.push(test);
      else count.skipped.set(why, (count.skipped.get(why) ?? 0) + 1);
    }
  }
  return count;
};

const isBroken = ({ parent }: TestCase | TestSuite): boolean => parent.errors().length > 0 || (parent.type === "suite" && isBroken(parent));

const linesOf = ({ passed, failed, skipped, withoutReason }: Count, otherErrors: number): string[] => {
  const reasons = [...skipped].toSorted(([, one], [, other]) => other - one);
  const sum = reasons.reduce((total, [, number]) => total + number, 0);
  return [
    ...reasons.map(([why, number]) => `${number} skipped: ${why}`),
    ...withoutReason.map(({ module, fullName }) => `skipped without a reason: ${module.relativeModuleId} > ${fullName}`),
    `tests: ${passed} passed, ${failed + otherErrors + withoutReason.length} failed, ${sum} skipped`,
  ];
};
