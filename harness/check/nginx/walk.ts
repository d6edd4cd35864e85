// Follows one request through a server block the way nginx does: rewriting, choosing the location, try_files, error_page.
import { isInternal } from "./locations.ts";
import type { Captures, Finder, Location } from "./locations.ts";
import { patternOf } from "./patterns.ts";
import { childrenOf, lookupAll } from "./tree.ts";
import type { Directive } from "./tree.ts";
import { expand, mapValue, ownValue } from "./values.ts";
import type { Request, Sources, Value } from "./values.ts";

export type Outcome =
  /** `block` is the one that holds `pass`; `target` its address with the variables' values, null where they cannot be told. */
  | { kind: "proxied"; block: Directive; pass: Directive; target: Value; needsPassword: Directive | null }
  | { kind: "answered"; why: string }
  | { kind: "unknown"; why: string };

/** What else answers a request instead of proxy_pass. */
const otherHandlers = new Set(
  "fastcgi_pass uwsgi_pass scgi_pass grpc_pass memcached_pass stub_status empty_gif flv mp4 dav_methods echo proxy_wasm perl content_by_lua content_by_lua_block content_by_lua_file js_content api random_index".split(
    " ",
  ),
);

interface Walk {
  server: Directive;
  finder: Finder;
  sources: Sources;
  request: Request;
  uri: string;
  /** Came here by a redirect of nginx's own. */
  internal: boolean;
  handledError: boolean;
  jumps: number;
  sets: Map<string, Value>;
  captures: Captures | null;
}

/** nginx's own bound for redirects within. */
const mostJumps = 10;

/** `captures` are those of the server's name, where it is a pattern. */
export const walk = (server: Directive, finder: Finder, sources: Sources, request: Request, captures: Captures | null = null): Outcome => {
  const walking: Walk = {
    server,
    finder,
    sources,
    request,
    uri: request.uri,
    internal: false,
    handledError: false,
    jumps: 0,
    sets: new Map(),
    captures: null,
  };
  if (captures) remember(walking, captures);
  const ended = rewrite(walking, server);
  if (ended.kind === "outcome") return ended.outcome;
  return serve(walking);
};

const answered = (why: string): Outcome => ({ kind: "answered", why });
const unknown = (why: string): Outcome => ({ kind: "unknown", why });
const at = ({ name, place }: Directive): string => `${name} in line ${place.line}`;

const valueIn = (walking: Walk, name: string): Value => {
  if (/^\d$/.test(name)) return walking.captures ? (walking.captures.groups[Number(name)] ?? "") : null;
  const key = name.toLowerCase();
  if (walking.sets.has(key)) return walking.sets.get(key) ?? null;
  const map = walking.sources.maps.get(key);
  if (!map) return walking.sources.lotteries.has(key) ? null : ownValue(key, walking.request, walking.uri);
  // A map that refers to itself would not end.
  walking.sets.set(key, null);
  const value = mapValue(map, (inner) => valueIn(walking, inner));
  walking.sets.delete(key);
  return value;
};

/** Numbered groups are those of the last pattern, named ones are variables from then on. */
const remember = (walking: Walk, captures: Captures): void => {
  walking.captures = captures;
  for (const [name, value] of Object.entries(captures.named)) walking.sets.set(name.toLowerCase(), value);
};

const expandIn = (walking: Walk, text: string): Value => expand(text, (name) => valueIn(walking, name));

/** Chooses the location for the path as it is now, and serves it. */
const serve = (walking: Walk): Outcome => {
  walking.jumps += 1;
  if (walking.jumps > mostJumps) return unknown("it is sent from one location to another without end");
  const found = walking.finder.find(walking.uri);
  if (found.kind === "unknown")
    return unknown(`whether location ${found.location.text} in line ${found.location.block.place.line} takes it cannot be told`);
  if (found.kind === "redirected") return answered(`${at(found.location.block)} wants a slash behind it`);
  if (found.captures) remember(walking, found.captures);
  return serveIn(walking, found.location);
};

const serveIn = (walking: Walk, location: Location | null): Outcome => {
  const block = location?.block ?? walking.server;
  if (location) {
    if (!walking.internal && isInternal(block)) return fails(walking, block, 404, "it is internal");
    const before = walking.uri;
    const ended = rewrite(walking, block);
    if (ended.kind === "outcome") return ended.outcome;
    if (walking.uri !== before && !ended.stays) {
      walking.internal = true;
      return serve(walking);
    }
    return answer(walking, ended.block);
  }
  return answer(walking, block);
};

const answer = (walking: Walk, block: Directive): Outcome => {
  // It holds the methods that it does not name, and GET is asked.
  const limited = childrenOf(block).find(({ name, args }) => name === "limit_except" && !args.includes("GET"));
  const access = firstAccessRule(limited ?? block);
  if (access?.name === "deny" && access.args[0] === "all") return fails(walking, block, 403, `${at(access)} refuses it`);
  const own = childrenOf(block);
  const tries = own.find(({ name }) => name === "try_files");
  if (tries) {
    const tried = tryFiles(walking, block, tries);
    if (tried) return tried;
  }
  const handler = handlerOf(limited ?? block);
  if (handler?.directive.name === "proxy_pass") {
    const target = expandIn(walking, handler.directive.args[0] ?? "");
    const [password] = lookupAll(block, "auth_basic");
    return {
      kind: "proxied",
      block: handler.block,
      pass: handler.directive,
      target,
      needsPassword: password && password.args[0] !== "off" ? password : null,
    };
  }
  if (handler) return answered(`${at(handler.directive)} answers it`);
  if (walking.uri.endsWith("/")) return answered("nginx itself answers it with a file");
  return fails(walking, block, 404, "nginx itself answers it with a file");
};

const firstAccessRule = (block: Directive): Directive | null => {
  for (let level: Directive | null = block; level; level = level.parent) {
    const rule = childrenOf(level).find(({ name }) => name === "allow" || name === "deny");
    if (rule) return rule;
  }
  return null;
};

/** A location's own; an `if` and a limit_except have their location's. */
const handlerOf = (block: Directive): { block: Directive; directive: Directive } | null => {
  const directive = childrenOf(block).find(({ name }) => name === "proxy_pass" || otherHandlers.has(name));
  if (directive) return { block, directive };
  return (block.name === "if" || block.name === "limit_except") && block.parent ? handlerOf(block.parent) : null;
};

/** No file is there; what may be a folder that every image has is not known. Null: the location's handler has it. */
const tryFiles = (walking: Walk, block: Directive, { args }: Directive): Outcome | null => {
  const last = args.at(-1) ?? "";
  for (const file of args.slice(0, -1)) {
    const path = expandIn(walking, file);
    if (path === null || /^\/*$/.test(path)) return unknown("whether try_files finds a file cannot be told");
  }
  if (last.startsWith("=")) return fails(walking, block, Number(last.slice(1)), "try_files finds no file");
  return jump(walking, last);
};

const jump = (walking: Walk, to: string): Outcome => {
  walking.internal = true;
  if (to.startsWith("@")) {
    const location = walking.finder.named(to);
    walking.jumps += 1;
    return location && walking.jumps <= mostJumps ? serveIn(walking, location) : unknown(`there is no location ${to}`);
  }
  const uri = expandIn(walking, to);
  if (uri === null) return unknown(`where ${to} leads cannot be told`);
  walking.uri = uri.replace(/\?.*$/s, "");
  return serve(walking);
};

/** An error of nginx's own: what error_page makes of it. */
const fails = (walking: Walk, block: Directive, status: number, why: string): Outcome => {
  const page = lookupAll(block, "error_page").find(({ args }) => args.includes(String(status)));
  const to = page?.args.at(-1);
  if (to === undefined || walking.handledError || /^https?:/.test(to)) return answered(why);
  walking.handledError = true;
  return jump(walking, to);
};

type Rewritten =
  | { kind: "outcome"; outcome: Outcome }
  /** In this block, which may be an `if`; `stays`: a new path does not choose a new location. */
  | { kind: "on"; block: Directive; stays: boolean; ended: boolean };

/** Runs the directives of rewriting in their order. */
const rewrite = (walking: Walk, block: Directive): Rewritten => {
  let current = block;
  for (const directive of childrenOf(block)) {
    const { name, args } = directive;
    if (name === "break") return { kind: "on", block: current, stays: true, ended: true };
    if (name === "set") walking.sets.set((args[0] ?? "").replace(/^\$/, "").toLowerCase(), expandIn(walking, args[1] ?? ""));
    if (name === "return") return { kind: "outcome", outcome: returned(walking, current, directive) };
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
          return { kind: "outcome", outcome: unknown(`whether the "if" in line ${directive.place.line} holds cannot be told`) };
        forgetSets(walking, directive);
        continue;
      }
      if (!holds) continue;
      current = directive;
      const inner = rewrite(walking, directive);
      if (inner.kind === "outcome" || inner.ended) return inner;
    }
  }
  return { kind: "on", block: current, stays: false, ended: false };
};

const changesTheWay = (block: Directive): boolean =>
  childrenOf(block).some(({ name }) => name === "return" || name === "rewrite" || name === "proxy_pass" || otherHandlers.has(name));

const forgetSets = (walking: Walk, block: Directive): void => {
  for (const { name, args } of childrenOf(block))
    if (name === "set") walking.sets.set((args[0] ?? "").replace(/^\$/, "").toLowerCase(), null);
};

const returned = (walking: Walk, block: Directive, directive: Directive): Outcome => {
  const [status = ""] = directive.args;
  const why = `${at(directive)} answers it`;
  return /^[45]\d\d$/.test(status) && directive.args.length === 1 ? fails(walking, block, Number(status), why) : answered(why);
};

const rewritten = (walking: Walk, directive: Directive): Outcome | "on" | "last" | "break" => {
  const [source = "", replacement = "", flag] = directive.args;
  const match = patternOf(source, false)?.match(walking.uri);
  if (match === undefined) return unknown(`whether the rewrite in line ${directive.place.line} takes it cannot be told`);
  if (!match) return "on";
  remember(walking, match);
  if (flag === "redirect" || flag === "permanent" || /^(?:https?:\/\/|\$scheme)/.test(replacement))
    return answered(`${at(directive)} answers it`);
  const uri = expandIn(walking, replacement);
  if (uri === null) return unknown(`where the rewrite in line ${directive.place.line} leads cannot be told`);
  walking.uri = uri.replace(/\?.*$/s, "");
  return flag === "last" || flag === "break" ? flag : "on";
};

/** Null: it cannot be told. The words are nginx's own, where the brackets stick to the first and the last. */
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
