// Servers of an upstream that are left out after failures: https://nginx.org/en/docs/http/ngx_http_upstream_module.html#max_fails
import { upstreamKey } from "../../../configuration.ts";
import type { Edit } from "../../../configuration.ts";
import { isOfUser } from "../context.ts";
import type { Context } from "../context.ts";
import { replaceLine, wordsOf } from "../lines.ts";
import type { Family, LineRule } from "../rules.ts";
import { childrenOf, everyDirective } from "../tree.ts";
import type { Directive } from "../tree.ts";
import { serversIn } from "../upstreams.ts";

const valueOf = ({ args }: Directive, name: string): string | null =>
  args.find((word) => word.startsWith(`${name}=`))?.slice(name.length + 1) ?? null;

const isLeftOut = (server: Directive): boolean => valueOf(server, "max_fails") !== "0";

/** Of the upstreams that a route leads to, where all of several servers may be left out: a single one never is. */
const failingServers = (context: Context): Directive[] => {
  const { configuration, route } = context;
  const groups = everyDirective(configuration.tree.roots).filter(({ name, block }) => name === "upstream" && block !== null);
  return groups.flatMap((group) => {
    const servers = childrenOf(group).filter(({ name, args }) => name === "server" && !args.includes("down"));
    const leads = serversIn(group).some(({ address }) => route.upstreams.includes(upstreamKey(address)));
    return leads && servers.length > 1 && servers.every((one) => isLeftOut(one) && isOfUser(context, one)) ? servers : [];
  });
};

/** The defaults of nginx. */
const times = (server: Directive): { fails: string; rests: string } => ({
  fails: valueOf(server, "max_fails") ?? "1",
  rests: valueOf(server, "fail_timeout") ?? "10s",
});

const wordAt = ({ args }: Directive): number => args.findIndex((word) => word.startsWith("max_fails="));

const kept = (context: Context, server: Directive): Edit => {
  const at = wordAt(server);
  const word = server.argPlaces[at];
  if (word) return { file: word.file, start: word.start, end: word.end, text: "max_fails=0" };
  return replaceLine(server, `${wordsOf(context, server)} max_fails=0;`);
};

const maxFails: LineRule = {
  directive: "server",
  page: "max_fails",
  lines: failingServers,
  matches: () => true,
  says: (_, line) => {
    const { fails, rests } = line ? times(line) : { fails: "1", rests: "10s" };
    const which = line && wordAt(line) < 0 ? `has max_fails=${fails} by default: nginx` : "is why nginx";
    return `${which} leaves a server out for ${rests} after ${fails === "1" ? "a request that fails" : `${fails} requests that fail`} before the header section of the response, and answers by itself when all are left out`;
  },
  part: (context, line) => {
    const at = wordAt(line);
    const place = line.argPlaces[at];
    return place ? { place, words: line.args[at] ?? "max_fails" } : { place: line.place, words: wordsOf(context, line) };
  },
  instead: (context) => failingServers(context).map((server) => kept(context, server)),
};

export const failures: Family = {
  pages: { "http/ngx_http_upstream_module": "max_fails max_conns" },
  suspects: { outage: [maxFails] },
};
