// `volumes`, `ports` and their short forms. Pure.
import { AuthorError } from "../errors.ts";
import type { Place } from "../check/configuration.ts";
import { at, entry, listOf, wrong } from "./scope.ts";
import type { Scope } from "./scope.ts";
import type { PublishedPort } from "./subject.ts";
import type { Value } from "./tree.ts";

export interface Mount {
  /** `path`: from the user's folder. `volume`: the engine's own, its contents are not known. `nothing`: an empty folder in memory. */
  kind: "path" | "volume" | "nothing";
  /** As written; empty for an anonymous volume. */
  source: string;
  target: string;
  readOnly: boolean;
  place: Place;
}

/** Paths on Windows begin with a letter and a colon. */
const shortForm = /^(?:((?:[A-Za-z]:[\\/])?[^:]*):)?(\/[^:]*)(?::([\w,]*))?$/;

export const mountsOf = (value: Value | undefined, scope: Scope): Mount[] => listOf(value, "volumes").map((item) => mountOf(item, scope));

const mountOf = (item: Value, scope: Scope): Mount => {
  if (item.kind === "text") return shortMount(scope.text(item), item.place);
  if (item.kind !== "mapping") return wrong(item, "a volume", "SOURCE:TARGET, or a mapping with type, source and target");
  const field = (name: string): string | null => scope.optionalText(entry(item, name), `volumes.${name}`);
  const target = field("target") ?? field("destination") ?? field("dst");
  if (target === null) throw new AuthorError(`${at(item.place)}: this volume has no target, the path in the container`);
  const kinds: Record<string, Mount["kind"]> = { bind: "path", volume: "volume", tmpfs: "nothing" };
  const type = field("type") ?? "volume";
  const kind = Object.hasOwn(kinds, type) ? kinds[type] : undefined;
  if (kind === undefined)
    throw new AuthorError(`${at(item.place)}: volumes of type "${type}" are not known; there are bind, volume, tmpfs`);
  const source = field("source") ?? field("src") ?? "";
  return { kind, source, target, readOnly: field("read_only") === "true", place: item.place };
};

const shortMount = (text: string, place: Place): Mount => {
  const found = shortForm.exec(text);
  if (!found) throw new AuthorError(`${at(place)}: "${text.slice(0, 200)}" is not a volume like ./site.conf:/etc/site.conf:ro`);
  const [, source = "", target = "", mode = ""] = found;
  const isPath = /^([./~\\]|[A-Za-z]:[\\/])/.test(source);
  return { kind: isPath ? "path" : "volume", source, target, readOnly: mode.split(",").includes("ro"), place };
};

/** Ranges are expanded port by port, up to a limit that no proxy reaches. */
const widestRange = 1000;
const shortPort = /^(?:(?:(?:\[[\da-fA-F:.]*\]|[\d.]+):)?(\d*)(?:-(\d+))?:)?(\d+)(?:-(\d+))?(?:\/(tcp|udp))?$/;

export const portsOf = (value: Value | undefined, scope: Scope): PublishedPort[] =>
  listOf(value, "ports").flatMap((item) => {
    if (item.kind === "text") return shortPorts(scope.text(item), item.place);
    if (item.kind !== "mapping") return wrong(item, "a port", "HOST:CONTAINER, or a mapping with target and published");
    const target = scope.optionalText(entry(item, "target"), "ports.target") ?? "";
    const published = scope.optionalText(entry(item, "published"), "ports.published") ?? "";
    const protocol = scope.optionalText(entry(item, "protocol"), "ports.protocol") ?? "tcp";
    return shortPorts(`${published === "" ? "" : `${published}:`}${target}/${protocol}`, item.place);
  });

const shortPorts = (text: string, place: Place): PublishedPort[] => {
  const found = shortPort.exec(text.trim());
  if (!found) throw new AuthorError(`${at(place)}: "${text.slice(0, 100)}" is not a port like 80:80 or 8443:443/tcp`);
  const [, published = "", , target = "", last = target, protocol = "tcp"] = found;
  const count = Number(last) - Number(target) + 1;
  if (count < 1 || count > widestRange || Number(last) > 65_535)
    throw new AuthorError(
      `${at(place)}: "${text.slice(0, 100)}" is not a range of ports from the lower to the higher, ${widestRange} at most`,
    );
  return Array.from({ length: count }, (_, i) => ({
    published: published === "" ? null : Number(published) + i,
    target: Number(target) + i,
    protocol: protocol === "udp" ? "udp" : "tcp",
  }));
};
