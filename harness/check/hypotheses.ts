// What a trial could show to be wrong, before anything has run: the symptoms to look up suspects for. Pure.
import type { Must } from "../define.ts";
import { cacheControls } from "../trials/late-joiner.ts";
import type { Rule } from "../report/check-report.ts";
import { waitOf } from "./checks.ts";
import type { Check, TestedFeature } from "./checks.ts";
import type { Anomaly, AskedWith, Symptom } from "./configuration.ts";

export interface Hypothesis {
  rule: Rule;
  /** What it would mean, after "may". */
  may: string;
  /** risk: it would break what must hold. note: it would be reported, and break nothing. */
  level: "risk" | "note";
  symptom: Symptom;
}

type Draft = Pick<Hypothesis, "rule" | "may"> & { symptom: Anomaly & Partial<AskedWith>; level?: "note" };

export const hypothesesOf = (check: Check): Hypothesis[] =>
  draftsOf(check).map(({ symptom, level = "risk" as const, ...draft }): Hypothesis => ({
    ...draft,
    level,
    symptom: { cacheControl: null, ...askedBy(check), ...symptom },
  }));

const askedBy = ({ request: { acceptEncoding, method }, response: { contentType } }: Check): Omit<AskedWith, "cacheControl"> => ({
  ...(typeof method === "string" ? { method } : {}),
  acceptEncoding: typeof acceptEncoding === "string" ? acceptEncoding : null,
  contentType: contentType?.toString() ?? "",
});

/** Trials that are about one thing alone. */
const single: Record<TestedFeature, Draft> = {
  reload: {
    rule: "reload",
    may: "cut running streams after a reload",
    symptom: { during: "reload" },
  },
  upgrade: {
    rule: "upgrade",
    may: "keep a WebSocket upgrade from reaching the application",
    symptom: { feature: "upgrade" },
  },
  upload: {
    rule: "upload",
    may: "hold an upload until it is complete",
    symptom: { feature: "upload" },
  },
};

const draftsOf = (check: Check): Draft[] => {
  if (check.feature) return [single[check.feature]];
  const drafts = (Object.keys(check.must) as (keyof Must)[]).flatMap((key) => byRequirement[key]?.(check) ?? []);
  return check.trial.kind === "late-joiner" && drafts.length > 0 ? [...drafts, refusal] : drafts;
};

const refusal: Draft = {
  rule: "error-response",
  may: "refuse a second stream while the first is open",
  symptom: { facet: "ending", member: "error-response", cause: "own", limitMs: null },
};

/** By what the trial has to show: its opposite. `must` names all there is. */
const byRequirement: Partial<Record<keyof Must, (check: Check) => Draft[]>> = {
  deliver: ({ trial }) =>
    trial.kind === "size-sweep"
      ? [
          {
            rule: "lagging",
            may: "hold the end of a large record until the next record",
            symptom: { facet: "delivery", member: "lagging" },
          },
        ]
      : [{ rule: "buffered", may: "hold records until the stream ends", symptom: { facet: "delivery", member: "buffered" } }],
  headers: () => [{ rule: "held", may: "hold the header section until the first record", symptom: { facet: "headers", member: "held" } }],
  integrity: () => [{ rule: "altered", may: "change the body or its Content-Type", symptom: { facet: "integrity", member: "altered" } }],
  source: ({ trial }) => (trial.kind === "late-joiner" ? (trial.cacheControl ?? cacheControls).flatMap(sharedWith) : []),
  noticeDisconnectWithinMs: () => [
    {
      rule: "not-propagated",
      may: "keep the application streaming after the client has left",
      symptom: { facet: "disconnect", member: "not-propagated" },
    },
  ],
  end: ({ trial }) => {
    if (trial.kind === "origin-abort")
      return [
        {
          rule: "truncated-silently",
          may: "make a truncated response look complete",
          symptom: { facet: "ending", member: "truncated-silently", cause: "origin-abort", limitMs: null },
        },
      ];
    return [
      {
        rule: "malformed",
        may: "send a header section that clients reject",
        symptom: { facet: "ending", member: "malformed", cause: "own", limitMs: null },
      },
    ];
  },
  surviveSilenceMs: (check) => {
    const mustMs = check.must.surviveSilenceMs ?? 0;
    const cause = check.trial.kind === "first-byte-wait" ? "first-byte-timeout" : "idle-timeout";
    const may = "end a response that is silent for that long";
    const limit = (limitMs: number): Draft["symptom"] => ({ facet: "ending", member: "truncated-visibly", cause, limitMs });
    return [
      { rule: "timed-out", may: `${may}, which is less than the ${mustMs / 1000} s that must be survived`, symptom: limit(mustMs) },
      { rule: "timed-out", may, level: "note", symptom: limit(waitOf(check) ?? 0) },
    ];
  },
};

const sharedWith = (cacheControl: string | null): Draft[] => [
  {
    rule: "cached",
    may:
      cacheControl === null
        ? "answer a client with a stream that was cached for another client"
        : "answer a client with a stream that was cached for another client, although the application forbids it (Cache-Control)",
    symptom: { facet: "source", member: "cached", cacheControl },
  },
  {
    rule: "collapsed",
    may: "make a client wait for another client's stream and share it",
    symptom: { facet: "source", member: "collapsed", cacheControl },
  },
];
