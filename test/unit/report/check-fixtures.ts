// Reports of `hopwise check` made by hand, about a configuration that stands here too, so that lines, quotes and cures are true.
import { mustOf } from "../../../harness/check/checks.ts";
import type { CheckReport, CheckRoute, Cure, Finding, Line } from "../../../harness/report/check-report.ts";
import type { ArmReport, ScenarioReport } from "../../../harness/report/report.ts";
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
            fastcgi_pass unix:/run/php.sock;
        }
    }
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
const folkLine = at("add_header");

const link = (page: string, name: string): string => `https://nginx.org/en/docs/http/${page}.html#${name}`;

const paced = Array.from({ length: 8 }, (_, index) => 2 + index * 250);

const arm = (id: string, title: string, out: readonly number[], gaps: readonly number[] = paced): ArmReport => ({
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

const held = (route: string, check: string, evidence: string, acceptEncoding: string | null): CheckRoute["checks"][number] => ({
  check,
  scenario: {
    ...smooth,
    id: `${route}/${check}`,
    trial: "paced",
    request: { method: "GET", version: "1.1", acceptEncoding },
    outcome: "fail",
    headline: "buffered",
    culprit: "nginx",
    why: `must deliver: incrementally, but ${evidence}`,
    facets: [
      {
        facet: "delivery",
        arm: "paced",
        finding: { member: "buffered", released: "end", atLeastBytes: 800, flooded: false, heldForMs: 1763 },
        culprit: "nginx",
        evidence,
        hops: [],
      },
      { facet: "ending", arm: "paced", finding: { member: "complete" }, culprit: null, evidence: "framing complete", hops: [] },
    ],
    arms: [
      arm(
        "paced",
        "8 records of 100 B every 250 ms",
        Array.from({ length: 8 }, () => 1766),
      ),
    ],
  },
});

const cleanFacets: ScenarioReport["facets"] = [
  { facet: "headers", arm: "header-hold", finding: { member: "prompt", lagMs: 0.4 }, culprit: null, evidence: "at once", hops: [] },
  { facet: "source", arm: "late-joiner", finding: { member: "origin" }, culprit: null, evidence: "the origin's own", hops: [] },
  { facet: "integrity", arm: "lock-step", finding: { member: "intact" }, culprit: null, evidence: "every byte", hops: [] },
  { facet: "disconnect", arm: "leave", finding: { member: "at-once", afterMs: 0.6 }, culprit: null, evidence: "0.6 ms", hops: [] },
];

const silentEvidence = "nginx ended the response as if whole (last chunk) after the origin aborted: 4 of 8 records came";

const cutSilently = (route: string): CheckRoute["checks"][number] => ({
  check: "origin-abort",
  scenario: {
    ...smooth,
    id: `${route}/origin-abort`,
    trial: "origin-abort",
    outcome: "fail",
    headline: "incomplete-silent",
    culprit: "nginx",
    why: `must end: visibly, but ${silentEvidence}`,
    facets: [
      {
        facet: "ending",
        arm: "abort-reset",
        finding: { member: "incomplete-silent", cause: "origin-abort", afterMs: 152, how: "last chunk", decoderCanTell: false },
        culprit: "nginx",
        evidence: silentEvidence,
        hops: [],
      },
    ],
    arms: [arm("abort-reset", "the origin aborts (reset) after 4 of 8 records", paced.slice(0, 4), paced.slice(0, 4))],
  },
});

const gzipEvidence = "nginx let nothing out before its upstream's end, 1763 ms after the first record: buffer ≥ 800 bytes";
const plainEvidence = "nginx let nothing out before its upstream's end, 1763 ms after the first record: buffer ≥ 4000 bytes";
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
      good("app.example/events", "reload"),
      good("app.example/events", "upload"),
    ],
    limits: [{ kind: "idle-limit", ms: 60_004, tells: "visible", timeScale: 30 }],
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
      { check: "reload", scenario: { ...scenarios.inconclusive, id: "app.example/export/reload", reproduce: null } },
      good("app.example/export", "upload"),
    ],
    limits: [{ kind: "idle-limit", ms: 60_004, tells: "visible", timeScale: 30 }],
  },
];

const gzipCure: Cure = {
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

const versionCure: Cure = {
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
    guilty: {
      at: gzipLine,
      directive: "gzip_types text/event-stream",
      absent: false,
      with: null,
      link: link("ngx_http_gzip_module", "gzip_types"),
    },
    unproven: null,
    evidence: gzipEvidence,
    conditions: ["Accept-Encoding: gzip"],
    cure: gzipCure,
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
    guilty: absent,
    unproven: null,
    evidence: plainEvidence,
    conditions: [],
    cure: versionCure,
  },
  silent: {
    id: "incomplete-silent:app.example/export:origin-abort",
    rule: "incomplete-silent",
    level: "error",
    route: "app.example/export",
    check: "origin-abort",
    says: "no proxy_http_version: nginx 1.26.3 speaks HTTP/1.0 to the upstream, where the end of the connection is the end of the response",
    at: exported,
    quote: quoteOf(exported),
    guilty: absent,
    unproven: null,
    evidence: silentEvidence,
    conditions: [],
    cure: {
      ...versionCure,
      before: silentEvidence,
      after: "nginx cut the response (RST) 0.4 ms after the origin aborted: the client can see it",
    },
  },
  folk: {
    id: "folk-cure:app.example/events:add-header",
    rule: "folk-cure",
    level: "note",
    route: "app.example/events",
    check: "events",
    says: "add_header X-Accel-Buffering no is believed to tell nginx not to buffer, and does nothing here: nginx reads that header from its upstream, not from what it adds itself",
    at: folkLine,
    quote: quoteOf(folkLine),
    guilty: {
      at: folkLine,
      directive: "add_header X-Accel-Buffering no",
      absent: false,
      with: null,
      link: link("ngx_http_proxy_module", "proxy_buffering"),
    },
    unproven: null,
    evidence: "without it every trial came out as with it",
    conditions: [],
    cure: null,
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
    guilty: null,
    unproven: "none of 9 candidates flipped it when it was taken away",
    evidence: "nginx held the header section for 602 ms",
    conditions: [],
    cure: null,
  },
  application: {
    id: "cached:app.example/events:late-joiner",
    rule: "cached",
    level: "error",
    route: "app.example/events",
    check: "late-joiner",
    says: "proxy_cache_valid 200 1m stores a stream that says nothing of its freshness",
    at: at("proxy_pass"),
    quote: quoteOf(at("proxy_pass")),
    guilty: {
      at: at("proxy_pass"),
      directive: "proxy_cache_valid 200 1m",
      absent: false,
      with: { at: gzipLine, directive: "gzip_types text/event-stream" },
      link: link("ngx_http_proxy_module", "proxy_cache_valid"),
    },
    unproven: null,
    evidence: "nginx answered from its store (RFC 9211 hit), the origin was not asked",
    conditions: [],
    cure: {
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
  overlays: [],
  leftOut: [{ what: "fastcgi_pass unix:/run/php.sock", why: "a unix socket cannot be stood in for", at: at("fastcgi_pass") }],
  routes,
  findings: [...wanted],
  ...over,
});

/** What a careful team would see first: two faults of one deployment, and a line that does nothing. */
export const typical = checkReportOf([findings.gzip, findings.version, findings.silent, findings.folk]);

/** What docs/check.md shows: one route, one fault, a line that does nothing. */
export const example = checkReportOf([findings.gzip, findings.folk], { routes: routes.slice(0, 1) });

/** Everything that a report can hold. */
export const full = checkReportOf(Object.values(findings), {
  files: [file, "deploy/conf.d/app.conf"],
  server: {
    version: "nginx/1.26.3",
    image: "hopwise/nginx:trixie",
    why: "nginx:1.27 cannot be pulled here; the nearest version of Debian stands in",
  },
  overlays: [
    { what: "a certificate for app.example at /etc/ssl/app.pem", why: `${file}:12 names it and it is not there`, at: gzipLine },
    { what: "an empty /var/log/nginx", why: "logs cannot be written to the image's own", at: null },
  ],
});

export const healthy = checkReportOf([], {
  leftOut: [],
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
        arm: `arm${word}`,
        finding: { member: "buffered", released: "end", atLeastBytes: 800, flooded: false, heldForMs: 1763 },
        culprit: `nginx${word}`,
        evidence: word,
        hops: [],
      },
    ],
    arms: [arm(`arm${word}`, `title ${word}`, paced)].map((one) => ({
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
    guilty: { at: place, directive: word, absent: false, with: { at: place, directive: word }, link: word },
    evidence: word,
    conditions: [word],
    cure: {
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
    [finding, { ...finding, id: `2${word}`, says: `2${word}`, guilty: null, unproven: word, level: "note", rule: "folk-cure", cure: null }],
    {
      given: word,
      files: [word],
      purpose: word,
      server: { version: word, image: word, why: word },
      overlays: [{ what: word, why: word, at: place }],
      leftOut: [{ what: word, why: word, at: place }],
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
                facets: [],
                undecided: [{ facet: "ending", arm: word, why: word }],
              },
            },
          ],
          limits: [],
        },
      ],
    },
  );
};
