// What Debian's nginx lacks of a configuration that was written for another: modules, code and data of the deployment.
import { absentModules } from "./absent.ts";
import type { GoingWithout } from "./going-without.ts";
import { isLuaDirective, unrunnable } from "./lua.ts";
import type { Block } from "./lua.ts";
import { isDirective, isIn, packageOf } from "./packages.ts";
import { childrenOf, everyDirective } from "./tree.ts";
import type { Directive } from "./tree.ts";

export const luaIn = (all: readonly Directive[], without: GoingWithout): void => {
  const blocks = all
    .filter((directive) => isLuaDirective(directive) && !isInStream(directive))
    .map((directive): Block => ({
      directive,
      code: directive.name.endsWith("_file")
        ? without.fileAt(directive.args.at(-1) ?? "")
        : directive.block
          ? without.codeOf(directive)
          : (directive.args[0] ?? ""),
    }));
  const { blocks: unable, lacks } = unrunnable(blocks);
  const what = `nginx without the Lua that needs ${lacks.length > 0 ? `the modules ${lacks.join(", ")}` : "files that are not there"}`;
  for (const { directive } of unable) without.mask(directive, what, "what it does to requests and responses is not checked");
  for (const { directive } of unable) if (directive.name.startsWith("balancer_by_lua")) placeholderOf(directive, without);
  for (const directive of all)
    if (directive.name === "lua_package_path" && !(directive.args[0] ?? "").includes(";;"))
      without.mask(directive, "a lua_package_path with the default places in it", "nginx's own modules of Lua are there", {
        instead: `lua_package_path "${directive.args[0]};;";`,
      });
};

/** Code chooses the server of this group: the one that is listed only fills the place. */
const placeholderOf = ({ parent }: Directive, without: GoingWithout): void => {
  if (parent?.name !== "upstream") return;
  for (const server of childrenOf(parent))
    if (server.name === "server")
      without.note(
        server,
        `the scripted upstream at ${server.args[0]}, the placeholder of upstream ${parent.args[0]}`,
        "its balancer is code, and would choose a server",
      );
};

const isInStream = ({ parent }: Directive): boolean => parent !== null && (parent.name === "stream" || isInStream(parent));

/** Whole blocks first: what stands in them goes with them. */
export const modulesIn = (directive: Directive, release: string, without: GoingWithout): void => {
  const { name, parent, args } = directive;
  if (parent === null && (name === "stream" || name === "mail") && directive.block) {
    const foreign = everyDirective(directive.block).find((inner) => isLuaDirective(inner) || /^(?:js_|lua_)/.test(inner.name));
    if (foreign)
      without.mask(
        directive,
        `nginx without its ${name} block`,
        `${foreign.name} is of a module that Debian does not have, and no request of HTTP goes through the block`,
      );
    return;
  }
  if (isInStream(directive)) return;
  const wanted = packageOf(directive);
  if (wanted !== null && isIn(wanted, release)) {
    // Each image has its modules elsewhere.
    if (name === "load_module") without.replace(directive, `load_module modules/${(args[0] ?? "").split("/").at(-1)};`);
    return;
  }
  const absent = isDirective(directive) ? absentModules.find(({ names }) => names.test(name)) : undefined;
  if (wanted !== null)
    without.mask(
      directive,
      `nginx without ${name === "load_module" ? args[0] : wanted.replace("libnginx-mod-", "the module ")}`,
      "Debian's nginx of this version does not have it",
      {
        touches: name !== "load_module",
      },
    );
  else if (absent)
    without.mask(
      directive,
      `nginx without ${absent.title}`,
      absent.touches
        ? "Debian does not have this module, which may refuse requests or change responses"
        : "Debian does not have this module, which leaves a response that is passed on as it is",
      {
        touches: absent.touches,
      },
    );
  else if (name === "aio" && args[0] === "on")
    without.mask(
      directive,
      "nginx without aio on",
      "it is for files, and this build does not have it; a response that is passed on does not come from a file",
    );
};

/** Data that only the deployment has, without which nginx would not start. */
export const dataIn = (directive: Directive, without: GoingWithout): void => {
  const { name, block } = directive;
  if (/^geoip_(?:country|city|org)$/.test(name))
    without.mask(directive, "nginx without databases of GeoIP", "they are not there: their variables are empty");
  if (name === "geoip2" && block) {
    const names = childrenOf(block).filter((one) => one.name.startsWith("$"));
    const instead = names
      .map(
        (one) =>
          `map "" ${one.name} { default "${/^default=(.*)$/.exec(one.args.find((word) => word.startsWith("default=")) ?? "")?.[1] ?? ""}"; }`,
      )
      .join(" ");
    without.mask(directive, "nginx without databases of GeoIP", "they are not there: their variables are empty", { instead });
  }
  if ((name === "modsecurity_rules_file" && without.fileAt(directive.args[0] ?? "") === null) || name === "modsecurity_rules_remote")
    without.mask(directive, `nginx without ${name}`, "the rules are not there", { touches: true });
};

/** Without its code nothing of njs can run. */
export const codeIn = (all: readonly Directive[], without: GoingWithout): void => {
  const missing = all.some(({ name, args }) => name === "js_import" && without.fileAt(args.at(-1) ?? "") === null);
  if (missing)
    for (const directive of all)
      if (directive.name.startsWith("js_") && isDirective(directive))
        without.mask(directive, "nginx without its code in JavaScript", "the files of js_import are not there", { touches: true });
};
