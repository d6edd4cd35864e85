// Values of variables whose names say that they are secret are shown nowhere. Pure.
import type { AnyCheckReport } from "../report/predicted-report.ts";

const isSecret = (name: string): boolean => /key|token|secret|passw|credential/i.test(name);

/** A shorter one would hide half of every word. */
const shortest = 4;

export const secretsIn = (variables: Readonly<Record<string, string>>): string[] =>
  Object.entries(variables)
    .flatMap(([name, value]) => (isSecret(name) && value.length >= shortest ? [value] : []))
    .toSorted((a, b) => b.length - a.length);

export const hidden = (text: string, secrets: readonly string[]): string =>
  secrets.reduce((shown, secret) => shown.replaceAll(secret, "***"), text);

/** Words of the report's own, that its readers compare. */
const own = new Set(["schema", "rule", "level", "check", "facet", "member", "kind", "outcome", "headline", "case"]);

export const withoutSecrets = <R extends AnyCheckReport>(report: R, secrets: readonly string[]): R =>
  secrets.length === 0
    ? report
    : (JSON.parse(
        JSON.stringify(report, (key, value: unknown) => (typeof value === "string" && !own.has(key) ? hidden(value, secrets) : value)),
      ) as R);
