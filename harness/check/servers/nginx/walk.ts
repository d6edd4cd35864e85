// Follows one request through a server block the way nginx does: rewriting, choosing the location, try_files, error_page.
import { isPass } from "./upstreams.ts";
import { noFields } from "./fields.ts";
import { isGuard } from "./guards.ts";
import { nearestOf, ownOf } from "./levels.ts";
import { isInternal } from "./locations.ts";
import type { Captures, Location } from "./locations.ts";
import { handlerNames, rewrite } from "./rewriting.ts";
import type { Directive } from "./tree.ts";
import type { Request } from "./values.ts";
import { answered, at, expandIn, remember, unknown } from "./walking.ts";
import type { Surroundings, Outcome, Walk } from "./walking.ts";

/** nginx's own bound for redirects within. */
const mostJumps = 10;

/** `captures` are those of the server's name, where it is a pattern. */
export const walk = (
  { server, finder, sources, effort, setsOfServer, without }: Surroundings,
  request: Request,
  captures: Captures | null,
): Outcome => {
  const walking: Walk = {
    server,
    finder,
    sources,
    setsOfServer,
    without,
    block: server,
    request,
    uri: request.uri,
    internal: false,
    handledError: false,
    jumps: 0,
    link: null,
    sets: new Map(),
    captures: null,
    effort,
    depth: 0,
  };
  if (captures) remember(walking, captures);
  const outcome = through(walking);
  if (outcome.kind === "proxied") return outcome;
  const link = walking.link ? { link: walking.link } : {};
  return outcome.kind === "answered" ? { by: walking.block, ...link, ...outcome } : { ...link, ...outcome };
};

const through = (walking: Walk): Outcome => {
  const ended = rewrite(walking, walking.server);
  if (ended.kind === "outcome") return ended.outcome;
  if (ended.kind === "returned") return returned(walking, ended.block, ended.directive);
  return serve(walking);
};

/** Chooses the location for the path as it is now, and serves it. */
const serve = (walking: Walk): Outcome => {
  walking.jumps += 1;
  if (walking.jumps > mostJumps) return unknown("it is led from one location to another in an endless loop");
  const found = walking.finder.find(walking.uri);
  if (found.kind === "unknown")
    return unknown(`whether location ${found.location.text} in line ${found.location.block.place.line} takes it cannot be determined`);
  if (found.kind === "redirected") return answered(`${at(found.location.block)} redirects to the path with a slash after it`);
  if (found.captures) remember(walking, found.captures);
  return serveIn(walking, found.location);
};

const serveIn = (walking: Walk, location: Location | null): Outcome => {
  const block = location?.block ?? walking.server;
  walking.block = block;
  if (location) {
    if (!walking.internal && isInternal(block)) return fails(walking, block, 404, "it is internal");
    const before = walking.uri;
    const ended = rewrite(walking, block);
    if (ended.kind === "outcome") return ended.outcome;
    if (ended.kind === "returned") return returned(walking, ended.block, ended.directive);
    if (walking.uri !== before && !ended.stays) {
      walking.internal = true;
      return serve(walking);
    }
    return answer(walking, ended.block);
  }
  return answer(walking, block);
};

const answer = (walking: Walk, block: Directive): Outcome => {
  // It is for the methods that it does not name.
  const limited = ownOf(block, "limit_except").find(({ args }) => !args.includes(walking.request.method));
  const access = nearestOf(limited ?? block, "allow", "deny").find((rule) => !walking.without.has(rule));
  if (access?.name === "deny" && access.args[0] === "all") return fails(walking, block, 403, `${at(access)} refuses it`);
  const [tries] = ownOf(block, "try_files");
  if (tries) {
    const tried = tryFiles(walking, block, tries);
    if (tried) return tried;
  }
  const handler = handlerOf(limited ?? block);
  if (handler && isPass(handler.directive.name)) {
    const target = expandIn(walking, handler.directive.args[0] ?? "");
    const [password] = nearestOf(block, "auth_basic");
    return {
      kind: "proxied",
      block: handler.block,
      pass: handler.directive,
      target,
      needsPassword: password && password.args[0] !== "off" ? password : null,
      by: { fields: walking.request.fields ?? noFields, without: walking.without },
    };
  }
  if (handler) return answered(`${at(handler.directive)} answers it`);
  if (walking.uri.endsWith("/")) return answered("nginx itself answers it with a file");
  return fails(walking, block, 404, "nginx itself answers it with a file");
};

/** A location's own; an `if` and a limit_except have their location's. */
const handlerOf = (block: Directive): { block: Directive; directive: Directive } | null => {
  const [directive] = handlerNames.flatMap((name) => ownOf(block, name));
  if (directive) return { block, directive };
  return (block.name === "if" || block.name === "limit_except") && block.parent ? handlerOf(block.parent) : null;
};

/** No file is there; what may be a folder that every image has is not known. Null: the location's handler has it. */
const tryFiles = (walking: Walk, block: Directive, { args }: Directive): Outcome | null => {
  const last = args.at(-1) ?? "";
  for (const file of args.slice(0, -1)) {
    const path = expandIn(walking, file);
    if (path === null || /^\/*$/.test(path)) return unknown("whether try_files finds a file cannot be determined");
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
  if (uri === null) return unknown(`where ${to} leads cannot be determined`);
  walking.uri = uri.replace(/\?.*$/s, "");
  return serve(walking);
};

/** An error of nginx's own: what error_page makes of it. */
const fails = (walking: Walk, block: Directive, status: number, why: string): Outcome => {
  const page = nearestOf(block, "error_page").find(({ args }) => args.includes(String(status)));
  const to = page?.args.at(-1);
  if (to === undefined || walking.handledError || /^https?:/.test(to)) return answered(why);
  walking.handledError = true;
  return jump(walking, to);
};

const returned = (walking: Walk, block: Directive, directive: Directive): Outcome => {
  const [status = ""] = directive.args;
  const why = `${at(directive)} answers it`;
  const isGuarded = block.name === "if" && isGuard(block, walking.sources, walking.setsOfServer);
  const withGuard = (outcome: Outcome): Outcome => (isGuarded && outcome.kind === "answered" ? { guard: block, ...outcome } : outcome);
  return withGuard(/^[45]\d\d$/.test(status) && directive.args.length === 1 ? fails(walking, block, Number(status), why) : answered(why));
};
