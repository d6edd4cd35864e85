// Reports of probes as a test needs them: each response judged as the command judges it.
import { judgeResponse } from "../../../harness/probe/judge/judge.ts";
import type { Observed } from "../../../harness/probe/judge/observation.ts";
import { responseReport, saidConclusion } from "../../../harness/report/probe-report.ts";
import type { ProbeReport } from "../../../harness/report/probe-report.ts";
import { events, knownEvents, observed } from "./_observed.ts";

const coded = { http: "1.1", acceptEncoding: "gzip" } as const;
/** What a client may see: fine, held, cut, known, unanswered. */
export const all: Observed[] = [
  observed(events([100, 200, 300])),
  observed(events([100, 200, 300]), { variation: coded }),
  observed(events([4000, 4000.5, 4001]), {
    variation: { http: "2", acceptEncoding: null },
    headers: [{ name: "Via", value: "1.1 \u001B[31mvarnish" }],
  }),
  observed(events([100, 200]), { end: { how: "cut", sign: "RST_STREAM(CANCEL)", atMs: 60_200 }, stalls: [[10, 90]] }),
  observed(
    knownEvents([
      { writtenMs: 100, atMs: 900 },
      { writtenMs: 500, atMs: 901 },
    ]),
    { gzipMembers: 2, strayBytes: 3 },
  ),
  observed([], { head: null, end: { how: "open", because: "time", atMs: 1000 } }),
];

export const report = (responses: readonly Observed[], outcome: ProbeReport["outcome"]): ProbeReport => ({
  schema: "hopwise.probe/1",
  tool: { name: "hopwise", version: "0" },
  startedAt: "2026-11-30T00:00:00.000Z",
  tookMs: 61_000,
  url: "https://a.example/events",
  finalUrl: null,
  method: "GET",
  outcome,
  interrupted: false,
  responses: responses.map((one) => responseReport(judgeResponse(one))),
  origin: { url: "http://b.example/", responses: responses.slice(0, 1).map((one) => responseReport(judgeResponse(one))) },
  conclusions: [
    saidConclusion({ facet: "delivery", kind: "side", side: "path" }),
    saidConclusion({ facet: "delivery", kind: "only-over", http: "2" }),
    saidConclusion({ facet: "ending", kind: "same-cut", by: "idle-timeout", ms: 60_025, responses: 2 }),
  ],
  notChecked: [{ what: "HTTP/3", why: "no HTTP/3 client" }],
});

/** Everything that a server, or whoever writes the command, can put a text into. */
export const hostileProbe = (text: string): ProbeReport => {
  const header = text.replaceAll(/[\r\n\0]/g, " ");
  const said = observed(events([100, 2000, 2000.5, 2001]), {
    type: `text/event-stream; ${header}`,
    headers: [
      { name: "Via", value: header },
      { name: "X-Cache", value: `HIT ${header}` },
    ],
  });
  const cut = observed(events([100, 200]), { end: { how: "cut", sign: text, atMs: 3000 }, variation: { http: "2", acceptEncoding: text } });
  const malformed = observed(events([100, 200]), { end: { how: "malformed", problem: text, atMs: 3000 } });
  const whole = report([said, cut, malformed], "bad");
  const origin = observed(events([100, 700, 1300, 1900]), { type: `text/event-stream; ${header}` });
  return {
    ...whole,
    url: text,
    finalUrl: text,
    method: text,
    origin: { url: text, responses: [responseReport(judgeResponse(origin))] },
    notChecked: [{ what: text, why: text }],
  };
};
