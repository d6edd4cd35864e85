// What keeps bytes back: the stream's own, or those of its header section.
import type { Charge } from "../charge.ts";
import { tiers } from "../charge.ts";
import { removeArgument, removeLines, replaceLine, setBuffers } from "../lines.ts";
import { accepts, hidesOthers, isOfUser, isOn, isSet, linesOf, mediaTypeOf, speaksHttp10, typeIn, valueOf } from "../scene.ts";
import type { Scene } from "../scene.ts";
import { everyDirective } from "../tree.ts";
import type { Directive } from "../tree.ts";
import { deed, speaker } from "./words.ts";

interface Coding {
  coding: string;
  directive: string;
  types: string;
}

export const codings: Coding[] = [
  { coding: "gzip", directive: "gzip", types: "gzip_types" },
  { coding: "br", directive: "brotli", types: "brotli_types" },
  { coding: "zstd", directive: "zstd", types: "zstd_types" },
];

/** Whether it codes this response for this client. */
export const encodes = (scene: Scene, { coding, directive, types }: Coding): boolean =>
  isOn(scene, directive) && accepts(scene.symptom, coding) && typeIn(scene, types) !== null;

const matching = ({ symptom }: Scene, types: readonly string[]): number[] =>
  types.flatMap((type, at) => (type === "*" || type.toLowerCase() === mediaTypeOf(symptom) ? [at] : []));

/** A list of types cannot be empty; text/html is always in it. */
export const withoutType = (scene: Scene, line: Directive) => {
  const guilty = matching(scene, line.args);
  if (guilty.length === line.args.length) return [replaceLine(line, `${line.name} text/html;`)];
  return guilty.flatMap((argument) => removeArgument(scene, line, argument));
};

const ofCoding = (coded: Coding): Charge[] => {
  const says = (scene: Scene): string => `${deed(scene)} when the client accepts ${coded.coding}`;
  const when = (scene: Scene): boolean => encodes(scene, coded);
  return [
    {
      directive: coded.types,
      when,
      guilty: (args, scene) => matching(scene, args).length > 0,
      part: (scene, line) => {
        const at = matching(scene, line.args)[0] ?? 0;
        return { place: line.argPlaces[at] ?? line.place, words: `${line.name} ${line.args[at]}` };
      },
      says,
      instead: withoutType,
      group: "coding",
    },
    { directive: coded.directive, when, says, instead: `${coded.directive} off;`, group: "coding" },
  ];
};

export const sentFromFile = (scene: Scene): boolean =>
  isOn(scene, "sendfile") && (isSet(scene, "proxy_cache") || isSet(scene, "proxy_store"));

/** What rewrites bodies: all may wait for more than one record. */
export const filters: Charge[] = [
  { directive: "sub_filter", when: (scene) => typeIn(scene, "sub_filter_types") !== null, says: deed, group: "filter" },
  { directive: "ssi", when: (scene) => typeIn(scene, "ssi_types") !== null, says: deed, instead: "ssi off;", group: "filter" },
  ...["add_before_body", "add_after_body"].map((directive): Charge => ({
    directive,
    when: (scene) => typeIn(scene, "addition_types") !== null,
    says: deed,
    instead: `${directive} "";`,
    group: "filter",
  })),
  { directive: "image_filter", says: deed, instead: "image_filter off;", group: "filter" },
  { directive: "gunzip", when: ({ symptom }) => !accepts(symptom, "gzip"), says: deed, instead: "gunzip off;", group: "filter" },
  { directive: "modsecurity", says: deed, instead: "modsecurity off;", group: "filter" },
  ...["js_body_filter", "xslt_stylesheet", "body_filter_by_lua_block", "body_filter_by_lua_file", "body_filter_by_lua"].map(
    (directive): Charge => ({ directive, says: deed, group: "filter" }),
  ),
];

const rates: Charge[] = [
  { directive: "limit_rate", guilty: ([rate]) => rate !== "0", says: deed, instead: "limit_rate 0;", group: "rate" },
  {
    directive: "proxy_limit_rate",
    guilty: ([rate]) => rate !== "0",
    when: (scene) => valueOf(scene, "proxy_buffering") !== "off",
    says: deed,
    instead: "proxy_limit_rate 0;",
    group: "rate",
  },
];

const whileStored = (scene: Scene): string => `${deed(scene)} while it is being stored`;

/** Measured: what is being stored is sent from its file, neither flushed nor pushed, once sendfile is on. */
const storing: Charge[] = [
  { directive: "proxy_cache", when: sentFromFile, says: whileStored, instead: "proxy_cache off;", group: "storing" },
  { directive: "proxy_store", when: sentFromFile, says: whileStored, instead: "proxy_store off;", group: "storing" },
  { directive: "tcp_nopush", when: sentFromFile, says: whileStored, instead: "tcp_nopush off;", group: "storing" },
  { directive: "sendfile", when: sentFromFile, says: whileStored, instead: "sendfile off;", group: "storing" },
];

const ignoredAccel: Charge = {
  directive: "proxy_ignore_headers",
  guilty: (args) => args.some((field) => field.toLowerCase() === "x-accel-buffering"),
  says: (scene) => `has nginx disregard the application's wish, and so ${deed(scene)}`,
  instead: (scene, line) => withoutField(scene, line, ["x-accel-buffering"]),
};

/** Takes fields out of proxy_ignore_headers; the last one takes the line along. */
export const withoutField = (scene: Scene, line: Directive, fields: string[]) => {
  const guilty = line.args.flatMap((field, at) => (fields.includes(field.toLowerCase()) ? [at] : []));
  // Where nothing stood any more an outer line would come into effect.
  if (guilty.length === line.args.length)
    return hidesOthers(line) ? [replaceLine(line, "proxy_ignore_headers X-Accel-Limit-Rate;")] : removeLines(scene, [line]);
  return guilty.flatMap((argument) => removeArgument(scene, line, argument));
};

const buffers: Charge[] = ["proxy_buffers", "proxy_buffer_size"].map((directive): Charge => ({
  directive,
  says: deed,
  instead: (scene: Scene) => setBuffers(scene, "4k"),
}));

const explicitBuffering: Charge = {
  directive: "proxy_buffering",
  guilty: ([value]) => value === "on",
  says: deed,
  instead: "proxy_buffering off;",
};

const noBuffering: Charge = {
  lacks: "proxy_buffering off",
  when: (scene) => valueOf(scene, "proxy_buffering") === null,
  says: (scene) => `is not set, so that nginx ${deed(scene)}`,
  instead: "proxy_buffering off;",
  tier: tiers.last,
};

const postponed: Charge = {
  directive: "postpone_output",
  guilty: ([size]) => size !== "0",
  says: deed,
  instead: "postpone_output 0;",
  group: "postponing",
};

export const oldProtocol = (says: (scene: Scene) => string, group?: string): Charge[] => [
  {
    directive: "proxy_http_version",
    guilty: ([version]) => version === "1.0",
    says: (scene) => `asks the upstream by HTTP/1.0, which ${says(scene)}`,
    instead: "proxy_http_version 1.1;",
    ...(group && { group }),
  },
  {
    lacks: "proxy_http_version",
    when: (scene) => valueOf(scene, "proxy_http_version") === null && speaksHttp10(scene),
    says: (scene) => `is not set: ${speaker(scene)} speaks HTTP/1.0 to the upstream, which ${says(scene)}`,
    instead: "proxy_http_version 1.1;",
    ...(group && { group }),
  },
];

export const delivery: Charge[] = [
  ...codings.flatMap(ofCoding),
  ...filters,
  ignoredAccel,
  ...rates,
  ...storing,
  ...oldProtocol(deed, "protocol"),
  postponed,
  ...buffers,
  explicitBuffering,
  noBuffering,
];

/** `http2` is of the socket: whichever server says it, it holds for all that listen there. The route's own go first. */
const framed = (scene: Scene): Directive[] => {
  const { tls, http2, port } = scene.route;
  const own = linesOf(scene, "listen");
  const others = everyDirective(scene.configuration.tree.roots).filter((line) => line.name === "listen" && !own.includes(line));
  const isThere = ({ args: [address = "", ...options] }: Directive): boolean =>
    options.includes("http2") && Number(/\d+$/.exec(address)?.[0]) === port;
  return tls && http2 ? [...own, ...others].filter((line) => isThere(line) && isOfUser(scene, line)) : [];
};

export const withoutHttp2 = (scene: Scene) => framed(scene).flatMap((line) => removeArgument(scene, line, line.args.indexOf("http2")));

/** Measured: nginx 1.22 leaves an HTTP/2 header section in the buffer of the TLS connection until there is a body, 1.26 does not. */
const http2OverTls: Charge = {
  directive: "listen",
  lines: framed,
  guilty: () => true,
  part: (_, line) => ({ place: line.argPlaces[line.args.indexOf("http2")] ?? line.place, words: "listen … http2" }),
  says: "frames the header section for HTTP/2, and nginx leaves it in the buffer of the TLS connection until there is a body",
  instead: withoutHttp2,
  group: "framing",
};

/** A header section that is held by two things is let go where both are away. */
export const headers: Charge[] = [
  ...delivery.map((charge) => (charge === noBuffering || charge === explicitBuffering ? { ...charge, group: "buffering" } : charge)),
  http2OverTls,
];
