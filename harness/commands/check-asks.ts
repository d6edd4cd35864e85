// What the flags of `hopwise check` and `hopwise.yaml` ask for: the trials of each route, and what each request carries.
import { nearestTo } from "../catalog/shelf.ts";
import { acceptOf, checksOf, methodOf, mustOf, purposes } from "../check/checks.ts";
import type { Check, Purpose, Task } from "../check/checks.ts";
import type { SubjectOptions } from "../check/subject.ts";
import type { Must } from "../define.ts";
import { AuthorError } from "../errors.ts";
import type { CheckSettings } from "./check-settings.ts";
import { fieldOf } from "./header-field.ts";
import { pairsOf } from "./pairs.ts";

/** Of the flags, those that say what is asked. */
export interface AskingFlags {
  for?: string;
  path?: string;
  host?: string;
  service?: string;
  env?: string[];
  upstream?: string[];
  header?: string[];
  maxWait?: number;
}

export interface Asked {
  purpose: Purpose;
  /** Of a route that `hopwise.yaml` does not name. */
  checks: readonly Check[];
  /** `named`: the index of the route in `hopwise.yaml`. */
  taskOf: (route: { named?: number }) => Task;
  environment: Record<string, string>;
  /** How the configuration is read. */
  reading: SubjectOptions & { cwd: string; env: Record<string, string> };
}

/** Throws an AuthorError for a flag that cannot be meant. */
export const asksOf = (flags: AskingFlags, settings: CheckSettings, cwd: string): Asked => {
  const purpose = purposeOf(flags.for ?? settings.for ?? "sse");
  const must = { ...mustOf(purpose), ...settings.must };
  const maxWaitMs = maxWaitOf(flags.maxWait, must.surviveSilenceMs ?? 0);
  const checks = checksOf(purpose, must, maxWaitMs);
  const general: Task = { purpose, checks, required: requiredBy(settings.must) };
  const named = flags.path === undefined && settings.path === undefined ? (settings.routes ?? []) : [];
  const tasks = named.map((one) => taskFor(one.for ?? purpose, { ...settings.must, ...one.must }, maxWaitMs));
  const environment = pairsOf("--env", flags.env);
  return {
    purpose,
    checks,
    taskOf: ({ named: index }) => (index === undefined ? general : (tasks[index] ?? general)),
    environment,
    reading: {
      cwd,
      env: environment,
      ...choice("host", flags.host ?? settings.host),
      ...choice("path", flags.path ?? settings.path),
      ...choice("service", flags.service ?? settings.service),
      accept: acceptOf(checks),
      method: methodOf(checks),
      upstreams: pairsOf("--upstream", flags.upstream),
      named: named.map(({ path, host }, index) => ({
        path,
        host,
        accept: acceptOf(tasks[index]?.checks ?? checks),
        method: methodOf(tasks[index]?.checks ?? checks),
      })),
      headers: (flags.header ?? []).map(fieldOf),
    },
  };
};

const choice = <K extends string>(key: K, value: string | undefined): { [P in K]?: string } =>
  (value === undefined ? {} : { [key]: value }) as { [P in K]?: string };

const isPurpose = (word: string): word is Purpose => (purposes as readonly string[]).includes(word);

const purposeOf = (word: string): Purpose => {
  if (isPurpose(word)) return word;
  throw new AuthorError(`--for ${word} is unknown; ${nearestTo(word, [...purposes])}`);
};

const taskFor = (purpose: Purpose, own: Must, maxWaitMs: number | null): Task => ({
  purpose,
  checks: checksOf(purpose, { ...mustOf(purpose), ...own }, maxWaitMs),
  required: requiredBy(own),
});

const requiredBy = (must: Must = {}): ReadonlySet<keyof Must> => new Set(Object.keys(must) as (keyof Must)[]);

/** A wait that is too short cannot prove that silence is survived. */
const maxWaitOf = (seconds: number | undefined, surviveMs: number): number | null => {
  if (seconds === undefined) return null;
  if (1000 * seconds < surviveMs)
    throw new AuthorError(
      `--max-wait ${seconds} is less than the ${surviveMs / 1000} s of silence that must be survived: wait longer, or require less (must: { surviveSilenceMs: … } in hopwise.yaml)`,
    );
  return Math.round(1000 * seconds);
};
