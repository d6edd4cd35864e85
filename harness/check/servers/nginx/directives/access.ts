// Who may send which requests, and what answers in place of the application.
import type { Edit } from "../../../configuration.ts";
import { undo } from "../changes.ts";
import { causeOf, isOn, linesOf, ownLines } from "../context.ts";
import type { Context } from "../context.ts";
import { removeArgument, removeLines, setLines, within } from "../lines.ts";
import { tiers } from "../rules.ts";
import type { Family, SuspectRule } from "../rules.ts";
import type { Directive } from "../tree.ts";

/** Those of its own, of its server, and of their `if`s. */
const everyReturn = ({ home }: Context): Directive[] =>
  [home, home.parent].flatMap((level) => (level?.name === "location" || level?.name === "server" ? within(level, "return") : []));

const authBasic: SuspectRule = { directive: "auth_basic", says: "asks for a password", instead: "auth_basic off;" };

const timedOut = "504";

/** `error_page 504 =200 /late;`, `error_page 504 = @late;` https://nginx.org/en/docs/http/ngx_http_core_module.html#error_page */
const isMasking = (args: readonly string[]): boolean => args.includes(timedOut) && args.some((word) => /^=(?:2\d\d)?$/.test(word));

const withoutTimeout = (context: Context, line: Directive): Edit[] =>
  line.args.filter((word) => /^[345]\d\d$/.test(word)).length > 1
    ? removeArgument(context, line, line.args.indexOf(timedOut))
    : removeLines(context, [line]);

const maskingLines = (context: Context): Directive[] => linesOf(context, "error_page").filter(({ args }) => isMasking(args));

export const access: Family = {
  pages: {
    "http/ngx_http_access_module": "allow deny",
    "http/ngx_http_auth_basic_module": "auth_basic",
    "http/ngx_http_rewrite_module": "return set",
  },
  suspects: {
    "error-response": [
      {
        directive: "proxy_intercept_errors",
        matches: ([value]) => value === "on",
        says: "replaces the application's error responses with nginx's own pages",
        instead: undo("proxy_intercept_errors off;"),
      },
      authBasic,
      { directive: "proxy_ssl_verify", says: "refuses the upstream's certificate", instead: "proxy_ssl_verify off;" },
      {
        directive: "deny",
        says: "refuses this client",
        instead: (context: Context) => [...removeLines(context, ownLines(context, "deny")), ...setLines(context, ["allow all;"])],
      },
      { directive: "limit_except", says: "refuses this method" },
      { directive: "internal", says: "refuses requests from outside" },
      { directive: "return", lines: everyReturn, says: "answers before the application sees the request" },
      {
        directive: "error_page",
        when: ({ symptom }) => causeOf(symptom) === "first-byte-timeout",
        matches: isMasking,
        says: "turns a timeout into a success that the application did not send",
        instead: withoutTimeout,
        tier: tiers.first,
      },
      { directive: "error_page", when: (context) => isOn(context, "proxy_intercept_errors"), says: "answers in place of the application" },
    ],
    asked: [{ directive: "error_page", says: "requests another response in place of an error" }],
    upgrade: [{ directive: "limit_except", says: "refuses the request" }, authBasic],
  },
  fixes: {
    "error-response": [
      {
        id: "proxy_intercept_errors",
        title: "proxy_intercept_errors off: pass on the application's own error responses",
        when: (context) => isOn(context, "proxy_intercept_errors"),
        change: undo("proxy_intercept_errors off;"),
        cost: "nginx's own error pages are no longer shown in this location",
      },
      {
        id: "error_page",
        title: "error_page: leave out 504, so that a timeout is seen as one",
        when: (context) => causeOf(context.symptom) === "first-byte-timeout" && maskingLines(context).length > 0,
        change: (context) => maskingLines(context).flatMap((line) => withoutTimeout(context, line)),
        cost: "the client gets 504 from the server",
      },
    ],
  },
};
