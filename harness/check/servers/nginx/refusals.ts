// What a refusal of nginx's is about. Pure.
import type { Line } from "../../../report/check-report.ts";
import type { Deployment } from "../../configuration.ts";

/** nginx names the file that it cannot load, and the one in which a line is wrong. */
export const namesFile = (refusal: string, target: string): boolean => refusal.includes(target);

/** Variables are looked up when everything has been read: https://nginx.org/en/docs/varindex.html lists them. */
export const refusedLine = ({ files }: Pick<Deployment, "files">, refusal: string): Line | null => {
  const [, name] = /unknown "(\w+)" variable/.exec(refusal) ?? [];
  if (name === undefined) return null;
  const used = new RegExp(`^[^#]*?\\$(?:${name}\\b|\\{${name}\\})`);
  for (const { path, text } of files)
    for (const [index, line] of (text ?? "").split("\n").entries()) {
      const [before] = used.exec(line) ?? [];
      if (before !== undefined) return { file: path, line: index + 1, column: before.lastIndexOf("$") + 1 };
    }
  return null;
};
