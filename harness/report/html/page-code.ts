// The scripts that every page brings along, and the policy that names them by their hashes.
import { createHash } from "node:crypto";
import { comparing } from "./browser/comparing.js";
import { copying } from "./browser/copying.js";
import { filtering } from "./browser/filtering.js";
import { pictures } from "./browser/pictures.js";
import { style } from "./style.ts";

export const code = [pictures, filtering, copying, comparing].map((each) => `(${each.toString()})();`).join("\n");

const hashOf = (text: string): string => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

/** https://www.w3.org/TR/CSP3/: nothing is loaded, and only these scripts run. `more`: a script of this page alone. */
export const policyWith = (more: string | null): string =>
  `default-src 'none'; style-src ${hashOf(style)}; script-src ${hashOf(code)}${more === null ? "" : ` ${hashOf(more)}`}; base-uri 'none'; form-action 'none'`;

/** Of a page without a script of its own. */
export const policy = policyWith(null);
