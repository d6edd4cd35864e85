// Reports made by hand, each with the times that its verdict comes from: what reporters are tested with.
import type { Facet } from "../../../harness/model/verdict.ts";
import type { CaseReport, ConnectionReport, Report, ScenarioReport } from "../../../harness/report/report.ts";

const every = (count: number, everyMs: number, from = 2): number[] => Array.from({ length: count }, (_, index) => from + index * everyMs);

const passed = (
  from: string,
  to: string,
  at: readonly number[],
  lagMs: number,
  endMs: number,
  end: ConnectionReport["end"] = "last-chunk",
): ConnectionReport => ({
  from,
  to,
  level: "decoded",
  headersAtMs: Math.max(0, (at[0] ?? 0) - 1 + lagMs),
  recordsAtMs: at.map((time) => time + lagMs),
  endedAtMs: endMs + lagMs,
  end,
});

const caseOf = (id: string, title: string, writtenAtMs: number[], connections: ConnectionReport[]): CaseReport => ({
  id,
  title,
  point: {},
  writtenAtMs,
  connections,
});

const facetOf = (facet: Omit<Facet, "hops">): Facet => ({ ...facet, hops: [] }) as Facet;

const complete = (trialCase: string): Facet =>
  facetOf({
    facet: "ending",
    case: trialCase,
    observation: { member: "complete" },
    culprit: null,
    evidence: "framing complete and every record there",
  });

const requirement: Omit<ScenarioReport, "id" | "title" | "outcome" | "headline" | "why"> = {
  file: null,
  kind: "requirement",
  chain: ["sse", "nginx", "client"],
  trial: "lock-step",
  request: { method: "GET", version: "1.1", acceptEncoding: null },
  expected: { deliver: "incrementally" },
  because: null,
  fixedBy: null,
  culprit: null,
  decisive: null,
  facets: [],
  inconclusive: [],
  limits: [],
  conditions: [],
  cases: [],
  tookMs: 412,
  reproduce: "npx hopwise run edge.yaml --runtime process --save-traces traces",
  baseline: null,
};

const characterization = {
  ...requirement,
  kind: "characterization",
  because: "https://nginx.org/en/docs/http/ngx_http_gzip_module.html",
} as const;

const paced = every(8, 250);
const pacedTitle = "8 records of 100 B every 250 ms";

const incremental: ScenarioReport = {
  ...requirement,
  id: "nginx-unbuffered-streams-events",
  title: "nginx without buffering passes each event on",
  chain: ["sse", "nginx:unbuffered", "client"],
  outcome: "pass",
  headline: "incremental",
  decisive: { facet: "delivery", case: "lock-step" },
  why: "every hop passed each record on by itself (lock-step): median lag 0.31 ms, worst 0.94 ms",
  facets: [
    facetOf({
      facet: "delivery",
      case: "lock-step",
      observation: { member: "incremental", medianLagMs: 0.31, worstLagMs: 0.94, unexplained: 0, by: "lock-step" },
      culprit: null,
      evidence: "every hop passed each record on by itself (lock-step): median lag 0.31 ms, worst 0.94 ms",
    }),
    complete("lock-step"),
    facetOf({
      facet: "source",
      case: "lock-step",
      observation: { member: "origin" },
      culprit: null,
      evidence: "the origin made this body for this request (n1)",
    }),
  ],
  cases: [
    caseOf("lock-step", "lock-step, 8 records of 100 B", every(8, 1), [
      passed("origin", "nginx", every(8, 1), 0.2, 10),
      passed("nginx", "client", every(8, 1), 0.5, 10),
    ]),
  ],
};

const heldEvidence = "gzip sent nothing before its upstream ended, 1763 ms after the first record: its buffer holds at least 800 bytes";

const buffered: ScenarioReport = {
  ...requirement,
  id: "whole-chain-streams-events",
  title: "Events survive a proxy that compresses, before the edge",
  chain: ["sse", "http-proxy (cache, gzip)", "nginx:unbuffered", "client"],
  trial: "paced",
  request: { method: "GET", version: "1.1", acceptEncoding: "gzip" },
  outcome: "fail",
  headline: "buffered",
  decisive: { facet: "delivery", case: "paced" },
  culprit: "gzip",
  why: `must deliver: incrementally, but ${heldEvidence}`,
  facets: [
    facetOf({
      facet: "delivery",
      case: "paced",
      observation: { member: "buffered", released: "end", atLeastBytes: 800, flooded: false, heldForMs: 1763 },
      culprit: "gzip",
      evidence: heldEvidence,
    }),
    facetOf({
      facet: "headers",
      case: "paced",
      observation: { member: "held", until: "end", heldForMs: 1763 },
      culprit: "gzip",
      evidence: "gzip held the header section",
    }),
    complete("paced"),
  ],
  cases: [
    caseOf("paced", pacedTitle, paced, [
      passed("origin", "http-proxy", paced, 0.3, 1765),
      { ...passed("http-proxy", "cache", paced, 0.4, 1765), level: "probe" },
      { ...passed("cache", "gzip", paced, 0.5, 1765), level: "probe" },
      {
        ...passed(
          "gzip",
          "nginx",
          Array.from({ length: 8 }, () => 1766),
          0,
          1766,
        ),
        headersAtMs: 1765,
      },
      {
        ...passed(
          "nginx",
          "client",
          Array.from({ length: 8 }, () => 1766),
          0.4,
          1766,
        ),
        headersAtMs: 1765.5,
      },
    ]),
  ],
  tookMs: 2210,
};

const lagging: ScenarioReport = {
  ...characterization,
  id: "one-behind",
  title: "A compressor that is one record late",
  chain: ["sse", "haproxy:gzip", "client"],
  trial: "paced",
  outcome: "pass",
  headline: "lagging",
  decisive: { facet: "delivery", case: "paced" },
  culprit: "haproxy",
  why: "haproxy keeps each record until 1 more comes, whatever the gap and the size (median lag 250 ms)",
  fixedBy: "haproxy-no-gzip",
  expected: { deliver: "lagging", culprit: "haproxy" },
  facets: [
    facetOf({
      facet: "delivery",
      case: "paced",
      observation: { member: "lagging", records: 1, lagMs: 250 },
      culprit: "haproxy",
      evidence: "haproxy keeps each record until 1 more comes, whatever the gap and the size (median lag 250 ms)",
    }),
    complete("paced"),
  ],
  cases: [
    caseOf("paced", pacedTitle, paced, [
      passed("origin", "haproxy", paced, 0.3, 2000),
      passed("haproxy", "client", [...paced.slice(1), 2000], 0.4, 2000),
    ]),
  ],
};

const held: ScenarioReport = {
  ...characterization,
  id: "http-proxy-holds-headers",
  title: "http-proxy keeps the header section until the first byte of the body",
  chain: ["sse", "http-proxy", "client"],
  trial: "header-hold",
  outcome: "pass",
  headline: "held",
  decisive: { facet: "headers", case: "header-hold" },
  culprit: "http-proxy",
  why: "http-proxy held the header section for 602 ms, until the first byte of the body came",
  expected: { headers: "held", culprit: "http-proxy" },
  facets: [
    facetOf({
      facet: "headers",
      case: "header-hold",
      observation: { member: "held", until: "first-body-byte", heldForMs: 602 },
      culprit: "http-proxy",
      evidence: "http-proxy held the header section for 602 ms, until the first byte of the body came",
    }),
  ],
  cases: [
    caseOf("header-hold", "the header section alone for 600 ms, then 4 records", every(4, 100, 603), [
      { ...passed("origin", "http-proxy", every(4, 100, 603), 0.2, 1003), headersAtMs: 1.2 },
      { ...passed("http-proxy", "client", every(4, 100, 603), 0.5, 1003), headersAtMs: 603.4 },
    ]),
  ],
};

const cutEvidence =
  "nginx cut the response (FIN inside the message) after 1001 ms of silence, while heartbeats survive three times as long";

const timedOut: ScenarioReport = {
  ...requirement,
  id: "nginx-cuts-a-silent-stream",
  title: "A silent stream survives nginx",
  chain: ["sse", "nginx:short-limits", "client"],
  trial: "silence",
  expected: { surviveSilenceMs: 3000 },
  outcome: "fail",
  headline: "timed-out",
  decisive: { facet: "ending", case: "silence" },
  culprit: "nginx",
  why: `must surviveSilenceMs: 3000, but ${cutEvidence}`,
  facets: [
    facetOf({
      facet: "ending",
      case: "silence",
      observation: { member: "truncated-visibly", cause: "idle-timeout", afterMs: 1001, how: "FIN inside the message" },
      culprit: "nginx",
      evidence: cutEvidence,
    }),
    complete("heartbeats"),
  ],
  limits: [{ kind: "idle-timeout", ms: 1001, uncertaintyMs: 10, culprit: "nginx", seenAs: "visible" }],
  cases: [
    caseOf(
      "silence",
      "one record, then silence for 2500 ms",
      [2, 2503],
      [
        { ...passed("origin", "nginx", [2], 0.3, 0), endedAtMs: null, end: "open" },
        { ...passed("nginx", "client", [2], 0.5, 1003), end: "cut-by-fin" },
      ],
    ),
  ],
};

const hung: ScenarioReport = {
  ...characterization,
  id: "http-proxy-hangs-on-origin-abort",
  title: "http-proxy leaves its client waiting when the origin aborts",
  chain: ["sse", "http-proxy", "client"],
  trial: "origin-abort",
  outcome: "pass",
  headline: "hung",
  decisive: { facet: "ending", case: "abort-reset" },
  culprit: "http-proxy",
  why: "http-proxy left the client waiting for at least 2000 ms after the origin aborted",
  expected: { end: "hung", culprit: "http-proxy" },
  facets: [
    facetOf({
      facet: "ending",
      case: "abort-reset",
      observation: { member: "hung", cause: "origin-abort", afterMs: 640, atLeastMs: 2000 },
      culprit: "http-proxy",
      evidence: "http-proxy left the client waiting for at least 2000 ms after the origin aborted",
    }),
  ],
  cases: [
    caseOf("abort-reset", "the origin aborts (reset) after 4 of 8 records", every(4, 50), [
      passed("origin", "http-proxy", every(4, 50), 0.2, 154, "cut-by-reset"),
      { ...passed("http-proxy", "client", every(4, 50), 0.4, 0), endedAtMs: null, end: "open" },
    ]),
  ],
};

const keptEvidence = "http-proxy kept its upstream connection open for at least 1710 ms after the client left";

const lost: ScenarioReport = {
  ...requirement,
  id: "client-leaving",
  title: "The origin learns that its client has left",
  chain: ["sse", "http-proxy", "client"],
  trial: "client-leaving",
  expected: { noticeDisconnectWithinMs: 1000 },
  outcome: "fail",
  headline: "not-propagated",
  decisive: { facet: "disconnect", case: "leave-fin-flowing" },
  culprit: "http-proxy",
  why: `must noticeDisconnectWithinMs: 1000, but ${keptEvidence}`,
  facets: [
    facetOf({
      facet: "disconnect",
      case: "leave-fin-flowing",
      observation: { member: "not-propagated", atLeastMs: 1710, bytesSince: 25_166_000, cause: "kept" },
      culprit: "http-proxy",
      evidence: keptEvidence,
    }),
  ],
  cases: [
    caseOf("leave-fin-flowing", "the client leaves by FIN with the stream flowing", every(20, 100), [
      { ...passed("origin", "http-proxy", every(20, 100), 0.2, 1960), end: "last-chunk" },
      { ...passed("http-proxy", "client", every(3, 100), 0.4, 0), endedAtMs: null, end: "open" },
    ]),
  ],
};

const storeEvidence =
  "cache answered from its store (RFC 9211 hit), the origin was not asked; its body is that of request 0 (k2f9), which the origin began 812 ms earlier";

const cached: ScenarioReport = {
  ...characterization,
  id: "cache-replays-a-stream",
  title: "A cache answers the next client with the stream of the one before",
  chain: ["sse", "http-pipe (cache)", "client"],
  trial: "late-joiner",
  outcome: "pass",
  headline: "cached",
  decisive: { facet: "source", case: "late-joiner-nothing" },
  culprit: "cache",
  why: storeEvidence,
  expected: { source: "cached", culprit: "cache" },
  fixedBy: "cache-honors-no-store",
  facets: [
    facetOf({
      facet: "source",
      case: "late-joiner-nothing",
      observation: { member: "cached", nonce: "k2f9", ageMs: 812 },
      culprit: "cache",
      evidence: storeEvidence,
    }),
  ],
  cases: [
    caseOf("late-joiner-nothing", "three clients of one URL, Cache-Control: none", every(8, 100), [
      passed("origin", "http-pipe", every(8, 100), 0.2, 705),
    ]),
  ],
};

const unjudged = { ...requirement, headline: "not-judged", tookMs: 0 } as const;

const unsupported: ScenarioReport = {
  ...unjudged,
  id: "varnish-streams-events",
  title: "Varnish passes events on",
  chain: ["sse", "varnish", "client"],
  outcome: "unsupported",
  why: 'Hop "varnish" (varnishd) cannot run here: there is no varnishd on this machine. Install it (Debian: apt-get install varnish), or use --runtime container.',
};

const inconclusive: ScenarioReport = {
  ...unjudged,
  id: "busy-machine",
  title: "Records pass one by one on a machine that is busy",
  trial: "paced",
  outcome: "inconclusive",
  why: "deliver: incrementally could not be decided in paced: the origin's gap of 100 ms is under four times the sum of ε over the chain (38 ms)",
  inconclusive: [
    { facet: "delivery", case: "paced", why: "the origin's gap of 100 ms is under four times the sum of ε over the chain (38 ms)" },
  ],
};

const faulty: ScenarioReport = {
  ...unjudged,
  id: "no-port",
  title: "A hop that did not start",
  outcome: "harness-fault",
  why: 'Hop "nginx" (nginx) did not accept a connection on 127.0.0.1:20411 within 10000 ms. It printed nothing.',
};

export const died: ScenarioReport = {
  ...unjudged,
  id: "origin-abort",
  title: "The hop lets its client see that the origin aborted",
  chain: ["sse", "command:node edge.mjs", "client"],
  trial: "origin-abort",
  outcome: "fail",
  headline: "crashed",
  culprit: "hop",
  why: 'Hop "hop" (command) ended by itself with exit code 1. Last lines: Error: aborted',
  attempts: 2,
};

const evil = "\u001B[2J\u001B]0;owned\u0007 line\r\nbreak \u202Egnp.exe\u200B \u009B1m \uD800 end";

/** Everything that can come from a file or the wire tries to steer the terminal. */
export const hostile: ScenarioReport = {
  ...buffered,
  id: `hostile${evil}`,
  title: `Title ${evil}`,
  chain: [`sse${evil}`, `proxy${evil}`, "client"],
  request: { method: `GET${evil}`, version: "1.1", acceptEncoding: `gzip${evil}` },
  culprit: `proxy${evil}`,
  decisive: { facet: "delivery", case: `case${evil}` },
  why: `must deliver: incrementally, but ${evil}`,
  because: `https://example.org/${evil}`,
  fixedBy: `fixed${evil}`,
  facets: [
    facetOf({
      facet: "delivery",
      case: `case${evil}`,
      observation: { member: "buffered", released: "end", atLeastBytes: 800, flooded: false, heldForMs: 1763 },
      culprit: `proxy${evil}`,
      evidence: evil,
    }),
    facetOf({
      facet: "headers",
      case: `case${evil}`,
      observation: { member: "held", until: "bytes", heldForMs: 5 },
      culprit: `proxy${evil}`,
      evidence: evil,
    }),
  ],
  limits: [{ kind: "idle-timeout", ms: 1000, uncertaintyMs: 10, culprit: `proxy${evil}`, seenAs: "silent" }],
  cases: [
    caseOf(`case${evil}`, `case title ${evil}`, paced, [
      passed("origin", `proxy${evil}`, paced, 0.3, 1765),
      passed(
        `proxy${evil}`,
        "client",
        Array.from({ length: 12 }, () => 1766),
        0,
        1766,
        "cut-by-reset",
      ),
    ]),
  ],
};

export const scenarios = { incremental, buffered, lagging, held, timedOut, hung, lost, cached, unsupported, inconclusive, faulty };

export const reportOf = (...reports: ScenarioReport[]): Report => ({
  schema: "hopwise.report/1",
  tool: { name: "hopwise", version: "0.1.0" },
  runtime: "process",
  machine: { platform: "linux", cores: 2, node: "v24.21.0", labNode: "v24.21.0" },
  versions: { nginx: "nginx/1.26.3", "http-proxy+cache+gzip": "node v24.21.0, http-proxy 1.18.1" },
  timeScale: 1,
  control: { samples: 1240, p50Ms: 0.2134, p99Ms: 0.871, maxMs: 3.4, netP99Ms: 0.64 },
  startedAt: "2025-11-21T02:40:00.000Z",
  tookMs: 14_213,
  interrupted: false,
  shard: null,
  parts: [],
  scenarios: reports,
});
