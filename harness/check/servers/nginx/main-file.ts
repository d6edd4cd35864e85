// The main file around a fragment, which in its place would be that of the image.
import type { Given } from "./layout.ts";
import { childrenOf, everyDirective, find } from "./tree.ts";
import type { Directive } from "./tree.ts";

/** What nginx's own main files set, each of which a fragment may set itself: nginx accepts it once. */
const settings: [name: string, value: string][] = [
  ["default_type", "application/octet-stream"],
  ["access_log", "off"],
  ["sendfile", "on"],
  ["keepalive_timeout", "65"],
];

export interface Around {
  /** Names of what the fragments set themselves. */
  set: ReadonlySet<string>;
  /** Formats of logs that they use, and that the main file of their deployment defines. */
  logFormats: readonly string[];
}

const nothing: Around = { set: new Set(), logFormats: [] };

const included = (target: string): string => `  include "${target.replaceAll(/["\\]/g, "\\$&")}";\n`;

const serverAround = (locations: readonly string[]): string =>
  locations.length === 0 ? "" : `  server {\n  listen 80;\n${locations.map(included).join("")}  }\n`;

/** What it includes is named one by one: an image's own sites stay out. Workers that are root need no account. */
export const mainFor = (
  { fragments, locations = [] }: Pick<Given, "fragments" | "locations">,
  { set, logFormats }: Around = nothing,
): string => `user root;
worker_processes 1;
error_log stderr warn;
include /etc/nginx/modules-enabled/*.conf;
events { worker_connections 1024; }
http {
  include /etc/nginx/mime.types;
${logFormats.map((name) => `  log_format ${name} "$request";\n`).join("")}${settings
  .filter(([name]) => !set.has(name))
  .map(([name, value]) => `  ${name} ${value};\n`)
  .join("")}${fragments.map(included).join("")}${serverAround(locations)}}
`;

/** `roots` are those of a main file of ours, at `main`. */
export const aroundOf = (roots: readonly Directive[], main: string): Around => {
  const inHttp = childrenOf(find(roots, "http")?.block ?? []);
  const isTheirs = ({ place }: Directive): boolean => place.file !== main;
  const theirs = inHttp.filter(isTheirs);
  const inOurServer = inHttp.filter((one) => one.name === "server" && !isTheirs(one)).flatMap((server) => childrenOf(server));
  const all = everyDirective([...theirs, ...inOurServer.filter(isTheirs)]);
  const defined = new Set(["combined", ...all.flatMap(({ name, args }) => (name === "log_format" ? args.slice(0, 1) : []))]);
  const used = all.flatMap(({ name, args: [, format] }) => (name === "access_log" && format !== undefined ? [format] : []));
  return {
    set: new Set(theirs.map(({ name }) => name)),
    logFormats: [...new Set(used)].filter((format) => /^\w+$/.test(format) && !defined.has(format)),
  };
};
