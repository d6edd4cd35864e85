// The protocol to the upstream and to the client.
import { satisfies } from "../../../../catalog/versions.ts";
import { speakHttp11 } from "../changes.ts";
import { linesOf, valueOf, isBuffered, isOfUser, versionOf, isVersionKnown, http11Since, speaksHttp10, memberOf } from "../context.ts";
import type { Context } from "../context.ts";
import { docs } from "../docs.ts";
import { removeArgument } from "../lines.ts";
import type { Family, FixRule, SuspectRule } from "../rules.ts";
import { everyDirective } from "../tree.ts";
import type { Directive } from "../tree.ts";
import { effect, speaker, collects } from "../words.ts";

const oldProtocol = (
  says: (context: Context) => string,
  group?: string,
  alone: NonNullable<SuspectRule["alone"]> = () => true,
): SuspectRule[] => [
  {
    directive: "proxy_http_version",
    matches: ([version]) => version === "1.0",
    says: (context) => `uses HTTP/1.0 to the upstream, which ${says(context)}`,
    instead: "proxy_http_version 1.1;",
    ...(group && { group }),
    alone,
  },
  {
    lacks: "proxy_http_version",
    when: (context) => valueOf(context, "proxy_http_version") === null && speaksHttp10(context),
    says: (context) => `is not set: ${speaker(context)} uses HTTP/1.0 to the upstream, which ${says(context)}`,
    instead: "proxy_http_version 1.1;",
    ...(group && { group }),
    default: "1.0",
    alone,
    provided: (context) => (isVersionKnown(context) ? [] : [`nginx is older than ${http11Since}`]),
  },
];

const holding = oldProtocol(effect, "protocol", (context) => isBuffered(context) && memberOf(context.symptom) === "buffered");

const truncating = oldProtocol(
  () => "makes a truncated response look complete",
  undefined,
  ({ symptom }) => memberOf(symptom) === "truncated-silently",
);

/** `http2` is of the socket: whichever server says it, it holds for all that listen there. The route's own go first. */
const framed = (context: Context): Directive[] => {
  const { tls, http2, port } = context.route;
  const own = linesOf(context, "listen");
  const others = everyDirective(context.configuration.tree.roots).filter((line) => line.name === "listen" && !own.includes(line));
  const isThere = ({ args: [address = "", ...options] }: Directive): boolean =>
    options.includes("http2") && Number(/\d+$/.exec(address)?.[0]) === port;
  return tls && http2 ? [...own, ...others].filter((line) => isThere(line) && isOfUser(context, line)) : [];
};

const withoutHttp2 = (context: Context) => framed(context).flatMap((line) => removeArgument(context, line, line.args.indexOf("http2")));

/** Measured: nginx 1.22 leaves an HTTP/2 header section in the buffer of the TLS connection until there is a body, 1.26 does not. */
const http2OverTls: SuspectRule = {
  directive: "listen",
  lines: framed,
  matches: () => true,
  part: (_, line) => ({ place: line.argPlaces[line.args.indexOf("http2")] ?? line.place, words: "listen … http2" }),
  says: "frames the header section for HTTP/2, and nginx leaves it in the buffer of the TLS connection until there is a body",
  instead: withoutHttp2,
  group: "framing",
  alone: (context) => satisfies(versionOf(context) ?? "1.26", "<1.26"),
};

const http11: FixRule = {
  id: "proxy_http_version",
  title: "proxy_http_version 1.1: use HTTP/1.1 to the upstream",
  when: speaksHttp10,
  change: speakHttp11,
  cost: null,
  part: true,
};

const http2Away: FixRule = {
  id: "http2",
  title: "listen without http2: use HTTP/1.1 to the client; or update nginx: 1.26 does not hold the header section",
  when: (context) => withoutHttp2(context).length > 0,
  change: withoutHttp2,
  cost: "clients of this address speak HTTP/1.1: a browser opens six connections to a host at most",
  against: ["listen"],
  link: `${docs}http/ngx_http_core_module.html#listen`,
  part: true,
};

export const protocol: Family = {
  suspects: {
    delivery: holding,
    headers: [...holding, http2OverTls],
    truncation: truncating,
    broken: truncating,
    upload: oldProtocol(() => collects, "protocol"),
  },
  fixes: { delivery: [http11], headers: [http2Away], truncation: [http11], broken: [http11], upload: [http11] },
};
