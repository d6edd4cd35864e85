// Content codings.
import { linesOf, isOn, isBuffered, isOfUser, hidesOthers, mediaTypeOf, accepts, typeIn } from "../context.ts";
import type { Context } from "../context.ts";
import { removeLines, removeArgument, replaceLine } from "../lines.ts";
import type { Family, FixRule, SuspectRule } from "../rules.ts";
import type { Directive } from "../tree.ts";
import { effect } from "../words.ts";

interface Coding {
  coding: string;
  directive: string;
  types: string;
}

const codings: Coding[] = [
  { coding: "gzip", directive: "gzip", types: "gzip_types" },
  { coding: "br", directive: "brotli", types: "brotli_types" },
  { coding: "zstd", directive: "zstd", types: "zstd_types" },
];

/** Whether it codes this response for this client. */
const encodes = (context: Context, { coding, directive, types }: Coding): boolean =>
  isOn(context, directive) && accepts(context.symptom, coding) && typeIn(context, types) !== null;

const matching = ({ symptom }: Context, types: readonly string[]): number[] =>
  types.flatMap((type, at) => (type === "*" || type.toLowerCase() === mediaTypeOf(symptom) ? [at] : []));

/** A list of types cannot be empty; text/html is always in it. */
const withoutType = (context: Context, line: Directive) => {
  const matches = matching(context, line.args);
  if (matches.length === line.args.length) return [replaceLine(line, `${line.name} text/html;`)];
  return matches.flatMap((argument) => removeArgument(context, line, argument));
};

const ofCoding = (coded: Coding): SuspectRule[] => {
  const says = (context: Context): string => `${effect(context)} if the client accepts ${coded.coding}`;
  const when = (context: Context): boolean => encodes(context, coded);
  return [
    {
      directive: coded.types,
      when,
      matches: (args, context) => matching(context, args).length > 0,
      part: (context, line) => {
        const at = matching(context, line.args)[0] ?? 0;
        return { place: line.argPlaces[at] ?? line.place, words: `${line.name} ${line.args[at]}` };
      },
      says,
      instead: withoutType,
      group: "coding",
      // Measured: unbuffered, nginx flushes what it codes.
      alone: isBuffered,
    },
    {
      directive: coded.directive,
      when,
      says,
      instead: `${coded.directive} off;`,
      group: "coding",
      // Else it is the line with the types that is named.
      alone: (context) => isBuffered(context) && !linesOf(context, coded.types).some((line) => isOfUser(context, line)),
    },
  ];
};

/** The line that can do without this type, if there is one. */
const sparingLine = (context: Context, types: string): Directive | null => {
  const found = typeIn(context, types);
  if (found === null || found === "always" || found.line.args.includes("*") || !isOfUser(context, found.line)) return null;
  return found.line.args.length > 1 || !hidesOthers(found.line) ? found.line : null;
};

const uncoded: FixRule[] = codings.flatMap((coded): FixRule[] => [
  {
    id: coded.types,
    title: (context) => `${coded.types}: remove ${mediaTypeOf(context.symptom)}`,
    when: (context) => encodes(context, coded) && sparingLine(context, coded.types) !== null,
    change: (context) => {
      const line = sparingLine(context, coded.types);
      if (!line) return [];
      return line.args.length > 1 ? withoutType(context, line) : removeLines(context, [line]);
    },
    cost: "responses of this type are no longer compressed",
    against: [coded.types, coded.directive],
    part: true,
  },
  {
    id: coded.directive,
    title: `${coded.directive} off: disable compression for this location`,
    when: (context) => encodes(context, coded) && sparingLine(context, coded.types) === null,
    change: [`${coded.directive} off;`],
    cost: "this location is no longer compressed",
    against: [coded.types, coded.directive],
    part: true,
  },
]);

const suspects = codings.flatMap(ofCoding);

const notCompressed = "keep nginx from compressing";

export const coding: Family = {
  pages: {
    "http/ngx_http_gzip_module": "gzip gzip_buffers gzip_comp_level gzip_min_length gzip_proxied gzip_types gzip_vary",
    "https://github.com/google/ngx_brotli": "brotli brotli_types",
    "https://github.com/tokers/zstd-nginx-module": "zstd zstd_types",
  },
  suspects: { delivery: suspects, headers: suspects },
  fixes: { delivery: uncoded },
  beliefs: [
    { directive: "add_header", like: /^cache-control .*no-transform/i, belief: notCompressed },
    { directive: "add_header", like: /^content-encoding /i, belief: notCompressed },
    { directive: "gzip_proxied", like: /no-cache|no-store|expired/, own: true, belief: notCompressed },
  ],
};
