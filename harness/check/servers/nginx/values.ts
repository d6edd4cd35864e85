// The values of nginx's own variables for one request.
import { noFields, queryOf } from "./fields.ts";
import type { Fields } from "./fields.ts";
import { userAgent } from "../../../lab/protocol.ts";
import { requestHeader } from "../../../model/request-id.ts";
import type { Value } from "./expand.ts";

/** A plain request by the lab's client, which sends nothing unusual. */
export interface Request {
  scheme: "http" | "https";
  host: string;
  port: number;
  /** As requested, decoded. */
  uri: string;
  accept: string;
  method: string;
  /** What it carries besides. */
  fields?: Fields;
}

/** Header fields that not every trial has, or not with the same value; what no other sends is empty. */
const varying = new Set(
  ["accept-encoding", "authorization", "connection", "transfer-encoding", requestHeader].map((name) => `http_${name.replaceAll("-", "_")}`),
);

/** Of nginx's own variables, of which most do not matter here. `uri` may have been rewritten since. */
export const ownValue = (name: string, request: Request, uri: string): Value => {
  const given = request.fields?.get(name);
  if (given !== undefined) return given;
  switch (name) {
    case "host":
      return request.host;
    case "http_host":
      return request.host + (request.port === (request.scheme === "https" ? 443 : 80) ? "" : `:${request.port}`);
    case "scheme":
      return request.scheme;
    case "https":
      return request.scheme === "https" ? "on" : "";
    case "server_port":
      return String(request.port);
    case "request_uri":
      return request.uri;
    case "uri":
    case "document_uri":
      return uri;
    case "http_accept":
      return request.accept;
    case "http_user_agent":
      return userAgent;
    case "request_method":
      return request.method;
    case "args":
    case "query_string":
      return queryOf(request.fields ?? noFields);
    case "is_args":
      return queryOf(request.fields ?? noFields) === "" ? "" : "?";
    case "remote_user":
      return "";
    case "content_length":
      return request.method === "GET" ? "" : null;
    case "content_type":
      return request.method === "GET" ? "" : "application/json";
    default:
      return /^(?:arg|cookie|http)_/.test(name) && !varying.has(name) ? "" : null;
  }
};
