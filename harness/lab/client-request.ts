// The request of a client's plan.
import { queryParameter, requestHeader, requestIdText } from "../model/request-id.ts";
import type { ClientPlan, HeaderList } from "../model/script.ts";
import type { RequestToSend } from "./client-connection.ts";
import { anyAccept, userAgent } from "./protocol.ts";

export const requestOf = (plan: ClientPlan, client: number, token: string): RequestToSend => {
  const own: HeaderList = [
    ["Host", plan.host],
    ["User-Agent", userAgent],
    ["Accept", anyAccept],
    ...(plan.acceptEncoding === null ? [] : ([["Accept-Encoding", plan.acceptEncoding]] satisfies HeaderList)),
    ...(plan.upload ? ([["Transfer-Encoding", "chunked"]] satisfies HeaderList) : []),
    ...(plan.content === undefined ? [] : ([["Content-Length", String(Buffer.byteLength(plan.content))]] satisfies HeaderList)),
    [requestHeader, requestIdText({ token, client })],
  ];
  const given = new Set(plan.headers.map(([name]) => name.toLowerCase()));
  return {
    method: plan.method,
    target:
      plan.isNamedInTarget === false ? plan.target : `${plan.target}${plan.target.includes("?") ? "&" : "?"}${queryParameter}=${token}`,
    version: plan.version,
    ...(plan.content === undefined ? {} : { content: plan.content }),
    headers: [...own.filter(([name]) => !given.has(name.toLowerCase())), ...plan.headers],
  };
};
