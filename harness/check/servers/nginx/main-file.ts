// The main file around a fragment, which in its place would be that of the image.
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
  /** The fragments belong into a server block. */
  isServer: boolean;
  /** Names of what the fragments set themselves. */
  set: ReadonlySet<string>;
  /** Formats of logs that they use, and that the main file of their deployment defines. */
  logFormats: readonly string[];
}

/** What it includes is named one by one: an image's own sites stay out. Workers that are root need no account. */
export const mainFor = (
  fragments: readonly string[],
  { set = new Set(), logFormats = [], isServer }: Partial<Around>,
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
  .join("")}${isServer ? "  server {\n  listen 80;\n" : ""}${fragments
  .map((target) => `  include "${target.replaceAll(/["\\]/g, "\\$&")}";\n`)
  .join("")}${isServer ? "  }\n" : ""}}
`;

/** `roots` are those of a main file of ours, at `main`. */
export const aroundOf = (roots: readonly Directive[], main: string, isServer: boolean): Around => {
  const http = find(roots, "http");
  const inHttp = http ? childrenOf(http) : [];
  const theirs = (isServer ? inHttp.flatMap((block) => childrenOf(block)) : inHttp).filter(({ place }) => place.file !== main);
  const all = everyDirective(theirs);
  const defined = new Set(["combined", ...all.flatMap(({ name, args }) => (name === "log_format" ? args.slice(0, 1) : []))]);
  const used = all.flatMap(({ name, args: [, format] }) => (name === "access_log" && format !== undefined ? [format] : []));
  return {
    isServer,
    // A server's own lines go before those of the http block.
    set: new Set(isServer ? [] : theirs.map(({ name }) => name)),
    logFormats: [...new Set(used)].filter((format) => /^\w+$/.test(format) && !defined.has(format)),
  };
};
