// https://python.ca/scgi/protocol.txt
import { cgiHead, headReader } from "./cgi.ts";
import type { Dialect } from "./translating.ts";

const read = (bytes: Buffer): { variables: Map<string, string>; after: number } | null => {
  const colon = bytes.indexOf(":");
  if (colon < 0) return null;
  const from = colon + 1;
  const to = from + Number(bytes.toString("latin1", 0, colon));
  // A comma ends the netstring.
  if (bytes.length < to + 1) return null;
  const words = bytes.toString("latin1", from, to).split("\0");
  const variables = new Map<string, string>();
  for (let at = 0; at + 1 < words.length; at += 2) variables.set(words[at] ?? "", words[at + 1] ?? "");
  return { variables, after: to + 1 };
};

export const scgi: Dialect = {
  request: headReader(read),
  response: { head: cgiHead, content: (bytes) => bytes, end: Buffer.alloc(0) },
};
