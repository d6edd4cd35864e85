// https://uwsgi-docs.readthedocs.io/en/latest/Protocol.html
import { headReader, plainHead } from "./cgi.ts";
import type { Dialect } from "./translating.ts";

const headBytes = 4;

const read = (bytes: Buffer): { variables: Map<string, string>; after: number } | null => {
  if (bytes.length < headBytes) return null;
  const after = headBytes + bytes.readUInt16LE(1);
  if (bytes.length < after) return null;
  const variables = new Map<string, string>();
  for (let at = headBytes; at + 2 <= after;) {
    const [name, next] = textAt(bytes, at);
    const [value, end] = textAt(bytes, next);
    variables.set(name, value);
    at = end;
  }
  return { variables, after };
};

const textAt = (bytes: Buffer, at: number): [text: string, end: number] => {
  const end = at + 2 + bytes.readUInt16LE(at);
  return [bytes.toString("latin1", at + 2, end), end];
};

export const uwsgi: Dialect = {
  request: headReader(read),
  response: { head: plainHead, content: (bytes) => bytes, end: Buffer.alloc(0) },
};
