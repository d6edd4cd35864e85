// The change that shows that a line is the cause is the one that fixes it, where both leave the same in effect: one experiment serves both.
import { describe, expect, test } from "vitest";
import type { Edit } from "../../../../../harness/check/configuration.ts";
import { isConfigurationFix } from "../../../../../harness/check/search.ts";
import { applyEdits } from "../../../../../harness/check/edits.ts";
import { contextOf, valueOf } from "../../../../../harness/check/servers/nginx/context.ts";
import { fixes } from "../../../../../harness/check/servers/nginx/fixes.ts";
import { suspects } from "../../../../../harness/check/servers/nginx/suspects.ts";
import { nginxConf, parsed, routeOf, symptoms } from "./_parsed.ts";
import type { Levels, Seen } from "./_parsed.ts";

/** A line that does harm, and what nginx does without it. */
const lines: [line: string, without: string][] = [
  ["proxy_read_timeout 10s;", "60s"],
  ["send_timeout 10s;", "60s"],
  ["proxy_ignore_client_abort on;", "off"],
  ["chunked_transfer_encoding off;", "on"],
  ["proxy_intercept_errors on;", "off"],
  ["proxy_buffering on;", "on"],
  ["proxy_request_buffering on;", "on"],
  ["postpone_output 1460;", "1460"],
  ["limit_rate 4k;", "0"],
  ["proxy_cache c;", "off"],
  ["proxy_store on;", "off"],
  ["mirror /copy;", "off"],
  ["charset utf-8;", "off"],
];
const besides = ["proxy_cache c;", "proxy_cache_valid 1m;"];
const ofCaches: [line: string, without: string][] = [
  ["proxy_cache_lock on;", "off"],
  ["proxy_cache_use_stale updating;", "off"],
  ["proxy_cache_background_update on;", "off"],
  ["proxy_cache_revalidate on;", "off"],
];

/** Of two lines the inner one hides the outer one, which would count without it. */
const shapes: (keyof Levels)[][] = [["location"], ["server"], ["http"], ["location", "server"], ["location", "http"], ["server", "http"]];

/** proxy_cache: one stands where it may be inherited too, so that the other lines of the cache have no effect. */
const cases = [
  ...lines.map(([line, without]) => ({ line, without, location: [line] })),
  ...ofCaches.map(([line, without]) => ({ line, without, location: [...besides, line] })),
  { line: "gzip on;", without: "off", location: ["gzip_types *;", "gzip on;"] },
].flatMap(({ line, without, location }) =>
  shapes.map((levels): { title: string; line: string; without: string; levels: Levels } => ({
    title: `${line} in ${levels.join(" and ")}`,
    line,
    without,
    levels: Object.fromEntries(levels.map((level) => [level, location])),
  })),
);

describe("a line is a suspect and what a fix changes", () => {
  test.for(cases)("$title", ({ line, without, levels }) => {
    const [directive = ""] = line.split(" ");
    const configuration = parsed(nginxConf(levels));
    const route = routeOf(configuration);
    const { files } = configuration;
    const after = (edits: readonly Edit[], seen: Seen): string => {
      const changed = parsed(applyEdits(files, edits)[0]?.text ?? "");
      const context = contextOf(changed, routeOf(changed), symptoms[seen]);
      return (context && valueOf(context, directive)) ?? without;
    };
    let compared = 0;
    for (const seen of Object.keys(symptoms) as Seen[]) {
      const all = fixes(configuration, route, symptoms[seen]).filter(isConfigurationFix);
      const fix = all.find(({ id }) => id === directive);
      const suspect = suspects(configuration, route, symptoms[seen]).find(({ id }) => id.startsWith(`${directive}@`) && !id.includes("+"));
      if (!fix || !suspect || after(fix.edits, seen) !== after(suspect.edits, seen)) continue;
      expect(suspect.edits, seen).toEqual(fix.edits);
      compared += 1;
    }
    expect(compared).toBeGreaterThan(0);
  });
});
