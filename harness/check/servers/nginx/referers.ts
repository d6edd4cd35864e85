// $invalid_referer: https://nginx.org/en/docs/http/ngx_http_referer_module.html
import { nearestOf } from "./levels.ts";
import { patternOf } from "./patterns.ts";
import type { Directive } from "./tree.ts";

/** Empty where the field is valid, else `1`. */
export const invalidReferer = (block: Directive, server: Directive, referer: string): string => {
  const words = nearestOf(block, "valid_referers").flatMap(({ args }) => args);
  if (words.length === 0) return "";
  if (referer === "") return words.includes("none") ? "" : "1";
  const rest = /^https?:\/\/(.*)$/is.exec(referer)?.[1];
  if (rest === undefined) return words.includes("blocked") ? "" : "1";
  const names = nearestOf(server, "server_name").flatMap(({ args }) => args);
  return words.flatMap((word) => (word === "server_names" ? names : [word])).some((word) => matches(word, rest)) ? "" : "1";
};

const matches = (word: string, rest: string): boolean => {
  if (word.startsWith("~")) return Boolean(patternOf(word.slice(1), true)?.match(rest));
  const [host = "", ...path] = rest.split("/");
  const [wanted = "", ...below] = word.split("/");
  const asked = host.replace(/:\d+$/, "").toLowerCase();
  const name = wanted.toLowerCase();
  const isHost =
    name === asked ||
    (name.startsWith("*.") && asked.endsWith(name.slice(1))) ||
    (name.startsWith(".") && `.${asked}`.endsWith(name)) ||
    (name.endsWith(".*") && asked.startsWith(name.slice(0, -1)));
  return isHost && `/${path.join("/")}`.startsWith(`/${below.join("/")}`);
};
