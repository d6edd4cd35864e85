import { defineConfig } from "vitest/config";

/** They run whole programs, and what these measure is judged by its outcome alone: three at a time, since they mostly wait. */
const programs = [
  "bad-input",
  "check",
  "check-keep-app",
  "check-limits",
  "cli",
  "interrupt",
  "kill",
  "library",
  "new-proxy",
  "package",
  "runtime/container",
  "runtime/killed",
  "runtime/parts",
  "runtime/process",
  "surfaces",
].map((name) => `test/e2e/${name}.test.ts`);

const patience = { testTimeout: 300_000, hookTimeout: 120_000 };

// Unit tests take all cores (by default one is left idle); what measures time runs alone, after all others.
export default defineConfig({
  test: {
    retry: 0,
    projects: [
      { test: { name: "unit", include: ["test/unit/**/*.test.ts"], testTimeout: 20_000, maxWorkers: "100%", sequence: { groupOrder: 0 } } },
      { test: { name: "programs", include: programs, ...patience, maxWorkers: 3, sequence: { groupOrder: 1 } } },
      {
        test: {
          name: "e2e",
          include: ["test/e2e/**/*.test.ts"],
          exclude: programs,
          ...patience,
          fileParallelism: false,
          maxWorkers: 1,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
