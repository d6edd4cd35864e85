// Rules that may keep every request of the lab out: addresses, conditions that no request is found for, certificates of clients.
import { entriesOf } from "./maps.ts";
import type { Sources } from "./possible-values.ts";
import { reference } from "./expand.ts";
import { childrenOf, everyDirective } from "./tree.ts";
import type { Directive } from "./tree.ts";

/** Of a condition: whether it asks who the client is, or what it carries. Anything else is a way of its own, and stays. */
const asksClient =
  /^(?:remote_addr|binary_remote_addr|realip_remote_addr|remote_user|http_(?!upgrade$|connection$|host$|accept$|accept_encoding$|content_\w+$)\w+|cookie_\w+|arg_\w+|args|query_string|is_args|ssl_client_\w+|secure_link(?:_expires)?|invalid_referer|geoip2?_\w+|jwt_\w+|limit_\w+)$/;

const namesIn = (text: string): string[] => [...text.matchAll(reference)].map((match) => (match[1] ?? match[2] ?? "").toLowerCase());

const deepest = 8;

/** With what its variables are made of, in turn. */
const dependsOnClient = (text: string, sources: Sources, sets: ReadonlyMap<string, readonly Directive[]>, depth = 0): boolean =>
  depth < deepest &&
  namesIn(text).some((name) => {
    if (asksClient.test(name)) return true;
    const lottery = sources.lotteries.get(name);
    // A geo block without a variable of its own goes by the client's address.
    if (lottery) return lottery.name === "geo";
    const map = sources.maps.get(name);
    const within = [
      ...(map
        ? [
            map.args[0] ?? "",
            ...entriesOf(map)
              .slice(0, 100)
              .map(({ args }) => args[0] ?? ""),
          ]
        : []),
      ...(sets.get(name) ?? []).map(({ args }) => args[1] ?? ""),
      // Set only where another condition holds: `set $denied 1`.
      ...(sets.get(name) ?? []).flatMap(({ parent }) => (parent?.name === "if" ? [parent.args.join(" ")] : [])),
    ];
    return within.some((inner) => dependsOnClient(inner, sources, sets, depth + 1));
  });

/** An `if` that turns requests away, by who the client is or what it carries. */
export const isGuard = (directive: Directive, sources: Sources, sets: ReadonlyMap<string, readonly Directive[]>): boolean =>
  directive.name === "if" &&
  directive.block !== null &&
  directive.block.some(({ name, args }) => name === "return" || (name === "rewrite" && /^(?:https?:|\$scheme)/.test(args[1] ?? ""))) &&
  dependsOnClient(directive.args.join(" "), sources, sets);

/** An address that the lab's clients may have: they are in networks of their own. */
const covers = (address: string): boolean => /^(?:all|0\.0\.0\.0\/0|10\.|172\.|192\.168\.|100\.)/.test(address);

/** Of one block: rules by address that may refuse the lab's clients. A `deny all` without an `allow` refuses everyone, and stays. */
const addressRules = (block: Directive): Directive[] => {
  const rules = (block.block ?? [])
    .flatMap((child) => (child.included ? child.included : [child]))
    .filter(({ name }) => name === "allow" || name === "deny");
  const first = rules.findIndex(({ args }) => args[0] === "all");
  const effective = first < 0 ? rules : rules.slice(0, first + 1);
  const denies = effective.filter(({ name, args }) => name === "deny" && covers(args[0] ?? ""));
  const isForNoOne = rules.every(({ name }) => name === "deny") && denies.some(({ args }) => args[0] === "all");
  return denies.length === 0 || isForNoOne ? [] : rules;
};

/** What nginx answers by itself is not streamed by any application. */
const isOfItself = (block: Directive): boolean =>
  block.name === "location" &&
  childrenOf(block).some(({ name }) => /^(?:stub_status|api|return|alias|autoindex|vhost_traffic_status_display|flv|mp4)$/.test(name)) &&
  !everyDirective(block).some(({ name }) => name.endsWith("_pass") || name === "try_files");

const levels = new Set(["http", "server", "location", "limit_except"]);

export const addressRulesIn = (roots: readonly Directive[]): Directive[] =>
  everyDirective(roots)
    .filter((one) => one.block !== null && levels.has(one.name) && !isOfItself(one))
    .flatMap(addressRules);

/** Lines that ask clients for a certificate of their own, which the lab's do not have. */
export const certificateRulesIn = (roots: readonly Directive[]): Directive[] =>
  everyDirective(roots).filter(({ name, args }) => name === "ssl_verify_client" && args[0] === "on");
