// What rewrites bodies.
import { linesOf, valueOf, isOn, isSet, memberOf, accepts, typeIn } from "../context.ts";
import type { Context } from "../context.ts";
import { removeLines } from "../lines.ts";
import type { Family, FixRule, SuspectRule } from "../rules.ts";
import type { Directive } from "../tree.ts";
import { collects, effect } from "../words.ts";

/** What a search begins with is kept back at the end of what came, since it may go on: a record ends with a line break. */
const beginsAsRecordsEnd = (line: Directive | null): boolean => line?.args[0]?.startsWith("\n") ?? false;

const alters = ({ symptom }: Context): boolean => "facet" in symptom && symptom.facet === "integrity";

const holdsHeaders = ({ symptom }: Context): boolean => "facet" in symptom && symptom.facet === "headers";

/** What rewrites bodies: all may wait for more than one record. */
const rewriting: SuspectRule[] = [
  {
    directive: "sub_filter",
    when: (context) => typeIn(context, "sub_filter_types") !== null,
    says: effect,
    group: "filter",
    alone: (context, line) => alters(context) || (memberOf(context.symptom) === "lagging" && beginsAsRecordsEnd(line)),
    provided: (context) => (alters(context) ? ["the stream contains the text that is replaced"] : []),
  },
  {
    directive: "ssi",
    when: (context) => typeIn(context, "ssi_types") !== null,
    says: effect,
    instead: "ssi off;",
    group: "filter",
    // Measured: postpone_output 0 releases what it holds.
    alone: (context) => holdsHeaders(context) && valueOf(context, "postpone_output") !== "0",
  },
  ...["add_before_body", "add_after_body"].map((directive): SuspectRule => ({
    directive,
    // An empty one takes an outer one back.
    matches: ([page]) => page !== "",
    when: (context) => typeIn(context, "addition_types") !== null,
    says: effect,
    instead: `${directive} "";`,
    group: "filter",
    alone: (context) => alters(context) || (directive === "add_before_body" && holdsHeaders(context)),
  })),
  { directive: "image_filter", says: effect, instead: "image_filter off;", group: "filter" },
  { directive: "gunzip", when: ({ symptom }) => !accepts(symptom, "gzip"), says: effect, instead: "gunzip off;", group: "filter" },
  { directive: "modsecurity", says: effect, instead: "modsecurity off;", group: "filter" },
  ...["js_body_filter", "xslt_stylesheet", "body_filter_by_lua_block", "body_filter_by_lua_file", "body_filter_by_lua"].map(
    (directive): SuspectRule => ({ directive, says: effect, group: "filter" }),
  ),
];

const rewrites = (context: Context): boolean => linesOf(context, "sub_filter").length > 0;

const unfiltered: FixRule[] = [
  {
    id: "sub_filter_types",
    title: "sub_filter_types text/html: substitute in HTML only",
    when: (context) =>
      rewrites(context) && typeof typeIn(context, "sub_filter_types") === "object" && typeIn(context, "sub_filter_types") !== null,
    change: ["sub_filter_types text/html;"],
    cost: "nothing is substituted in this location's responses of other types",
    against: ["sub_filter"],
    part: true,
  },
  {
    id: "sub_filter",
    title: "sub_filter: remove it, so that nothing is substituted",
    when: (context) => rewrites(context) && typeIn(context, "sub_filter_types") === "always",
    change: (context) => removeLines(context, linesOf(context, "sub_filter")),
    cost: "nothing is substituted where these lines were in effect",
    part: true,
  },
  {
    id: "ssi",
    title: "ssi off: disable server-side includes for this location",
    when: (context) => isOn(context, "ssi") && typeIn(context, "ssi_types") !== null,
    change: ["ssi off;"],
    cost: "server-side includes are no longer processed in this location",
    part: true,
  },
  ...["add_before_body", "add_after_body"].map((id): FixRule => ({
    id,
    title: `${id} "": add nothing to responses of this location`,
    when: (context) => Boolean(valueOf(context, id)) && typeIn(context, "addition_types") !== null,
    change: [`${id} "";`],
    cost: "nothing is added to this location's responses",
    part: true,
  })),
  ...["gunzip", "image_filter", "modsecurity"].map((id): FixRule => ({
    id,
    title: `${id} off: disable it for this location`,
    when: (context) => isSet(context, id),
    change: [`${id} off;`],
    cost: `this location does without ${id}`,
    part: true,
  })),
];

const fetches = "fetches another body with a request of its own";

export const filters: Family = {
  pages: {
    "http/ngx_http_addition_module": "add_after_body add_before_body addition_types",
    "http/ngx_http_gunzip_module": "gunzip",
    "http/ngx_http_image_filter_module": "image_filter",
    "http/ngx_http_js_module": "js_body_filter",
    "http/ngx_http_ssi_module": "ssi ssi_types",
    "http/ngx_http_sub_module": "sub_filter sub_filter_types",
    "http/ngx_http_xslt_module": "xslt_stylesheet",
    "https://github.com/owasp-modsecurity/ModSecurity-nginx": "modsecurity",
  },
  suspects: {
    delivery: rewriting,
    headers: rewriting,
    altered: rewriting.map((rule): SuspectRule => ({ ...rule, says: "changes the body" })),
    asked: [
      { directive: "add_before_body", says: fetches, instead: 'add_before_body "";' },
      { directive: "add_after_body", says: fetches, instead: 'add_after_body "";' },
      { directive: "ssi", says: "fetches what the body includes", instead: "ssi off;" },
    ],
    upload: [{ directive: "modsecurity", says: collects, instead: "modsecurity off;", group: "filter" }],
  },
  fixes: { delivery: unfiltered, altered: unfiltered },
};
