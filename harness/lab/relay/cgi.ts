// What CGI's variables say of a request (RFC 3875 §4.1), and its response header section (§6.2).
import type { ResponseHead } from "../../decode/http1.ts";
import { usualHost } from "../../model/usual-host.ts";

const framing = new Set(["transfer-encoding", "connection", "keep-alive"]);

export const requestOfVariables = (variables: ReadonlyMap<string, string>): Buffer => {
  const method = variables.get("REQUEST_METHOD") || "GET";
  const target = variables.get("REQUEST_URI") || "/";
  const fields = [...variables].flatMap(([name, value]) => {
    if (!name.startsWith("HTTP_") || value === "") return [];
    const field = name.slice("HTTP_".length).toLowerCase().replaceAll("_", "-");
    return field === "host" || framing.has(field) ? [] : [`${field}: ${value}`];
  });
  const host = variables.get("HTTP_HOST") || variables.get("SERVER_NAME") || usualHost;
  const length = variables.get("CONTENT_LENGTH") ?? "";
  const type = variables.get("CONTENT_TYPE") ?? "";
  const lines = [
    `${method} ${target} HTTP/1.1`,
    `Host: ${host}`,
    ...(type === "" ? [] : [`Content-Type: ${type}`]),
    ...(length === "" ? [] : [`Content-Length: ${length}`]),
    ...fields,
  ];
  return Buffer.from(`${lines.join("\r\n")}\r\n\r\n`, "latin1");
};

const fieldsOf = ({ headers }: ResponseHead): string[] =>
  headers.filter(({ name }) => !framing.has(name.toLowerCase())).map(({ name, value }) => `${name}: ${value}`);

/** With a `Status` field. */
export const cgiHead = (head: ResponseHead): Buffer =>
  Buffer.from(`${[`Status: ${head.status} ${head.reason}`.trim(), ...fieldsOf(head)].join("\r\n")}\r\n\r\n`, "latin1");

/** With a status line, as application servers for uwsgi send it. */
export const plainHead = (head: ResponseHead): Buffer =>
  Buffer.from(`${[`HTTP/1.1 ${head.status} ${head.reason}`.trim(), ...fieldsOf(head)].join("\r\n")}\r\n\r\n`, "latin1");

/** Collects bytes until a request's variables are complete; what comes after is its content. */
export const headReader = (read: (bytes: Buffer) => { variables: Map<string, string>; after: number } | null) => () => {
  let head: Buffer | null = Buffer.alloc(0);
  let method = "GET";
  return {
    method: () => method,
    push: (bytes: Buffer): Buffer => {
      if (head === null) return bytes;
      head = Buffer.concat([head, bytes]);
      const found = read(head);
      if (!found) return Buffer.alloc(0);
      const content = head.subarray(found.after);
      head = null;
      method = found.variables.get("REQUEST_METHOD") || "GET";
      return Buffer.concat([requestOfVariables(found.variables), content]);
    },
  };
};
