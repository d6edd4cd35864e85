import { configDefaults, defineConfig } from "vitest/config";
import ClosingReporter from "./test/_reporter.ts";

const inE2e = (name: string): string => `test/e2e/${name}.test.ts`;

/** They run whole programs, and what these measure is judged by its outcome alone: two at a time: a third one takes the time that the trials of the others need. */
const programs = [
  "bad-input",
  "check",
  "check-chain",
  "check-engine-faults",
  "check-failing-servers",
  "check-gates",
  "check-http2",
  "check-intent",
  "check-keep-app",
  "check-limits",
  "check-one-fix",
  "check-own-doing",
  "check-protocols",
  "check-slow-clients",
  "check-timeouts",
  "check-upstreams",
  "field",
  "interrupt",
  "kill",
  "library",
  "made-up-server",
  "new-proxy",
  "real-application",
  "run-entrypoint",
  "runtime/container",
  "runtime/killed",
].map(inE2e);

/** The same, where an engine makes no difference. */
const anyway = ["browser", "cli", "launcher", "package", "runtime/parts", "runtime/process", "surfaces", "timeouts"].map(inE2e);

/** They run hops as processes only, with an engine or without. */
const processes = [
  "application",
  "expectations",
  "generator",
  "http2",
  "late-strangers",
  "memory",
  "mutants",
  "probe",
  "probe-manners",
  "progress",
  "readme-sample",
  "strangers",
].map(inE2e);

// Hooks build images that are not there yet.
const patience = { testTimeout: 300_000, hookTimeout: 300_000 };

// Unit tests take all cores (by default one is left idle); what measures time runs alone, after all others.
export default defineConfig({
  test: {
    retry: 0,
    reporters: [...configDefaults.reporters, new ClosingReporter()],
    projects: [
      {
        test: {
          name: "unit",
          include: ["test/unit/**/*.test.ts"],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          maxWorkers: "100%",
          sequence: { groupOrder: 0 },
        },
      },
      { test: { name: "anyway", include: anyway, ...patience, maxWorkers: 2, sequence: { groupOrder: 1 } } },
      { test: { name: "programs", include: programs, ...patience, maxWorkers: 2, sequence: { groupOrder: 1 } } },
      {
        test: {
          name: "e2e",
          include: ["test/e2e/**/*.test.ts"],
          exclude: [...programs, ...anyway, ...processes],
          ...patience,
          fileParallelism: false,
          maxWorkers: 1,
          sequence: { groupOrder: 2 },
        },
      },
      {
        test: {
          name: "processes",
          include: processes,
          ...patience,
          fileParallelism: false,
          maxWorkers: 1,
          sequence: { groupOrder: 3 },
        },
      },
    ],
  },
});
