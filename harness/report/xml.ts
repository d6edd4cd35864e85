// The part of XML 1.0 that a report needs.
import { plain } from "./text.ts";

const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&apos;" };

/** Characters that XML does not allow are made visible; line breaks stay. */
const escaped = (text: string): string =>
  text
    .split("\n")
    .map((line) => plain(line).replaceAll(/[\uFFFE\uFFFF]/g, "\uFFFD"))
    .join("\n")
    .replaceAll(/[&<>"']/g, (character) => entities[character] ?? "");

/** An element with children (already XML) or text. Undefined attributes are omitted. */
export const element = (name: string, attributes: Record<string, string | number | undefined>, inside: string[] | string = []): string => {
  const words = Object.entries(attributes).flatMap(([key, value]) =>
    // A parser reads a line break in an attribute as a space.
    value === undefined ? [] : [` ${key}="${escaped(String(value)).replaceAll("\n", "&#10;")}"`],
  );
  const content = typeof inside === "string" ? escaped(inside) : inside.length === 0 ? "" : `\n${inside.join("\n")}\n`;
  return content === "" ? `<${name}${words.join("")}/>` : `<${name}${words.join("")}>${content}</${name}>`;
};
