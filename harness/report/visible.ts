// Untrusted text of several lines, for a page: like `plain`, but line ends and tabs stay.
import { plain } from "./text.ts";

export const shown = (text: string): string =>
  text
    .replaceAll("\r\n", "\n")
    .split(/([\n\t])/)
    .map((part) => (part === "\n" || part === "\t" ? part : plain(part)))
    .join("");
