// Timeouts that end responses.
import type { Symptom } from "../../../configuration.ts";
import { valueOf, limitOf, millisecondsOf, uncertaintyOf } from "../context.ts";
import type { Context } from "../context.ts";
import { tiers } from "../rules.ts";
import type { Family, FixRule, LineRule, SuspectRule } from "../rules.ts";
import { cuts, defaultReadTimeout } from "../words.ts";
import { isLong } from "./connections.ts";

/** nginx's timeouts that may end a response, each with a value that outlasts the trials: the fix's own, so that one experiment serves both. */
const limits: [directive: string, long: string][] = [
  ["proxy_read_timeout", "1h"],
  ["proxy_next_upstream_timeout", "0"],
  // nginx's documentation knows no longer one.
  ["proxy_connect_timeout", "75s"],
  ["proxy_send_timeout", "1h"],
  ["send_timeout", "1h"],
  ["client_body_timeout", "1h"],
  ["keepalive_timeout", "1h"],
  ["keepalive_time", "1h"],
  ["lingering_timeout", "1h"],
];

/** Whether it is this limit that was measured: within a tenth, or a second, or what the measurement may be off by. */
const matchesLimit = ([time = ""]: readonly string[], symptom: Symptom): boolean => {
  const limitMs = limitOf(symptom);
  const ms = millisecondsOf(time);
  return ms !== null && limitMs !== null && Math.abs(ms - limitMs) <= Math.max(1000, limitMs / 10, uncertaintyOf(symptom));
};

/** Of a hypothesis: shorter than what is asked for. The other limits were measured to end no stream whose ends both do their part. */
const isShorter = (time: string, symptom: Symptom): boolean => (millisecondsOf(time) ?? Infinity) < (limitOf(symptom) ?? 0);

const ofLimit = ([directive, long]: [string, string]): LineRule => ({
  directive,
  says: cuts,
  instead: `${directive} ${long};`,
  ...(directive === "proxy_read_timeout" && { alone: ({ symptom }, line) => isShorter(line?.args[0] ?? "", symptom) }),
});

const noReadTimeout: SuspectRule = {
  lacks: "proxy_read_timeout",
  when: (context) => valueOf(context, "proxy_read_timeout") === null,
  says: (context) => `is not set: nginx ${cuts(context, null)}`,
  instead: "proxy_read_timeout 1h;",
  default: defaultReadTimeout,
  alone: ({ symptom }) => isShorter(defaultReadTimeout, symptom),
};

/** The one whose value was measured comes first, wherever it stands. */
const timeLimits: SuspectRule[] = [
  ...limits.map((limit): SuspectRule => ({
    ...ofLimit(limit),
    matches: (args, { symptom }) => matchesLimit(args, symptom),
    tier: tiers.measured,
  })),
  ...limits.map((limit): SuspectRule => ({
    ...ofLimit(limit),
    matches: (args, { symptom }) => !matchesLimit(args, symptom) && (limitOf(symptom) === null || limit[0] === "proxy_read_timeout"),
  })),
  noReadTimeout,
];

const hourMs = 3_600_000;
const longMs = 300_000;

const shorterThanAnHour = (context: Context, directive: string): boolean => {
  const value = valueOf(context, directive);
  return value !== null && (millisecondsOf(value) ?? 0) < hourMs;
};

const noticedLater = "a connection that hangs is noticed only after an hour";
const orHeartbeats =
  "without this change, a stream survives if the application sends something more often than the timeout, e.g. a comment line";

const longer: FixRule[] = ["proxy_read_timeout", "send_timeout", "proxy_send_timeout", "client_body_timeout"].map((id) => ({
  id,
  title: `${id} 1h: wait for an hour`,
  when: (context) => shorterThanAnHour(context, id) || (id === "proxy_read_timeout" && valueOf(context, id) === null),
  change: [`${id} 1h;`],
  cost: id === "proxy_read_timeout" ? `${noticedLater}; ${orHeartbeats}` : noticedLater,
}));

const otherServer: FixRule = {
  id: "proxy_next_upstream_timeout",
  title: "proxy_next_upstream_timeout 0: set no time limit for trying other servers",
  when: (context) => (valueOf(context, "proxy_next_upstream_timeout") ?? "0") !== "0",
  change: ["proxy_next_upstream_timeout 0;"],
  cost: "a client may wait longer for its error",
};

const notCut = "keep a silent stream from being cut";

export const timeouts: Family = {
  suspects: {
    limit: timeLimits,
    "error-response": timeLimits,
    broken: timeLimits,
    asked: [
      {
        directive: "proxy_read_timeout",
        says: "is so short that a slow response is requested again",
        instead: "proxy_read_timeout 1h;",
      },
    ],
    upgrade: [{ directive: "proxy_read_timeout", says: "cuts a silent connection", instead: "proxy_read_timeout 1h;" }],
  },
  fixes: {
    limit: [...longer, otherServer],
    "error-response": [...longer, otherServer],
    broken: longer,
    asked: [
      {
        id: "proxy_read_timeout",
        title: "proxy_read_timeout 1h: wait for an hour",
        when: () => true,
        change: ["proxy_read_timeout 1h;"],
        cost: "a server that hangs is noticed only after an hour",
      },
    ],
  },
  // Longer than what any answer that is not a stream takes.
  signs: [{ directive: "proxy_read_timeout", like: ([time = ""]) => (millisecondsOf(time) ?? 0) >= longMs }],
  beliefs: [
    { directive: "send_timeout", like: isLong, own: true, belief: notCut, isOfTime: true },
    { directive: "proxy_send_timeout", like: isLong, own: true, belief: notCut, isOfTime: true },
    { directive: "proxy_connect_timeout", like: isLong, own: true, belief: notCut, isOfTime: true },
  ],
};
