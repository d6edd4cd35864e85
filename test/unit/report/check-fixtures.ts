// Reports of `hopwise check` made by hand, about a configuration that stands here too, so that lines, quotes and fixes are true.
import { mustOf } from "../../../harness/check/checks.ts";
import type { CheckReport, CheckRoute, ProvenFix, Finding, Line } from "../../../harness/report/check-report.ts";
import type { CaseReport, ScenarioReport } from "../../../harness/report/report.ts";
import { scenarios } from "./fixtures.ts";

const file = "deploy/nginx.conf";

export const nginxConf = `worker_processes 1;
events { worker_connections 1024; }
http {
    gzip on;
    gzip_types text/plain text/event-stream;
    upstream web { server web:8000; }
    server {
        listen 80;
        server_name app.example;
        location /events {
            proxy_pass http://web;
            proxy_http_version 1.1;
            proxy_set_header Connection "";
            add_header X-Accel-Buffering no;
        }
        location /export {
            proxy_pass http://web;
        }
        location /php {
            memcached_pass cache:11211;
        }
    }
    proxy_cache_valid 200 1m;
}
`;

const lines = nginxConf.split("\n");

/** Where a piece of text stands. */
const at = (piece: string, from = 0): Line => {
  const index = lines.findIndex((line, number) => number >= from && line.includes(piece));
  return { file, line: index + 1, column: (lines[index] ?? "").indexOf(piece) + 1 };
};

const quoteOf = ({ line }: Line): string => lines[line - 1] ?? "";

const gzipLine = at("gzip_types");
const events = at("location /events");
const exported = at("location /export");
const noEffectLine = at("add_header");
const storeLine = at("proxy_cache_valid");

const link = (page: string, name: string): string => `https://nginx.org/en/docs/http/${page}.html#${name}`;

const paced = Array.from({ length: 8 }, (_, index) => 2 + index * 250);

const trialCase = (id: string, title: string, out: readonly number[], gaps: readonly number[] = paced): CaseReport => ({
  id,
  title,
  point: {},
  writtenAtMs: [...gaps],
  connections: [
    {
      from: "origin",
      to: "nginx",
      level: "decoded",
      headersAtMs: 1,
      recordsAtMs: gaps.map((time) => time + 0.3),
      endedAtMs: 1765,
      end: "last-chunk",
    },
    {
      from: "nginx",
      to: "client",
      level: "decoded",
      headersAtMs: (out[0] ?? 1) - 0.5,
      recordsAtMs: [...out],
      endedAtMs: 1766.4,
      end: "last-chunk",
    },
  ],
});

const smooth: ScenarioReport = {
  ...scenarios.incremental,
  chain: ["sse", "nginx", "client"],
  reproduce: null,
  expected: { ...mustOf("sse") },
};

const good = (route: string, check: string, facets: ScenarioReport["facets"] = smooth.facets): CheckRoute["checks"][number] => ({
  check,
  scenario: { ...smooth, id: `${route}/${check}`, facets },
});

const ofFeature = (route: string, feature: "reload" | "upload"): CheckRoute["checks"][number] => ({ ...good(route, feature), feature });

const held = (route: string, check: string, evidence: string, acceptEncoding: string | null): CheckRoute["checks"][number] => ({
  check,
  scenario: {
    ...smooth,
    id: `${route}/${check}`,
    trial: "paced",
    request: { method: "GET", version: "1.1", acceptEncoding },
    outcome: "fail",
    headline: "buffered",
    decisive: { facet: "delivery", case: "paced" },
    culprit: "nginx",
    why: `must deliver: incrementally, but ${evidence}`,
    facets: [
      {
        facet: "delivery",
        case: "paced",
        observation: { member: "buffered", released: "end", atLeastBytes: 800, flooded: false, heldForMs: 1763 },
        culprit: "nginx",
        evidence,
        hops: [],
      },
      { facet: "ending", case: "paced", observation: { member: "complete" }, culprit: null, evidence: "framing complete", hops: [] },
    ],
    cases: [
      trialCase(
        "paced",
        "8 records of 100 B every 250 ms",
        Array.from({ length: 8 }, () => 1766),
      ),
    ],
  },
});

const cleanFacets: ScenarioReport["facets"] = [
  { facet: "headers", case: "header-hold", observation: { member: "prompt", lagMs: 0.4 }, culprit: null, evidence: "at once", hops: [] },
  { facet: "source", case: "late-joiner", observation: { member: "origin" }, culprit: null, evidence: "the origin's own", hops: [] },
  { facet: "integrity", case: "lock-step", observation: { member: "intact" }, culprit: null, evidence: "every byte", hops: [] },
  { facet: "disconnect", case: "leave", observation: { member: "propagated", afterMs: 0.6 }, culprit: null, evidence: "0.6 ms", hops: [] },
];

const silentEvidence = "nginx ended the response as if whole (last chunk) after the origin aborted: 4 of 8 records came";

const cutSilently = (route: string): CheckRoute["checks"][number] => ({
  check: "origin-abort",
  scenario: {
    ...smooth,
    id: `${route}/origin-abort`,
    trial: "origin-abort",
    outcome: "fail",
    headline: "truncated-silently",
    decisive: { facet: "ending", case: "abort-reset" },
    culprit: "nginx",
    why: `must end: visibly, but ${silentEvidence}`,
    facets: [
      {
        facet: "ending",
        case: "abort-reset",
        observation: { member: "truncated-silently", cause: "origin-abort", afterMs: 152, how: "last chunk", decoderCanTell: false },
        culprit: "nginx",
        evidence: silentEvidence,
        hops: [],
      },
    ],
    cases: [trialCase("abort-reset", "the origin aborts (reset) after 4 of 8 records", paced.slice(0, 4), paced.slice(0, 4))],
  },
});

const gzipEvidence = "nginx sent nothing before its upstream ended, 1763 ms after the first record: its buffer holds at least 800 bytes";
const plainEvidence = "nginx sent nothing before its upstream ended, 1763 ms after the first record: its buffer holds at least 4000 bytes";
const streams = "every hop passed each record on by itself (lock-step): median lag 0.31 ms, worst 0.94 ms";

export const routes: CheckRoute[] = [
  {
    id: "app.example/events",
    at: events,
    title: "location /events",
    url: "http://app.example/events",
    upstreams: ["web:8000"],
    checks: [
      good("app.example/events", "events", [...smooth.facets, ...cleanFacets]),
      held("app.example/events", "gzip", gzipEvidence, "gzip"),
      ofFeature("app.example/events", "reload"),
      ofFeature("app.example/events", "upload"),
    ],
    limits: [{ kind: "idle-timeout", ms: 60_004, uncertaintyMs: 10, seenAs: "visible", timeScale: 30 }],
  },
  {
    id: "app.example/export",
    at: exported,
    title: "location /export",
    url: "http://app.example/export",
    upstreams: ["web:8000"],
    checks: [
      held("app.example/export", "events", plainEvidence, null),
      cutSilently("app.example/export"),
      good("app.example/export", "headers", cleanFacets),
      { check: "reload", feature: "reload", scenario: { ...scenarios.inconclusive, id: "app.example/export/reload", reproduce: null } },
      ofFeature("app.example/export", "upload"),
    ],
    limits: [{ kind: "idle-timeout", ms: 60_004, uncertaintyMs: 10, seenAs: "visible", timeScale: 30 }],
  },
];

const gzipFix: ProvenFix = {
  title: "take text/event-stream out of gzip_types",
  diff: `--- a/${file}
+++ b/${file}
@@ -3,5 +3,5 @@
 http {
     gzip on;
-    gzip_types text/plain text/event-stream;
+    gzip_types text/plain;
     upstream web { server web:8000; }
     server {
`,
  headers: null,
  before: gzipEvidence,
  after: streams,
  costs: ["events are no longer compressed"],
  link: link("ngx_http_gzip_module", "gzip_types"),
};

const versionFix: ProvenFix = {
  title: "speak HTTP/1.1 to the upstream",
  diff: `--- a/${file}
+++ b/${file}
@@ -16,4 +16,6 @@
         location /export {
             proxy_pass http://web;
+            proxy_http_version 1.1;
+            proxy_set_header Connection "";
         }
         location /php {
`,
  headers: null,
  before: plainEvidence,
  after: streams,
  costs: [],
  link: link("ngx_http_proxy_module", "proxy_http_version"),
};

const absent = {
  at: exported,
  directive: "proxy_http_version",
  absent: true,
  with: null,
  link: link("ngx_http_proxy_module", "proxy_http_version"),
};

export const findings = {
  gzip: {
    id: "buffered:app.example/events:gzip",
    rule: "buffered",
    level: "error",
    route: "app.example/events",
    check: "gzip",
    says: "gzip_types text/event-stream holds the stream to its end when the client accepts gzip",
    at: gzipLine,
    quote: quoteOf(gzipLine),
    culprit: {
      at: gzipLine,
      directive: "gzip_types text/event-stream",
      absent: false,
      with: null,
      link: link("ngx_http_gzip_module", "gzip_types"),
    },
    unproven: null,
    evidence: gzipEvidence,
    conditions: ["Accept-Encoding: gzip"],
    fix: gzipFix,
  },
  version: {
    id: "buffered:app.example/export:events",
    rule: "buffered",
    level: "error",
    route: "app.example/export",
    check: "events",
    says: "no proxy_http_version: nginx 1.26.3 speaks HTTP/1.0 to the upstream, and fills its buffer before it passes anything on",
    at: exported,
    quote: quoteOf(exported),
    culprit: absent,
    unproven: null,
    evidence: plainEvidence,
    conditions: [],
    fix: versionFix,
  },
  silent: {
    id: "truncated-silently:app.example/export:origin-abort",
    rule: "truncated-silently",
    level: "error",
    route: "app.example/export",
    check: "origin-abort",
    says: "no proxy_http_version: nginx 1.26.3 speaks HTTP/1.0 to the upstream, where the end of the connection is the end of the response",
    at: exported,
    quote: quoteOf(exported),
    culprit: absent,
    unproven: null,
    evidence: silentEvidence,
    conditions: [],
    fix: {
      ...versionFix,
      before: silentEvidence,
      after: "nginx cut the response (RST) 0.4 ms after the origin aborted: the client can see it",
    },
  },
  noEffect: {
    id: "no-effect:app.example/events:add-header",
    rule: "no-effect",
    level: "note",
    route: "app.example/events",
    check: "events",
    says: "add_header X-Accel-Buffering no is believed to tell nginx not to buffer, and does nothing here: nginx reads that header from its upstream, not from what it adds itself",
    at: noEffectLine,
    quote: quoteOf(noEffectLine),
    culprit: {
      at: noEffectLine,
      directive: "add_header X-Accel-Buffering no",
      absent: false,
      with: null,
      link: link("ngx_http_proxy_module", "proxy_buffering"),
    },
    unproven: null,
    evidence: "without it every trial came out as with it",
    conditions: [],
    fix: null,
  },
  refused: {
    id: "refused:app.example/events:streams",
    rule: "refused",
    level: "warning",
    route: "app.example/events",
    check: "streams",
    says: "limit_conn perip 4 refuses the 5th concurrent stream of one address (429)",
    at: noEffectLine,
    quote: quoteOf(noEffectLine),
    culprit: {
      at: noEffectLine,
      directive: "limit_conn perip 4",
      absent: false,
      with: null,
      link: link("ngx_http_limit_conn_module", "limit_conn"),
    },
    unproven: null,
    evidence: "of 6 streams that one address opened at once, nginx passed 4 on without delay, and answered 2 with 429",
    conditions: [],
    fix: null,
  },
  unproven: {
    id: "held:app.example/export:headers",
    rule: "held",
    level: "error",
    route: "app.example/export",
    check: "headers",
    says: "the header section is kept until the first byte of the body",
    at: exported,
    quote: quoteOf(exported),
    culprit: null,
    unproven: "none of 9 candidates flipped it when it was taken away",
    evidence: "nginx held the header section for 602 ms",
    conditions: [],
    fix: null,
  },
  application: {
    id: "cached:app.example/events:late-joiner",
    rule: "cached",
    level: "error",
    route: "app.example/events",
    check: "late-joiner",
    says: "proxy_cache_valid 200 1m stores a stream that says nothing of its freshness",
    at: storeLine,
    quote: quoteOf(storeLine),
    culprit: {
      at: storeLine,
      directive: "proxy_cache_valid 200 1m",
      absent: false,
      with: { at: gzipLine, directive: "gzip_types text/event-stream" },
      link: link("ngx_http_proxy_module", "proxy_cache_valid"),
    },
    unproven: null,
    evidence: "nginx answered from its store (RFC 9211 hit), the origin was not asked",
    conditions: [],
    fix: {
      title: "the application forbids to store its streams",
      diff: null,
      headers: [["Cache-Control", "no-store"]],
      before: "nginx answered from its store",
      after: "the origin made this body for this request",
      costs: [],
      link: link("ngx_http_proxy_module", "proxy_cache_valid"),
    },
  },
} satisfies Record<string, Finding>;

export const checkReportOf = (wanted: readonly Finding[], over: Partial<CheckReport> = {}): CheckReport => ({
  schema: "hopwise.check/1",
  tool: { name: "hopwise", version: "0.1.0" },
  machine: { platform: "linux", cores: 2, node: "v24.21.0", labNode: "v24.21.0" },
  given: file,
  files: [file],
  purpose: "sse",
  server: { version: "nginx/1.26.3", image: "nginx:1.26", why: "" },
  control: { samples: 1240, p50Ms: 0.2134, p99Ms: 0.871, maxMs: 3.4, netP99Ms: 0.64 },
  startedAt: "2025-11-21T02:40:00.000Z",
  tookMs: 14_213,
  interrupted: false,
  stubs: [],
  notChecked: [
    { what: "memcached_pass cache:11211", why: "the lab speaks HTTP, not what memcached_pass speaks", at: at("memcached_pass") },
  ],
  routes,
  findings: [...wanted],
  ...over,
});

/** What a careful team would see first: two faults of one deployment, and a line that does nothing. */
export const typical = checkReportOf([findings.gzip, findings.version, findings.silent, findings.noEffect]);

/** Everything that a report can hold. */
export const full = checkReportOf(Object.values(findings), {
  files: [file, "deploy/conf.d/app.conf"],
  server: {
    version: "nginx/1.26.3",
    image: "hopwise/nginx:trixie",
    why: "nginx:1.27 cannot be pulled here; the nearest version of Debian stands in",
  },
  stubs: [
    { what: "a certificate for app.example at /etc/ssl/app.pem", why: `${file}:12 names it and it is not there`, at: gzipLine },
    { what: "an empty /var/log/nginx", why: "logs cannot be written to the image's own", at: null },
  ],
  experimentsNotRun: [
    {
      experiment: "suspect",
      route: "app.example/events",
      what: "gzip on",
      at: gzipLine,
      reason: "server-not-started",
      why: "The server with your configuration (nginx) could not start in a container of image nginx:1.26: socket hang up",
    },
    { experiment: "fix", route: "app.example/events", what: "take it out", at: null, reason: "trial-not-run", why: "the lab is gone" },
  ],
});

export const healthy = checkReportOf([], {
  notChecked: [],
  routes: routes.slice(0, 1).map((route) => ({ ...route, checks: route.checks.filter(({ scenario }) => scenario.outcome === "pass") })),
});

export const evil =
  "\u001B[2J\u001B]0;owned\u0007 a\r\nb\n::error::owned\n##[add-mask]x ]]></failure> --> <script>x</script> </details> </code> `` ``` [l](http://evil.example) ![i](//e) | a\\|b @admin #1 https://evil.example www.evil.example {0} \u202Egnp \u200B \u009B1m \uD800 \u2028end";

/** Everything that comes from a configuration or the wire tries to break out. */
export const hostileWith = (word: string): CheckReport => {
  const place: Line = { file: `a${word}/b.conf`, line: 3, column: 1 };
  const scenario: ScenarioReport = {
    ...held("r", "c", word, `gzip${word}`).scenario,
    id: word,
    title: word,
    why: word,
    culprit: `nginx${word}`,
    facets: [
      {
        facet: "delivery",
        case: `case${word}`,
        observation: { member: "buffered", released: "end", atLeastBytes: 800, flooded: false, heldForMs: 1763 },
        culprit: `nginx${word}`,
        evidence: word,
        hops: [],
      },
    ],
    cases: [trialCase(`case${word}`, `title ${word}`, paced)].map((one) => ({
      ...one,
      connections: one.connections.map((connection, index) => ({
        ...connection,
        ...(index === 0 ? { to: `nginx${word}` } : { from: `nginx${word}` }),
      })),
    })),
  };
  const finding: Finding = {
    ...findings.gzip,
    id: word,
    route: word,
    check: word,
    says: word,
    at: place,
    quote: word,
    culprit: { at: place, directive: word, absent: false, with: { at: place, directive: word }, link: word },
    evidence: word,
    conditions: [word],
    fix: {
      title: word,
      diff: `--- ${word}\n+++ ${word}\n@@ -1 +1 @@\n-${word}\n+${word}\n`,
      headers: [[word, word]],
      before: word,
      after: word,
      costs: [word],
      link: word,
    },
  };
  return checkReportOf(
    [finding, { ...finding, id: `2${word}`, says: `2${word}`, culprit: null, unproven: word, level: "note", rule: "no-effect", fix: null }],
    {
      given: word,
      files: [word],
      purpose: word,
      server: { version: word, image: word, why: word },
      stubs: [{ what: word, why: word, at: place }],
      notChecked: [{ what: word, why: word, at: place }],
      experimentsNotRun: [
        { experiment: "suspect", route: word, what: word, at: place, reason: "server-not-started", why: word },
        { experiment: "fix", route: word, what: word, at: null, reason: "trial-not-run", why: word },
      ],
      routes: [
        {
          id: word,
          at: place,
          title: word,
          url: word,
          upstreams: [word],
          checks: [
            { check: word, scenario },
            {
              check: `open${word}`,
              scenario: {
                ...scenario,
                outcome: "inconclusive",
                headline: "not-judged",
                decisive: null,
                facets: [],
                inconclusive: [{ facet: "ending", case: word, why: word }],
              },
            },
          ],
          limits: [],
        },
      ],
    },
  );
};
