// What `set`, `if`, `rewrite`, `return` and `break` do with a request, in their order: https://nginx.org/en/docs/http/ngx_http_rewrite_module.html
import { spend, tooMuch } from "./effort.ts";
import { isGuard } from "./guards.ts";
import { ownOf, scriptOf } from "./levels.ts";
import { patternOf } from "./patterns.ts";
import type { Directive } from "./tree.ts";
import { answered, at, expandIn, remember, unknown } from "./walking.ts";
import type { Outcome, Walk } from "./walking.ts";

/** What answers a request: proxy_pass, or something else. */
export const handlerNames =
  "proxy_pass fastcgi_pass uwsgi_pass scgi_pass grpc_pass memcached_pass stub_status empty_gif flv mp4 dav_methods echo perl content_by_lua content_by_lua_block content_by_lua_file js_content api random_index".split(
    " ",
  );

export type Rewritten =
  | { kind: "outcome"; outcome: Outcome }
  | { kind: "returned"; block: Directive; directive: Directive }
  /** In this block, which may be an `if`; `stays`: a new path does not choose a new location. */
  | { kind: "on"; block: Directive; stays: boolean; ended: boolean };

/** Runs the directives of rewriting in their order. */
export const rewrite = (walking: Walk, block: Directive): Rewritten => {
  let current = block;
  for (const directive of scriptOf(block)) {
    if (!spend(walking.effort, 2)) return { kind: "outcome", outcome: unknown(tooMuch) };
    if (walking.without.has(directive)) continue;
    const { name, args } = directive;
    if (name === "break") return { kind: "on", block: current, stays: true, ended: true };
    if (name === "set") walking.sets.set(variableIn(args[0]), expandIn(walking, args[1] ?? ""));
    if (name === "return") return { kind: "returned", block: current, directive };
    if (name === "rewrite") {
      const result = rewritten(walking, directive);
      if (result === "on") continue;
      if (typeof result === "object") return { kind: "outcome", outcome: result };
      return { kind: "on", block: current, stays: result === "break", ended: true };
    }
    if (name === "if" && directive.block) {
      const holds = conditionHolds(walking, args);
      if (holds === null) {
        // What only sets variables or headers leaves the way open.
        if (changesTheWay(directive))
          return {
            kind: "outcome",
            outcome: {
              kind: "unknown",
              why: `whether the "if" in line ${directive.place.line} holds cannot be determined`,
              whatever: true,
              ...(isGuard(directive, walking.sources, walking.setsOfServer) ? { guard: directive } : {}),
            },
          };
        forgetSets(walking, directive);
        continue;
      }
      if (!holds) continue;
      current = directive;
      const inner = rewrite(walking, directive);
      if (inner.kind !== "on" || inner.ended) return inner;
    }
  }
  return { kind: "on", block: current, stays: false, ended: false };
};

const variableIn = (word = ""): string => word.replace(/^\$/, "").toLowerCase();

const changesTheWay = (block: Directive): boolean => ["return", "rewrite", ...handlerNames].some((name) => ownOf(block, name).length > 0);

const forgetSets = (walking: Walk, block: Directive): void => {
  for (const { args } of ownOf(block, "set")) walking.sets.set(variableIn(args[0]), null);
};

const rewritten = (walking: Walk, directive: Directive): Outcome | "on" | "last" | "break" => {
  const [source = "", replacement = "", flag] = directive.args;
  const match = patternOf(source, false)?.match(walking.uri);
  if (match === undefined) return unknown(`whether the rewrite in line ${directive.place.line} takes it cannot be determined`);
  if (!match) return "on";
  remember(walking, match);
  if (flag === "redirect" || flag === "permanent" || /^(?:https?:\/\/|\$scheme)/.test(replacement))
    return answered(`${at(directive)} answers it`);
  const uri = expandIn(walking, replacement);
  if (uri === null) return unknown(`where the rewrite in line ${directive.place.line} leads cannot be determined`);
  walking.uri = uri.replace(/\?.*$/s, "");
  return flag === "last" || flag === "break" ? flag : "on";
};

/** Null: it cannot be determined. The words are nginx's own, where the brackets stick to the first and the last. */
const conditionHolds = (walking: Walk, args: readonly string[]): boolean | null => {
  const words = [...args];
  words[0] = (words[0] ?? "").replace(/^\(/, "");
  words.push((words.pop() ?? "").replace(/\)$/, ""));
  const [left = "", operator, ...rest] = words.filter((word) => word !== "");
  if (operator === undefined) {
    const value = expandIn(walking, left);
    return value === null ? null : value !== "" && value !== "0";
  }
  // Of files: none is there.
  if (/^!?-[fdex]$/.test(left)) return left.startsWith("!");
  const value = expandIn(walking, left);
  const right = rest.join(" ");
  if (value === null) return null;
  if (operator === "=" || operator === "!=") {
    const other = expandIn(walking, right);
    return other === null ? null : (value === other) === (operator === "=");
  }
  const match = patternOf(right, operator.endsWith("*"))?.match(value);
  if (match === undefined) return null;
  if (match && !operator.startsWith("!")) remember(walking, match);
  return (match !== null) === !operator.startsWith("!");
};
