// The names that traces and verdicts were recorded with, and what they are called since. Pure.

/** Keys of traces and verdicts. */
const keys: Record<string, string> = {
  arm: "case",
  arms: "cases",
  asides: "subrequests",
  finding: "observation",
  tells: "seenAs",
  undecided: "inconclusive",
};

/** Values, by their key as it was recorded. */
const values: Record<string, Record<string, string>> = {
  member: {
    asked: "retried",
    "at-once": "propagated",
    "incomplete-silent": "truncated-silently",
    "incomplete-visible": "truncated-visibly",
    late: "propagated-late",
    lost: "not-propagated",
    "on-next-write": "propagated-on-next-write",
  },
  cause: limits(),
  kind: limits(),
  name: scenarios(),
};

function limits(): Record<string, string> {
  return {
    "first-byte-limit": "first-byte-timeout",
    "idle-limit": "idle-timeout",
    "limit-unclassified": "unclassified",
    "total-limit": "total-timeout",
  };
}

function scenarios(): Record<string, string> {
  return {
    "apicache-toggle-honours-no-store": "apicache-toggle-honors-no-store",
    "cache-honours-no-store": "cache-honors-no-store",
    "compression-flushed-behind-streams-events": "compression-flushed-after-streams-events",
    "compression-told-to-flush-streams-brotli": "compression-flushing-streams-brotli",
    "fastify-compress-told-to-flush-streams-rows": "fastify-compress-flushing-streams-rows",
    "nginx-cache-fills-for-nobody": "nginx-cache-fills-without-a-client",
    "nginx-cache-honours-no-store": "nginx-cache-honors-no-store",
    "nginx-cache-lock-honours-no-store": "nginx-cache-lock-honors-no-store",
    "nginx-cache-lock-timeout-honours-no-store": "nginx-cache-lock-timeout-honors-no-store",
  };
}

/** A line of JSON as it was recorded, in the names of today. */
export const renamed = (line: string): string =>
  line.replace(/"(\w+)":(?:"([a-z-]+)"(?=[,}]))?/g, (_, key: string, value?: string) => {
    const now = value === undefined ? "" : `"${values[key]?.[value] ?? value}"`;
    return `"${keys[key] ?? key}":${now}`;
  });
