import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { childrenOf, ConfigError, find, lookup, lookupAll, parse } from "../../../../../harness/check/servers/nginx/tree.ts";
import type { Directive } from "../../../../../harness/check/servers/nginx/tree.ts";
import { fill } from "../../../../../harness/check/servers/nginx/template.ts";

interface Plain {
  name: string;
  args: string[];
  block: Plain[] | null;
}

const plainOf = ({ name, args, block }: Directive): Plain => ({ name, args, block: block && block.map(plainOf) });

const letters = fc.constantFrom(...Array.from("abz019_$./:=~^*@%+-|()[]#{};\"'\\ \t\n\réж😀,"));
const word = fc.string({ unit: letters, maxLength: 8 });
const name = fc.stringMatching(/^[a-z_~*^.$]{1,8}$/).filter((text) => !text.endsWith("_by_lua_block"));

const { tree } = fc.letrec<{ tree: Plain[]; node: Plain }>((tie) => ({
  tree: fc.array(tie("node"), { maxLength: 4 }),
  node: fc.record({
    name,
    args: fc.array(word, { maxLength: 3 }),
    block: fc.oneof({ depthSize: "small" }, { weight: 3, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: tie("tree") }),
  }),
}));

/** Every choice of how to write something is taken from this list, over and over. */
type Style = number[];

const written = (nodes: readonly Plain[], style: Style): string => {
  let next = 0;
  const choose = <T>(options: readonly T[]): T => options[(style[next++ % style.length] ?? 0) % options.length] as T;
  const escaped = (text: string, quote: string): string =>
    text.replaceAll(/["'\\]/g, (character) =>
      character === quote || character === "\\" || choose([true, false]) ? `\\${character}` : character,
    );
  const isBare = (text: string): boolean => /^[^"'\\#{}; \t\r\n$()][^\\{}; \t\r\n$]*$/.test(text);
  const wordOf = (text: string): string => {
    const quote = choose(isBare(text) ? ["", '"', "'"] : ['"', "'"]);
    return quote === "" ? text : `${quote}${escaped(text, quote)}${quote}`;
  };
  const gap = (): string => choose([" ", "  ", "\t", "\n", "\r\n", " # a { comment; 'with \" signs }\n", "\n#\n"]);
  const maybe = (): string => choose(["", "", gap()]);
  const nodeOf = ({ name: own, args, block }: Plain): string => {
    const head = [own, ...args.map(wordOf)].join(gap());
    // A name that ends in `$` would take the `{` for its own.
    return block ? `${head} ${maybe()}{${maybe()}${block.map(nodeOf).join("")}}${maybe()}` : `${head}${maybe()};${maybe()}`;
  };
  return maybe() + nodes.map(nodeOf).join("");
};

const everywhere = (nodes: readonly Directive[]): Directive[] => nodes.flatMap((node) => [node, ...everywhere(node.block ?? [])]);

describe("the tree of a configuration", () => {
  it("is the same however it is written, and every place is where it says", () => {
    fc.assert(
      fc.property(tree, fc.array(fc.nat(100), { minLength: 1, maxLength: 40 }), (nodes, style) => {
        const text = written(nodes, style);
        const parsed = parse("a.conf", text);
        expect(parsed.map(plainOf)).toEqual(nodes);
        for (const { name: own, args, argPlaces, place, block, bodyStart, parent } of everywhere(parsed)) {
          const whole = text.slice(place.start, place.end);
          expect(whole.startsWith(own) && whole.endsWith(block ? "}" : ";")).toBe(true);
          const before = text.slice(0, place.start).split("\n");
          expect([place.line, place.column]).toEqual([before.length, (before.at(-1)?.length ?? 0) + 1]);
          expect(bodyStart === null ? null : text[bodyStart - 1]).toBe(block ? "{" : null);
          for (const [index, at] of argPlaces.entries())
            expect(parse("", `x ${text.slice(at.start, at.end)};`)[0]?.args).toEqual([args[index]]);
          expect(parent === null || (parent.place.start < place.start && place.end < parent.place.end)).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });

  it("keeps the template's own places when variables are filled in", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom("A", "B", "LONG_NAME"), fc.stringMatching(/^[a-z]{0,12}$/)), { minLength: 1, maxLength: 5 }),
        fc.record({ A: fc.stringMatching(/^[a-z]{1,20}$/), B: fc.constantFrom("", "x y", "x;\ny z"), LONG_NAME: fc.constant("é") }),
        (pieces, values) => {
          const text = pieces
            .map(([variable, rest], index) => `# \${${variable}}\nlisten a${rest}\${${variable}}${rest};\nlast_${index} $A ${rest}z;\n`)
            .join("");
          const parsed = parse("a.template", text, fill(text, true, values));
          for (const [index] of pieces.entries()) {
            const last = parsed.find(({ name: own }) => own === `last_${index}`);
            const place = last?.place;
            expect(place && text.slice(place.start, place.end)).toBe(text.split("\n")[index * 3 + 2]);
            expect(place?.line).toBe(index * 3 + 3);
            expect(last?.argPlaces.slice(0, 1).map(({ start, end }) => text.slice(start, end))).toEqual(["$A"]);
          }
        },
      ),
    );
  });

  it("throws nothing but a sentence with file and line, whatever the text", () => {
    const pieces = fc.constantFrom(
      ..."{ } ; \" ' # \\ $ \n \r \t a x ~".split(" "),
      " ",
      "${",
      "server {",
      "x_by_lua_block {",
      "--[[",
      "]]",
      "[==[",
      "include a;",
      "\0",
      "\u{1F600}",
      "\ud800",
    );
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: pieces, maxLength: 60 }), fc.string({ unit: "binary" })), (text) => {
        try {
          parse("a.conf", text);
        } catch (error) {
          expect(error).toBeInstanceOf(ConfigError);
          expect((error as ConfigError).message).toMatch(/^a\.conf:\d+: /);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ["listen 80", 'a.conf:1: the file ends before "listen" does: a ";" or "}" is missing'],
    ["server {\n listen 80;\n", 'a.conf:1: the block of "server" is never closed: a "}" is missing'],
    ["server {\n listen 80\n}", 'a.conf:2: the directive "listen" lacks its ";": a "}" follows it'],
    ["server {\n} }", 'a.conf:2: unexpected "}": no block is open here'],
    ["a;\n;", 'a.conf:2: unexpected ";": no directive stands before it'],
    ["a;\nb 'c\n;", "a.conf:2: a quote that is opened here is never closed"],
    ["a 'b'c;", 'a.conf:1: unexpected "c" after a closing quote; nginx expects a space, ";" or "{" there'],
    ["a;\ncontent_by_lua_block {\n x = '}'", "a.conf:2: a block of Lua that is opened here is never closed"],
    ["a {".repeat(200), "a.conf:1: blocks are nested more than 100 deep here"],
  ])("says where it goes wrong, %#", (text, sentence) => {
    expect(() => parse("a.conf", text)).toThrow(sentence);
  });

  it("reads words as nginx does", () => {
    const args = (text: string): string[] | undefined => parse("a.conf", text)[0]?.args;
    // A brace that is not quoted opens a block, in a pattern too.
    expect(args(String.raw`a ~ ^/x\d{2;}`)).toEqual(["~", String.raw`^/x\d`]);
    expect(args(String.raw`a "\.b\"\t" c\ d "{2}";`)).toEqual(['\\.b"\t', "c\\ d", "{2}"]);
    expect(args("if ($a = 'b') { }")).toEqual(["($a", "=", "b", ")"]);
    expect(args("log_format main '$a \"$b\"'\n  'c';")).toEqual(["main", '$a "$b"', "c"]);
    expect(args("set $a ${b}c$d;")).toEqual(["$a", "${b}c$d"]);
    expect(args("return 200 a#b;")).toEqual(["200", "a#b"]);
    expect(args('if ($a ~ "^(?:b|c)$"){}')).toEqual(["($a", "~", "^(?:b|c)$", ")"]);
  });

  it("takes a block of Lua as it is", () => {
    const text = "location / { content_by_lua_block { -- }\n x = { '}', \"}\" } y = [==[ } ]==] --[[ } ]] } proxy_pass http://a; }";
    const [location] = parse("a.conf", text);
    expect(location?.block?.map(({ name: own, args, block }) => [own, args, block])).toEqual([
      ["content_by_lua_block", [], []],
      ["proxy_pass", ["http://a"], null],
    ]);
    const lua = location?.block?.[0]?.place;
    expect(lua && text.slice(lua.start, lua.end)).toMatch(/^content_by_lua_block \{.*\]\] \}$/s);
  });

  it("finds what is inherited on the nearest level, and all of that level", () => {
    const [http] = parse(
      "a.conf",
      "http { gzip on; add_header A 1; add_header B 2; server { add_header C 3; location / { proxy_pass http://a; if ($x) { add_header D 4; add_header E 5; } } } }",
    );
    const location = http && find(http, "server") && find(find(http, "server") as Directive, "location");
    const inner = location && find(location, "if");
    expect(location && lookup(location, "gzip")?.args).toEqual(["on"]);
    expect(location && lookupAll(location, "add_header").map(({ args }) => args[0])).toEqual(["C"]);
    expect(inner && lookupAll(inner, "add_header").map(({ args }) => args[0])).toEqual(["D", "E"]);
    expect(location && lookup(location, "proxy_buffering")).toBeNull();
    expect(location && find(location, "gzip")).toBeNull();
    expect(http && childrenOf(http).map((child) => child.name)).toEqual(["gzip", "add_header", "add_header", "server"]);
  });

  it("reads a megabyte of anything in linear time", () => {
    const texts = ["a{", "a b;\n", "'", "a 'b\\", "#\n", "x_by_lua_block {[[", "${", "a ${b}", "a{}"].map((piece) =>
      piece.repeat(1_000_000 / piece.length),
    );
    for (const text of texts) {
      try {
        parse("a.conf", text);
      } catch (error) {
        expect(error).toBeInstanceOf(ConfigError);
      }
    }
  });
});
