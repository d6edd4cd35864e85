// Code in a configuration that needs modules of Lua which only the deployment has. Pure.
import { isLua } from "./masking.ts";
import type { Directive } from "./tree.ts";

export interface Block {
  directive: Directive;
  /** Null: in a file that is not at hand. */
  code: string | null;
}

/** Of Debian's packages, and of LuaJIT. */
const provided = /^(?:resty\.(?:core|lrucache)|ngx|bit|ffi|jit|table|string|math|os|io|coroutine|debug)(?:\.|$)/;

const required = (code: string): string[] => [...code.matchAll(/\brequire\b\s*[(,]?\s*["']([^"']+)["']/g)].map(([, name]) => name ?? "");

const known = new Set(
  "_G _VERSION arg assert bit collectgarbage coroutine debug dofile error ffi getfenv getmetatable io ipairs jit load loadfile loadstring math module ndk next ngx os package pairs pcall print rawequal rawget rawlen rawset require select setfenv setmetatable string table tonumber tostring type unpack xpcall self and break do else elseif end false for function goto if in local nil not or repeat return then true until while".split(
    " ",
  ),
);

const withoutTexts = (code: string): string => code.replaceAll(/--[^\n]*|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|\[\[[^]*?\]\]/g, " ");

/** Names that a block takes for granted: another one has set them. */
const globalsIn = (code: string): string[] => {
  const text = withoutTexts(code);
  const own = new Set(
    [
      ...text.matchAll(
        /\blocal\s+(?:function\s+)?([\w\s,]+)|\bfunction\s*\w*\s*\(([^)]*)\)|\bfor\s+([\w\s,]+?)\s+(?:in|=)|\b(\w+)\s*=(?!=)/g,
      ),
    ].flatMap(([, locals = "", parameters = "", loops = "", set = ""]) => `${locals},${parameters},${loops},${set}`.split(/[\s,]+/)),
  );
  return [...text.matchAll(/(?<![\w.:])([A-Za-z_]\w*)\s*[.:(]/g)]
    .map(([, name]) => name ?? "")
    .filter((name) => !known.has(name) && !own.has(name));
};

/** Those that cannot run here, and the modules that they lack. */
export const unrunnable = (blocks: readonly Block[]): { blocks: Block[]; lacks: string[] } => {
  const lacks = new Set<string>();
  const lacking = blocks.filter(({ code }) => {
    if (code === null) return true;
    const missing = required(code).filter((name) => !provided.test(name));
    for (const name of missing) lacks.add(name);
    return missing.length > 0;
  });
  if (lacking.length === 0) return { blocks: [], lacks: [] };
  const others = blocks.filter((block) => !lacking.includes(block) && globalsIn(block.code ?? "").length > 0);
  return { blocks: [...lacking, ...others], lacks: [...lacks] };
};

export const isLuaDirective = ({ name }: Directive): boolean => isLua(name);
