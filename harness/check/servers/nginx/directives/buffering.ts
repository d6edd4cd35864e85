// Buffers, and the header field with which an application asks for none.
import type { ApplicationFix } from "../../../configuration.ts";
import { linesOf, lineOf, valueOf, isSet, memberOf } from "../context.ts";
import type { Context } from "../context.ts";
import { docs } from "../docs.ts";
import { withoutField } from "../ignored-fields.ts";
import { setBuffers } from "../lines.ts";
import { tiers } from "../rules.ts";
import type { Family, FixRule, SuspectRule } from "../rules.ts";
import { effect } from "../words.ts";

const noBuffer = "disable buffering";

const ignoresAccel = ({ args }: { args: readonly string[] }): boolean => args.some((field) => field.toLowerCase() === "x-accel-buffering");

const ignoredAccel: SuspectRule = {
  directive: "proxy_ignore_headers",
  matches: (args) => ignoresAccel({ args }),
  says: (context) => `ignores the application's X-Accel-Buffering, and so ${effect(context)}`,
  instead: (context, line) => withoutField(context, line, ["x-accel-buffering"]),
};

const buffers: SuspectRule[] = ["proxy_buffers", "proxy_buffer_size"].map((directive): SuspectRule => ({
  directive,
  says: effect,
  instead: (context: Context) => setBuffers(context, "4k"),
}));

/** Measured: with HTTP/1.1 to the upstream small records pass through a buffer; the header section and the end of a large record do not. Over
 *  HTTP/1.1 with TLS, the buffer of TLS holds small records, too. */
const holdsLargeRecords: Pick<SuspectRule, "alone" | "provided"> = {
  alone: ({ route, symptom }) => memberOf(symptom) !== "buffered" || (route.tls && !route.http2),
  provided: (context) =>
    linesOf(context, "proxy_ignore_headers").some(ignoresAccel) ? [] : ["the application does not send X-Accel-Buffering: no"],
};

const explicitBuffering: SuspectRule = {
  directive: "proxy_buffering",
  matches: ([value]) => value === "on",
  says: effect,
  instead: "proxy_buffering off;",
  ...holdsLargeRecords,
};

const noBuffering: SuspectRule = {
  lacks: "proxy_buffering off",
  when: (context) => valueOf(context, "proxy_buffering") === null,
  says: (context) => `is not set, so that nginx ${effect(context)}`,
  instead: "proxy_buffering off;",
  tier: tiers.last,
  default: "on",
  ...holdsLargeRecords,
};

const postponed: SuspectRule = {
  directive: "postpone_output",
  matches: ([size]) => size !== "0",
  says: effect,
  instead: "postpone_output 0;",
  group: "postponing",
};

/** A header section that is held by two things is released where both are removed. */
const ofHeaders = (rule: SuspectRule): SuspectRule => ({ ...rule, group: "buffering" });

const accelHeeded: FixRule = {
  id: "proxy_ignore_headers",
  title: "proxy_ignore_headers: remove X-Accel-Buffering, so that the application's header takes effect",
  when: (context) => lineOf(context, "proxy_ignore_headers")?.args.some((field) => field.toLowerCase() === "x-accel-buffering") ?? false,
  change: (context) => linesOf(context, "proxy_ignore_headers").flatMap((line) => withoutField(context, line, ["x-accel-buffering"])),
  cost: null,
};

const caches = (context: Context): boolean => isSet(context, "proxy_cache") || isSet(context, "proxy_store");

const unbuffered = (cached: boolean): FixRule => ({
  id: "proxy_buffering",
  ...(cached && { key: "proxy_buffering of a cache" }),
  title: "proxy_buffering off: disable response buffering for this location",
  when: (context) => valueOf(context, "proxy_buffering") !== "off" && caches(context) === cached,
  change: ["proxy_buffering off;"],
  cost: (context) =>
    [
      ...(cached ? ["responses of this location are no longer cached or stored"] : []),
      ...rateLimitsOf(context).map((directive) => `${directive} no longer limits its responses`),
      "a slow client keeps the application waiting",
    ].join("; "),
});

/** nginx paces only what it buffers: an unbuffered response resets `limit_rate` (`ngx_http_upstream_send_response`).
 *  https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_limit_rate */
const rateLimitsOf = (context: Context): string[] =>
  ["limit_rate", "proxy_limit_rate"].filter((directive) => (valueOf(context, directive) ?? "0") !== "0");

const notPostponed: FixRule = {
  id: "postpone_output",
  title: "postpone_output 0: send small pieces immediately",
  when: (context) => valueOf(context, "postpone_output") !== "0",
  change: ["postpone_output 0;"],
  cost: "small responses may take one packet more",
  against: ["ssi"],
};

const accelHeader: ApplicationFix = {
  id: "x-accel-buffering",
  title: "application: send X-Accel-Buffering: no in the response",
  headers: [["X-Accel-Buffering", "no"]],
  link: `${docs}http/ngx_http_proxy_module.html#proxy_buffering`,
};

export const buffering: Family = {
  suspects: {
    delivery: [ignoredAccel, postponed, ...buffers, explicitBuffering, noBuffering],
    headers: [ignoredAccel, postponed, ...buffers, ofHeaders(explicitBuffering), ofHeaders(noBuffering)],
    "error-response": [
      {
        directive: "proxy_buffer_size",
        says: "is too small for the application's header section",
        instead: (context: Context) => setBuffers(context, "64k"),
      },
    ],
  },
  fixes: {
    delivery: [accelHeeded, unbuffered(false), unbuffered(true)],
    headers: [{ ...unbuffered(false), part: true }, notPostponed, accelHeeded, { ...unbuffered(true), part: true }],
    "error-response": [
      {
        id: "proxy_buffer_size",
        title: "proxy_buffer_size 64k: make room for a large header section",
        when: (context) => valueOf(context, "proxy_buffer_size") !== null,
        change: (context) => setBuffers(context, "64k"),
        cost: "each request takes more memory",
      },
    ],
  },
  application: { delivery: [accelHeader], headers: [accelHeader] },
  signs: [
    { directive: "proxy_buffering", like: ([value]) => value === "off" },
    { directive: "add_header", like: ([field = ""]) => /^x-accel-buffering$/i.test(field) },
    { directive: "proxy_set_header", like: ([field = ""]) => /^x-accel-buffering$/i.test(field) },
  ],
  beliefs: [
    {
      directive: "add_header",
      like: /^x-accel-buffering /i,
      belief: noBuffer,
      because: "nginx reads that header from its upstream, not from what it adds itself",
      elsewhere: "it disables buffering in an nginx in front of this one, which reads it",
    },
    {
      directive: "proxy_set_header",
      like: /^x-accel-buffering /i,
      belief: noBuffer,
      because: "nginx sends that header to its upstream, and acts on it in a response only",
    },
    {
      directive: "proxy_pass_header",
      like: /^x-accel-buffering$/i,
      belief: noBuffer,
      because: "nginx acts on that header whether or not it passes it on",
    },
    {
      directive: "proxy_max_temp_file_size",
      like: /^0$/,
      own: true,
      belief: noBuffer,
      elsewhere:
        "it matters for clients that read slowly: what does not fit into the buffers waits at the application instead of in a file",
    },
  ],
};
