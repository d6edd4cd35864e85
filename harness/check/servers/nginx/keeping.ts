// Where nginx keeps what is ahead of a slow client: https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_max_temp_file_size. Pure.
import type { Keeping, Route } from "../../configuration.ts";
import { isBuffered, isSet, lineOf, spotOf } from "./context.ts";
import type { Parsed } from "./context.ts";
import { localName } from "./dialects.ts";
import { wordsOf } from "./lines.ts";

/** nginx's default. */
const usualMost = "1024m";

/** "This restriction does not apply to responses that will be cached or stored on disk." */
const unlimited = "which proxy_max_temp_file_size does not limit";

export const keepingOf = (parsed: Parsed, route: Route): Keeping | null => {
  const spot = spotOf(parsed, route);
  const directive = spot && localName(spot, "proxy_max_temp_file_size");
  if (!spot || directive === null) return null;
  const inWords = (name: string) => {
    const line = lineOf(spot, name);
    return line && { directive: wordsOf(spot, line), place: line.place };
  };
  const off = isBuffered(spot) ? null : inWords("proxy_buffering");
  if (off) return { ...off, says: "the application waits for its client" };
  const stored = isSet(spot, "proxy_cache") ? inWords("proxy_cache") : null;
  if (stored) return { ...stored, says: `a response that is cached goes to the cache's file, ${unlimited}`, isKeptAfterwards: true };
  const saved = isSet(spot, "proxy_store") ? inWords("proxy_store") : null;
  if (saved) return { ...saved, says: `the response goes to the file that is saved of it, ${unlimited}`, isKeptAfterwards: true };
  const most = inWords("proxy_max_temp_file_size");
  const folder = lineOf(spot, "proxy_temp_path")?.args[0];
  const below = folder === undefined ? "" : ` below ${folder}`;
  if (!most)
    return { directive: `${directive} is not set`, place: null, says: `up to ${usualMost} of a response go to temporary files${below}` };
  const size = lineOf(spot, "proxy_max_temp_file_size")?.args[0] ?? "";
  const says = /^0+[kmg]?$/i.test(size) ? "only memory is used" : `up to ${size} of a response go to temporary files${below}`;
  return { ...most, says };
};
