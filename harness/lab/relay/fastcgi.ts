// https://fastcgi-archives.github.io/FastCGI_Specification.html
import { cgiHead, requestOfVariables } from "./cgi.ts";
import type { Dialect, RequestReader } from "./translating.ts";

const types = { endRequest: 3, params: 4, stdin: 5, stdout: 6 } as const;
const headBytes = 8;
const mostContent = 0xff_ff;
/** The only request of a connection. */
const requestId = 1;

const record = (type: number, content: Uint8Array): Buffer => {
  const head = Buffer.alloc(headBytes);
  head.writeUInt8(1, 0);
  head.writeUInt8(type, 1);
  head.writeUInt16BE(requestId, 2);
  head.writeUInt16BE(content.length, 4);
  return Buffer.concat([head, content]);
};

const output = (content: Uint8Array): Buffer => {
  const parts: Buffer[] = [];
  for (let at = 0; at < content.length; at += mostContent) parts.push(record(types.stdout, content.subarray(at, at + mostContent)));
  return Buffer.concat(parts);
};

const variablesIn = (bytes: Buffer): Map<string, string> => {
  const variables = new Map<string, string>();
  let at = 0;
  const length = (): number => {
    const short = bytes.readUInt8(at);
    if (short < 0x80) {
      at += 1;
      return short;
    }
    const long = bytes.readUInt32BE(at) & 0x7f_ff_ff_ff;
    at += 4;
    return long;
  };
  while (at < bytes.length) {
    const [name, value] = [length(), length()];
    variables.set(bytes.toString("latin1", at, at + name), bytes.toString("latin1", at + name, at + name + value));
    at += name + value;
  }
  return variables;
};

const reader = (): RequestReader => {
  let unread: Buffer = Buffer.alloc(0);
  let params: Buffer[] = [];
  let method = "GET";
  const take = (type: number, content: Buffer): Buffer => {
    if (type === types.stdin) return content;
    if (type !== types.params) return Buffer.alloc(0);
    if (content.length > 0) {
      params.push(content);
      return Buffer.alloc(0);
    }
    const variables = variablesIn(Buffer.concat(params));
    params = [];
    method = variables.get("REQUEST_METHOD") || "GET";
    return requestOfVariables(variables);
  };
  return {
    method: () => method,
    push: (bytes) => {
      unread = Buffer.concat([unread, bytes]);
      const passed: Buffer[] = [];
      while (unread.length >= headBytes) {
        const content = unread.readUInt16BE(4);
        const end = headBytes + content + unread.readUInt8(6);
        if (unread.length < end) break;
        passed.push(take(unread.readUInt8(1), unread.subarray(headBytes, headBytes + content)));
        unread = unread.subarray(end);
      }
      return Buffer.concat(passed);
    },
  };
};

export const fastcgi: Dialect = {
  request: reader,
  response: {
    head: (head) => output(cgiHead(head)),
    content: output,
    end: Buffer.concat([record(types.stdout, Buffer.alloc(0)), record(types.endRequest, Buffer.alloc(headBytes))]),
  },
};
