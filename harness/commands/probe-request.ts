// What `hopwise probe` was asked for, as a request. Errors are the author's.
import { readFile } from "node:fs/promises";
import { AuthorError } from "../errors.ts";
import type { HeaderList } from "../model/script.ts";
import type { OpenFlag } from "./open-page.ts";
import type { ProbeRequest } from "../probe/request.ts";
import { plain } from "../report/text.ts";
import { fieldOf } from "./header-field.ts";

export interface ProbeFlags extends OpenFlag {
  http?: "1.1" | "2" | "3";
  once?: boolean;
  method?: "GET" | "POST";
  data?: string;
  header?: string[];
  insecure?: boolean;
  for?: number;
  maxBytes?: number;
  origin?: string;
  json?: boolean;
  reporter?: string[];
}

/** They belong to the connection, or follow from the body. */
const own = new Set(["connection", "content-length", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade", "expect"]);

export const requestOf = async (given: string, flags: ProbeFlags): Promise<ProbeRequest> => {
  const url = urlOf(given, "The URL");
  const body = flags.data === undefined ? null : await bodyOf(flags.data);
  const method = flags.method ?? (body === null ? "GET" : "POST");
  if (body !== null && method === "GET")
    throw new AuthorError("--data is the body of a request, which GET does not have: use --method POST");
  if ((flags.http === "2" || flags.http === "3") && url.protocol === "http:")
    throw new AuthorError(`--http ${flags.http} needs an https:// URL: clients speak HTTP/${flags.http} over TLS only`);
  const headers = (flags.header ?? []).map(fieldOf);
  const taken = headers.find(([name]) => own.has(name.toLowerCase()));
  if (taken) throw new AuthorError(`--header ${taken[0]} cannot be set: it belongs to the connection or follows from the body`);
  return { url: withoutUser(url), method, headers: [...userOf(url, headers), ...headers], body, isInsecure: flags.insecure ?? false };
};

export const urlOf = (given: string, what: string): URL => {
  const url = URL.parse(given);
  if (url === null || (url.protocol !== "http:" && url.protocol !== "https:"))
    throw new AuthorError(`${what} ${plain(JSON.stringify(given))} is not an http:// or https:// URL, e.g. https://example.org/events`);
  return url;
};

const withoutUser = (url: URL): URL => {
  const plainUrl = new URL(url);
  plainUrl.username = "";
  plainUrl.password = "";
  return plainUrl;
};

/** RFC 7617 */
const userOf = ({ username, password }: URL, headers: HeaderList): HeaderList => {
  if (username === "" || headers.some(([name]) => name.toLowerCase() === "authorization")) return [];
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return [["Authorization", `Basic ${Buffer.from(pair).toString("base64")}`]];
};

/** `@file`, or the text itself. */
const bodyOf = async (data: string): Promise<string> => {
  if (!data.startsWith("@")) return data;
  return readFile(data.slice(1), "utf8").catch((cause: Error) => {
    throw new AuthorError(`--data ${data} cannot be read: ${cause.message}`, { cause });
  });
};
