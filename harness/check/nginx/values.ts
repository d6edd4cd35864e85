// What nginx's own variables are worth for one request.
import { requestHeader, userAgent } from "../../lab/protocol.ts";
import type { Value } from "./expand.ts";

/** A plain GET by the lab's client, which sends nothing unusual. */
export interface Request {
  scheme: "http" | "https";
  host: string;
  port: number;
  /** As it was asked for, decoded. */
  uri: string;
  accept: string;
}

/** Header fields that not every trial has, or not with the same value; what no other sends is empty. */
const varying = new Set(
  ["accept-encoding", "authorization", "connection", "transfer-encoding", requestHeader].map((name) => `http_${name.replaceAll("-", "_")}`),
);

/** Of nginx's own variables, of which most do not matter here. `uri` may have been rewritten since. */
export const ownValue = (name: string, request: Request, uri: string): Value => {
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
      return "GET";
    case "args":
    case "query_string":
    case "is_args":
    case "content_length":
    case "content_type":
    case "remote_user":
      return "";
    default:
      return /^(?:arg|cookie|http)_/.test(name) && !varying.has(name) ? "" : null;
  }
};
