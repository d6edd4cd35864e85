// How many streams and requests one address may have.
import type { Edit } from "../../../configuration.ts";
import { browserStreams, ordinal } from "../../../../model/crowd.ts";
import { linesOf, isOfUser } from "../context.ts";
import type { Context } from "../context.ts";
import { removeLines, removeArgument, replaceLine } from "../lines.ts";
import type { Family, FixRule, LineRule } from "../rules.ts";
import { everyDirective } from "../tree.ts";
import type { Directive } from "../tree.ts";

/** `refuses the 5th … (429)`, `delays the 2nd …, by up to 500 ms`. */
const does =
  (what: string) =>
  ({ symptom }: Context): string => {
    if (!("nth" in symptom)) return `refuses one of several ${what}`;
    const { nth, refusedNth, status, delayMs } = symptom;
    const delays = `delays the ${ordinal(nth)} ${what} (by up to ${Math.round(delayMs)} ms)`;
    if (status === null) return delays;
    const refuses = `refuses the ${ordinal(refusedNth ?? nth)}`;
    return delayMs > 0 && refusedNth !== null && refusedNth > nth
      ? `${delays} and ${refuses} (${status})`
      : `${refuses} ${what} (${status})`;
  };

const mostConnections = /^max_conns=\d+$/;

const limitedServers = ({ configuration }: Context): Directive[] =>
  everyDirective(configuration.tree.roots).filter(
    ({ name, args, parent }) => name === "server" && parent?.name === "upstream" && args.some((word) => mostConnections.test(word)),
  );

const maxConns: LineRule = {
  directive: "server",
  page: "max_conns",
  lines: limitedServers,
  says: does("concurrent stream of all clients"),
  part: (_, line) => {
    const at = line.args.findIndex((word) => mostConnections.test(word));
    return { place: line.argPlaces[at] ?? line.place, words: line.args[at] ?? "max_conns" };
  },
  instead: (context) =>
    limitedServers(context).flatMap((line) =>
      removeArgument(
        context,
        line,
        line.args.findIndex((word) => mostConnections.test(word)),
      ),
    ),
  group: "upstream",
};

const isTooFew = ({ args: [, number = ""] }: Directive): boolean => Number(number) < browserStreams;

/** The first one passes, and all others of a browser are the burst. */
const burst = browserStreams - 1;

const valueIn = (args: readonly string[], name: string): string | undefined =>
  args.find((word) => word.startsWith(`${name}=`))?.slice(name.length + 1);

const isTooSlow = ({ args }: Directive): boolean =>
  Number(valueIn(args, "burst") ?? 0) < burst || (!args.includes("nodelay") && Number(valueIn(args, "delay") ?? 0) < burst);

const ownLinesOf = (context: Context, name: string, isWanted: (line: Directive) => boolean): Directive[] =>
  linesOf(context, name).filter((line) => isOfUser(context, line) && isWanted(line));

const rewritten = (lines: readonly Directive[], words: (line: Directive) => string): Edit[] =>
  lines.map((line) => replaceLine(line, `${words(line)};`));

const connectionWords = ({ args: [zone = ""] }: Directive): string => `limit_conn ${zone} ${browserStreams}`;

const requestWords = ({ args }: Directive): string => {
  const kept = args.filter((word) => !/^(?:burst=|delay=|nodelay$)/.test(word));
  return ["limit_req", ...kept, `burst=${Math.max(burst, Number(valueIn(args, "burst") ?? 0))}`, "nodelay"].join(" ");
};

/** The directive, as the first line becomes. */
const named = (lines: readonly Directive[], words: (line: Directive) => string): string => lines.slice(0, 1).map(words).join("");

const connections: FixRule = {
  id: "limit_conn",
  title: (context) =>
    `${named(ownLinesOf(context, "limit_conn", isTooFew), connectionWords)}: let one address hold ${browserStreams} streams, as many as a browser opens to one host`,
  when: (context) => ownLinesOf(context, "limit_conn", isTooFew).length > 0,
  change: (context) => rewritten(ownLinesOf(context, "limit_conn", isTooFew), connectionWords),
  cost: `one address may hold ${browserStreams} streams`,
  part: true,
};

const requests: FixRule = {
  id: "limit_req",
  title: (context) =>
    `${named(ownLinesOf(context, "limit_req", isTooSlow), requestWords)}: let ${browserStreams} requests of one address through at once, as many as a browser sends`,
  when: (context) => ownLinesOf(context, "limit_req", isTooSlow).length > 0,
  change: (context) => rewritten(ownLinesOf(context, "limit_req", isTooSlow), requestWords),
  cost: `${browserStreams} requests of one address may come at once`,
  part: true,
};

const lifted: FixRule[] = [
  {
    id: "limit_req",
    title: "limit_req: remove it, so that requests are not rate-limited",
    cost: "requests come as fast as clients send them",
  },
  {
    id: "limit_conn",
    title: "limit_conn: remove it, so that concurrent streams are not limited",
    cost: "one client may hold any number of streams",
  },
].map((rule) => ({
  ...rule,
  when: (context) => linesOf(context, rule.id).length > 0,
  change: (context) => removeLines(context, linesOf(context, rule.id)),
}));

export const limits: Family = {
  pages: { "http/ngx_http_limit_conn_module": "limit_conn", "http/ngx_http_limit_req_module": "limit_req" },
  suspects: {
    "error-response": [
      { directive: "limit_req", says: "refuses requests that come too fast" },
      {
        directive: "limit_conn",
        says: "refuses more streams than that at once",
        alone: (_, line) => Number(line?.args[1]) < 2,
      },
    ],
    crowd: [
      { directive: "limit_conn", says: does("concurrent stream of one address"), group: "connections" },
      { directive: "limit_req", says: does("of the requests that one address sends at once"), group: "requests" },
      maxConns,
    ],
  },
  fixes: { "error-response": lifted, crowd: [connections, requests] },
};
