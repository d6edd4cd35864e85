// Changes that several fixes share. Pure.
import type { Edit } from "../../configuration.ts";
import { headerLine, removeLines, setHeaders, setLines } from "./lines.ts";
import { hidesOthers, isSet, linesOf, ownLines } from "./context.ts";
import type { Context, Spot } from "./context.ts";
import type { FixRule } from "./rules.ts";

/** Takes the route's own line out where that is enough, else sets what undoes an outer one. */
export const undo =
  (statement: string) =>
  (context: Context): Edit[] => {
    const own = ownLines(context, statement.split(/[\s;]/, 1)[0] ?? "");
    const first = own[0];
    return first && !hidesOthers(first) ? removeLines(context, own) : setLines(context, [statement]);
  };

/** HTTP/1.1, and connections that may be kept, unless that would hide the fields that outer blocks set, or the line is of a file that
 *  others include too: there it is one change for all. */
export const speakHttp11 = (spot: Spot): Edit[] => {
  const version = "proxy_http_version 1.1;";
  const inherits = ownLines(spot, "proxy_set_header").length === 0 && linesOf(spot, "proxy_set_header").length > 0;
  const isShared = ownLines(spot, "proxy_http_version").some(({ place }) => place.file !== spot.home.place.file);
  return isShared || inherits || headerLine(spot, "Connection")
    ? setLines(spot, [version])
    : setHeaders(spot, { Connection: '""' }, [version]);
};

/** Switches a directive off for the route. */
export const off = (id: string, title: string, cost: string | null): FixRule => ({
  id,
  title,
  when: (context) => isSet(context, id),
  change: undo(`${id} off;`),
  cost,
});
