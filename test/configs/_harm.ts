// What a harmful change does, and how it is chosen.
import type { Rule } from "../../harness/report/check-report.ts";
import type { Edit } from "./_edit.ts";

export interface Harm {
  edits: Edit[];
  /** Any of these rules is right; the first is the plainest. */
  rules: Rule[];
  /** `file:line` after the edit; any of these is the culprit. */
  lines: string[];
  directives: string[];
  absent: boolean;
  /** Nginx versions on which it is harmful, of those in `allVersions`. */
  nginx: string[];
}

export type Choose = <T>(choices: readonly [T, ...T[]]) => T;
