// One harmful change each. Null: it does not apply to this location, or would do no harm there.
import type { Rule } from "../../harness/report/check-report.ts";
import { commentOut, insert, placeAfter, placesWithin, remove, replace } from "./_edit.ts";
import type { Edit, Files } from "./_edit.ts";
import type { Choose, Harm } from "./_harm.ts";
import { effective } from "./_tree.ts";
import type { Level, Location, Node } from "./_tree.ts";

interface Situation {
  files: Files;
  location: Location;
  purpose: string;
  pick: Choose;
}

type Operator = (situation: Situation) => Harm | null;

const allVersions = ["1.22", "1.26", "1.30"];
/** Up to 1.29.6 HTTP/1.0 is the default to the upstream. */
const beforeHttp11 = ["1.22", "1.26"];

const levelNames = ["location", "server", "http"] as const;
type LevelName = (typeof levelNames)[number];

const nearest = ({ levels }: Location, name: LevelName): Level | undefined => levels.findLast((level) => level.name === name);

const isOwn = (location: Location, node: Node): boolean => location.levels.at(-1)?.nodes.includes(node) ?? false;

/** No level from here down to the location itself names the directive. */
const isFree = ({ levels }: Location, level: Level, directive: string): boolean =>
  levels.slice(levels.indexOf(level)).every(({ nodes }) => nodes.every(({ name }) => name !== directive));

const streams = ({ purpose }: Situation): boolean => purpose !== "download";

const meansUpgrade = (location: Location): boolean =>
  location.levels.some(({ nodes }) => nodes.some(({ name, args }) => name === "proxy_set_header" && args[0] === "Upgrade"));

const opening = (location: Location): Node => location.levels.at(-1)?.opens ?? location.proxies;

interface Blame {
  rules: Rule[];
  nginx?: string[];
}

/** The line is gone; what lacks it is the location. */
const gone = ({ files, location, pick }: Situation, node: Node, { rules, nginx = allVersions }: Blame): Harm => {
  const edits = [pick([remove, commentOut])(files, node)];
  const block = opening(location);
  return { edits, rules, lines: [placeAfter(files, edits, block.file, block.start)], directives: [node.name], absent: true, nginx };
};

/** The line says something else. */
const turned = ({ files }: Situation, node: Node, text: string, { rules, nginx = allVersions }: Blame): Harm => {
  const edits = [replace(node, text)];
  return { edits, rules, lines: [placeAfter(files, [], node.file, node.start)], directives: [node.name], absent: false, nginx };
};

/** Lines are new; `culprit` of them is to blame, or any of several. */
const added = (
  { files, pick }: Situation,
  level: Level,
  directives: readonly string[],
  culprit: readonly string[],
  { rules, nginx = allVersions }: Blame,
  besides: readonly Edit[] = [],
): Harm => {
  const edit = insert(files, level, directives, pick(["start", "end"]));
  const edits = [edit, ...besides];
  const lines = culprit.flatMap((name) => placesWithin(files, edits, edit, name));
  return { edits, rules, lines, directives: [...culprit], absent: false, nginx };
};

/** Adds one directive at this level, where nothing nearer to the location has the last word. */
const addedAt =
  (
    levelName: LevelName,
    directive: string,
    value: (situation: Situation) => string,
    blame: Blame,
    applies: (situation: Situation) => boolean,
  ): Operator =>
  (situation) => {
    const level = nearest(situation.location, levelName);
    if (!level || !isFree(situation.location, level, directive) || !applies(situation)) return null;
    return added(situation, level, [`${directive} ${value(situation)};`], [directive], blame);
  };

const held: Blame = { rules: ["held", "lagging", "batched"] };
const silent: Blame = { rules: ["truncated-silently"] };
const unnoticed: Blame = { rules: ["not-propagated", "propagated-late"] };
const limited: Blame = { rules: ["timed-out", "error-response"] };
const alters: Blame = { rules: ["altered"] };

const ifHttp11 = (situation: Situation): Node | null => {
  const node = effective(situation.location, "proxy_http_version");
  return node?.args[0] === "1.1" ? node : null;
};

const unbuffered = (situation: Situation): Node | null => {
  const node = effective(situation.location, "proxy_buffering");
  return streams(situation) && node?.args[0] === "off" ? node : null;
};

/** What asking by HTTP/1.0 breaks: endings, and upgrades where they are meant. */
const byHttp10 = ({ location }: Situation): Blame => ({
  rules: meansUpgrade(location) ? ["truncated-silently", "upgrade"] : ["truncated-silently"],
});

const tooShort = ({ purpose, pick }: Situation): string =>
  purpose === "llm" ? pick(["2s", "5s", "10s", "20s"]) : pick(["1s", "2s", "3", "5s", "2500ms", "10s"]);

const cacheLine = "proxy_cache_path /tmp/hot levels=1:2 keys_zone=hot:1m inactive=10m;";

const cachedAt =
  (levelName: LevelName): Operator =>
  (situation) => {
    const { files, location, purpose } = situation;
    // Its clients send POST, which is not cached: https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_cache_methods
    if (purpose === "llm" || purpose === "mcp") return null;
    const level = nearest(location, levelName);
    const http = nearest(location, "http");
    if (!level || !http || !streams(situation) || !isFree(location, level, "proxy_cache")) return null;
    if (effective(location, "proxy_cache_valid")) return null;
    const zone = insert(files, http, [cacheLine], "start");
    return added(situation, level, ["proxy_cache hot;", "proxy_cache_valid 200 10m;"], ["proxy_cache"], unnoticed, [zone]);
  };

const filteredAt =
  (levelName: LevelName, pattern: (purpose: string) => string, replacement: string, blame: Blame): Operator =>
  (situation) => {
    const { location, purpose } = situation;
    const level = nearest(location, levelName);
    if (!level || !isFree(location, level, "sub_filter")) return null;
    const lines = ["sub_filter_types *;", "sub_filter_once off;", `sub_filter ${pattern(purpose)} ${replacement};`];
    return added(situation, level, lines, ["sub_filter", "sub_filter_types"], blame);
  };

const frames = (purpose: string): string => {
  if (purpose === "ndjson") return `'"data":'`;
  return purpose === "download" ? `':0:,'` : `"data: "`;
};

/** Begins as every record ends. */
const recordEnds = (purpose: string): string => (purpose === "ndjson" ? `"\\n{debug"` : `"\\n\\nevent: debug"`);

const cacheOffTurned = (situation: Situation, change: (own: Node, outer: Node) => Harm): Harm | null => {
  const { location } = situation;
  const own = effective(location, "proxy_cache");
  const outer = location.levels
    .slice(0, -1)
    .flatMap(({ nodes }) => nodes)
    .findLast(({ name, args }) => name === "proxy_cache" && args[0] !== "off");
  return own?.args[0] === "off" && isOwn(location, own) && outer && streams(situation) ? change(own, outer) : null;
};

export const operators: Record<string, Operator> = {
  "buffering-removed": (situation) => {
    const node = unbuffered(situation);
    return node && gone(situation, node, held);
  },
  "buffering-on": (situation) => {
    const node = unbuffered(situation);
    return node && turned(situation, node, "proxy_buffering on;", held);
  },
  "buffering-on-in-the-location": (situation) => {
    const node = unbuffered(situation);
    const level = nearest(situation.location, "location");
    if (!node || !level || isOwn(situation.location, node)) return null;
    return added(situation, level, ["proxy_buffering on;"], ["proxy_buffering"], held);
  },
  "http-version-removed": (situation) => {
    const node = ifHttp11(situation);
    return node && gone(situation, node, { ...byHttp10(situation), nginx: beforeHttp11 });
  },
  "http-version-1.0": (situation) => {
    const node = ifHttp11(situation);
    return node && turned(situation, node, "proxy_http_version 1.0;", byHttp10(situation));
  },
  "http-version-1.0-in-the-location": (situation) => {
    const node = ifHttp11(situation);
    const level = nearest(situation.location, "location");
    if (!node || !level || isOwn(situation.location, node)) return null;
    return added(situation, level, ["proxy_http_version 1.0;"], ["proxy_http_version"], byHttp10(situation));
  },
  ...atLevels(
    "chunked-off",
    "chunked_transfer_encoding",
    () => "off",
    silent,
    () => true,
  ),
  "chunked-turned-off": (situation) => {
    const node = effective(situation.location, "chunked_transfer_encoding");
    if (node?.args[0] !== "on") return null;
    return turned(situation, node, "chunked_transfer_encoding off;", silent);
  },
  ...atLevels("read-timeout", "proxy_read_timeout", tooShort, limited, () => true),
  "read-timeout-lowered": (situation) => {
    const node = effective(situation.location, "proxy_read_timeout");
    return node && turned(situation, node, `proxy_read_timeout ${tooShort(situation)};`, limited);
  },
  ...atLevels("ignore-client-abort", "proxy_ignore_client_abort", () => "on", unnoticed, streams),
  store: addedAt(
    "location",
    "proxy_store",
    () => "/tmp/stored$uri",
    unnoticed,
    (situation) => {
      return streams(situation) && (effective(situation.location, "proxy_cache")?.args[0] ?? "off") === "off";
    },
  ),
  "cache-in-the-location": cachedAt("location"),
  "cache-in-the-server": cachedAt("server"),
  "cache-off-removed": (situation) =>
    cacheOffTurned(situation, (own, outer) => {
      const { files, pick } = situation;
      const edits = [pick([remove, commentOut])(files, own)];
      return {
        edits,
        rules: unnoticed.rules,
        directives: ["proxy_cache"],
        absent: false,
        nginx: allVersions,
        lines: [placeAfter(files, edits, outer.file, outer.start)],
      };
    }),
  "cache-off-turned-on": (situation) =>
    cacheOffTurned(situation, (own, outer) => turned(situation, own, `proxy_cache ${outer.args[0]};`, unnoticed)),
  "sub-filter-in-the-location": filteredAt("location", frames, `"payload:"`, alters),
  "sub-filter-in-the-server": filteredAt("server", frames, `"payload:"`, alters),
  "sub-filter-keeps-the-end": (situation) =>
    streams(situation) ? filteredAt("location", recordEnds, `""`, { rules: ["lagging", "batched"] })(situation) : null,
  "body-added-behind": (situation) => addition(situation, "add_after_body", alters),
  "body-added-before": (situation) => addition(situation, "add_before_body", { rules: ["altered", "held"] }),
  "ssi-in-the-location": (situation) => {
    const level = nearest(situation.location, "location");
    if (!level || !streams(situation)) return null;
    return added(situation, level, ["ssi on;", "ssi_types *;"], ["ssi", "ssi_types"], { rules: ["held"] });
  },
  "upgrade-connection-removed": (situation) => {
    const node = upgradeHeader(situation.location, "Connection");
    return node && gone(situation, node, { rules: ["upgrade"] });
  },
  "upgrade-connection-emptied": (situation) => {
    const node = upgradeHeader(situation.location, "Connection");
    return node && turned(situation, node, 'proxy_set_header Connection "";', { rules: ["upgrade"] });
  },
  "upgrade-headers-not-inherited": (situation) => {
    const node = upgradeHeader(situation.location, "Upgrade");
    const level = nearest(situation.location, "location");
    if (!node || !level || isOwn(situation.location, node)) return null;
    const harm = added(situation, level, ["proxy_set_header X-Request-Id $request_id;"], ["proxy_set_header"], { rules: ["upgrade"] });
    const block = opening(situation.location);
    return { ...harm, lines: [...harm.lines, placeAfter(situation.files, harm.edits, block.file, block.start)] };
  },
};

/** The same at each level: in the location, its server, and for all servers. */
function atLevels(
  name: string,
  directive: string,
  value: (situation: Situation) => string,
  blame: Blame,
  applies: (situation: Situation) => boolean,
): Record<string, Operator> {
  return Object.fromEntries(levelNames.map((level) => [`${name}-in-the-${level}`, addedAt(level, directive, value, blame, applies)]));
}

function addition(situation: Situation, directive: "add_before_body" | "add_after_body", blame: Blame): Harm | null {
  const { files, location } = situation;
  const [level, server] = [nearest(location, "location"), nearest(location, "server")];
  if (!level || !server || !streams(situation)) return null;
  const page = insert(files, server, ['location = /notice { return 200 "notice"; }'], "start");
  return added(situation, level, ["addition_types *;", `${directive} /notice;`], [directive, "addition_types"], blame, [page]);
}

function upgradeHeader(location: Location, header: string): Node | null {
  if (!meansUpgrade(location)) return null;
  const level = location.levels.findLast(({ nodes }) => nodes.some(({ name }) => name === "proxy_set_header"));
  return level?.nodes.find(({ name, args }) => name === "proxy_set_header" && args[0] === header) ?? null;
}
