// The page of the site on which a report or a trace is dropped: nothing leaves the browser, which renders it by Hopwise's own code, in one script.
import { join } from "node:path";
import { rolldown } from "rolldown";
import type { Plugin } from "rolldown";
import { packageRoot } from "../harness/catalog/package-root.ts";
import { markup } from "../harness/report/html/markup.ts";
import { code, policy } from "../harness/report/html/page-code.ts";
import { sitePage } from "./_site-parts.ts";

/** The policy of the page names scripts by the hashes of their text, which bundling would change: the texts go in as they are. */
const asTexts: Plugin = {
  name: "as-texts",
  load: {
    filter: { id: /report\/html\/page-code\.ts$/ },
    handler: () =>
      `export const code = ${JSON.stringify(code)}; export const policy = ${JSON.stringify(policy)}; export const policyWith = () => policy;`,
  },
};

/** A browser has no cipher of Node's; only the lab needs one, to make bodies. */
const withoutNode: Plugin = {
  name: "without-node",
  resolveId: { filter: { id: /^node:crypto$/ }, handler: (id) => `\0${id}` },
  load: {
    filter: { id: /^\0node:crypto$/ },
    handler: () => `export const createCipheriv = () => { throw new Error("bodies are made in Node"); };`,
  },
};

const bundle = async (): Promise<string> => {
  await using build = await rolldown({
    input: join(packageRoot, "scripts/site-browser/look.js"),
    platform: "browser",
    plugins: [asTexts, withoutNode],
    logLevel: "warn",
  });
  const {
    output: [{ code: script }],
  } = await build.generate({ format: "iife", minify: true });
  // Inside of strings and patterns, where alone these stand, `\x3C` is the same.
  return script.replaceAll(/<(?=!--|\/?(?:script|style))/gi, String.raw`\x3C`);
};

export const lookPage = async (): Promise<string> =>
  sitePage(
    "Look at a report",
    "",
    markup`<p>Drop a report or a trace of Hopwise here (<code>--reporter json=report.json</code>, <code>--save-traces folder</code>), or choose it. It is shown by this page alone: nothing is uploaded.</p>
    <p><input type="file" id="look-file" accept=".json,application/json" aria-label="A report or a trace" /></p>
    <p id="look-said" role="status"></p>
    <div id="look-place" class="look"></div>`,
    await bundle(),
  );
