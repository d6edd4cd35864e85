// The parts of the bench, in order; each is one file, run in its own process.
import type { Part } from "./_figure.ts";

interface Listed {
  title: string;
  /** Its timeout. */
  limitS: number;
  load: () => Promise<Part>;
  /** It works through a container engine, which is not among its child processes: what that takes is not another's. */
  usesEngine?: true;
}

export const parts = {
  tap: { title: "what a tap adds to a 64-byte record", limitS: 60, load: () => import("./tap.ts") },
  kernel: { title: "the lab's stamps against the kernel's", limitS: 60, load: () => import("./kernel.ts") },
  suite: { title: "all scenarios that need only Node", limitS: 120, load: () => import("./suite.ts") },
  container: { title: "start of an nginx container to its first 200", limitS: 120, load: () => import("./container.ts"), usesEngine: true },
  scenario: { title: "one scenario beyond its trial", limitS: 60, load: () => import("./scenario.ts") },
  check: { title: "hopwise check, from its start to its report", limitS: 180, load: () => import("./check.ts"), usesEngine: true },
  page: { title: "the page of a report with 1,000 scenarios", limitS: 120, load: () => import("./page.ts") },
  judge: { title: "decoding and judging 2 MiB through 5 links", limitS: 60, load: () => import("./judge.ts") },
} satisfies Record<string, Listed>;

export type PartName = keyof typeof parts;

export const partNames = Object.keys(parts) as PartName[];

export const isPart = (word: string): word is PartName => Object.hasOwn(parts, word);

export const usesEngine = (name: PartName): boolean => "usesEngine" in parts[name];
