// Where the page of an error_page lies: without it nginx answers 404 instead of the error, since a volume or another image fills its folder.
import { nearestOf, ownOf } from "./levels.ts";
import { childrenOf } from "./tree.ts";
import type { Directive } from "./tree.ts";

const isLiteral = (text: string | undefined): text is string => text !== undefined && text.startsWith("/") && !text.includes("$");

/** Of the location that answers the URI of the page alone, else of the block of the directive; null where the configuration does not say it
 *  literally, or the location answers otherwise (https://nginx.org/en/docs/http/ngx_http_core_module.html#error_page). */
export const fileOfErrorPage = ({ args, parent }: Directive): string | null => {
  const uri = args.at(-1);
  if (!isLiteral(uri) || parent === null) return null;
  const server = parent.name === "location" ? (parent.parent ?? parent) : parent;
  const own = childrenOf(server).find(({ name, args: [modifier, path] }) => name === "location" && modifier === "=" && path === uri);
  const block = own ?? parent;
  const [alias] = own ? ownOf(own, "alias") : [];
  if (alias) return isLiteral(alias.args[0]) ? alias.args[0] : null;
  if (own && childrenOf(own).some(({ name }) => name === "return" || name === "try_files" || name.endsWith("_pass"))) return null;
  const [root] = nearestOf(block, "root")[0]?.args ?? [];
  return isLiteral(root) ? `${root.replace(/\/$/, "")}${uri}` : null;
};
