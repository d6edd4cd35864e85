// What nginx's own variables are worth for one request.
import type { Value } from "./expand.ts";

/** A plain GET by a client that sends nothing unusual. */
export interface Request {
  scheme: "http" | "https";
  host: string;
  port: number;
  /** As it was asked for, decoded. */
  uri: string;
}

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
    case "request_method":
      return "GET";
    case "args":
    case "query_string":
    case "is_args":
    case "http_upgrade":
    case "http_referer":
    case "http_origin":
    case "content_length":
    case "content_type":
    case "remote_user":
      return "";
    default:
      return /^(?:arg_|cookie_|http_x_|http_sec_|http_access_control_|http_cf_)/.test(name) ? "" : null;
  }
};
