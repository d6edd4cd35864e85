// Where the page of an error_page lies: without it nginx answers 404 instead of the error, since a volume or another image fills its folder.
import { newEffort } from "./effort.ts";
import { nearestOf, ownOf } from "./levels.ts";
import { finderOf } from "./locations.ts";
import { patternOf } from "./patterns.ts";
import { handlerNames } from "./rewriting.ts";
import { childrenOf } from "./tree.ts";
import type { Directive } from "./tree.ts";

const isLiteral = (text: string | undefined): text is string => text !== undefined && text.startsWith("/") && !text.includes("$");

/** Of the location that answers the URI of the page, else of the block of the directive; null where the configuration does not say it
 *  literally, or the location answers otherwise (https://nginx.org/en/docs/http/ngx_http_core_module.html#error_page). */
export const fileOfErrorPage = ({ args, parent }: Directive): string | null => {
  const asked = args.at(-1);
  if (!isLiteral(asked) || parent === null) return null;
  const block = blockThatServes(asked, parent);
  const uri = block && uriWithin(block, asked);
  if (!block || uri === null) return null;
  const [alias] = ownOf(block, "alias");
  if (alias) return aliased(block, alias, uri);
  const [root] = nearestOf(block, "root")[0]?.args ?? [];
  return isLiteral(root) ? `${root.replace(/\/$/, "")}${uri}` : null;
};

const serverOf = (block: Directive): Directive | null =>
  block.name === "server" ? block : block.parent === null ? null : serverOf(block.parent);

/** Null: what serves it is not known, or is no file. A directive of the http level is for servers that are not looked at one by one. */
const blockThatServes = (uri: string, parent: Directive): Directive | null => {
  const server = serverOf(parent);
  if (server === null) return parent;
  const found = finderOf(server, newEffort()).find(uri);
  if (found.kind !== "found") return null;
  const block = found.location?.block ?? server;
  // In a location that forwards, the page is the application's; try_files may look for a file of that name, or for others.
  const answers = childrenOf(block).some(
    ({ name, args }) => name === "return" || handlerNames.includes(name) || (name === "try_files" && !args.includes("$uri")),
  );
  return answers ? null : block;
};

/** What a rewrite of the location makes of it; null where that is more than one literal path. */
const uriWithin = (block: Directive, uri: string): string | null => {
  const rewrites = ownOf(block, "rewrite");
  if (rewrites.length === 0) return uri;
  const [pattern = "", to, flag] = rewrites[0]?.args ?? [];
  if (rewrites.length > 1 || flag !== "break" || !isLiteral(to)) return null;
  return patternOf(pattern, false)?.match(uri) ? to : null;
};

/** An alias takes the place of a path that is no pattern. */
const aliased = ({ args: [first = "", second] }: Directive, { args: [alias] }: Directive, uri: string): string | null => {
  const path = second ?? first;
  return isLiteral(alias) && uri.startsWith(path) ? `${alias}${uri.slice(path.length)}` : null;
};
