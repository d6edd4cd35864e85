// For which names upstreams by TLS need a certificate. Pure.
import { madeUpHost, serversOf } from "./servers.ts";
import { everyDirective } from "./tree.ts";
import type { Directive } from "./tree.ts";

const isName = (text: string): boolean => /^[a-z0-9_](?:[\w.-]*\w)?$/i.test(text);

/** Those of addresses, of upstream groups (`$proxy_host`), and of `proxy_ssl_name`, which may be the client's own host. */
export const certifiedNames = (roots: readonly Directive[]): string[] => {
  const named = everyDirective(roots).flatMap(({ name, args: [first = ""], parent }) => {
    if (name.endsWith("_ssl_name") || name === "upstream") return [first];
    if (name === "server" && parent?.name === "upstream") return [first.replace(/:\d+$/, "")];
    return name.endsWith("_pass") ? [/^(?:https|grpcs|suwsgi):\/\/([^/:]+)/.exec(first)?.[1] ?? ""] : [];
  });
  const hosts = serversOf(roots).flatMap(({ names }) => names);
  return [...new Set([...named, ...hosts, madeUpHost].filter(isName))].toSorted();
};
