import type { IncomingMessage, ServerResponse } from "node:http";
import { defineServer } from "../harness/define.ts";

export default defineServer({
  kind: "node",
  title: "A proxy over fetch, as applications write it themselves",
  link: "https://developer.mozilla.org/en-US/docs/Web/API/Fetch_API/Using_Fetch",
  handler:
    ({ upstream, options }) =>
    (request, response) =>
      void pass(request, response, upstream, options["repaired"] === true),
  variants: {
    default: { title: "writes what comes, and ends the response when nothing more does" },
    repaired: {
      title: "flushes the header section, destroys the response on an error, and aborts the fetch when the client leaves",
      options: { repaired: true },
    },
  },
});

const pass = async (request: IncomingMessage, response: ServerResponse, upstream: URL, repaired: boolean): Promise<void> => {
  const leaving = new AbortController();
  if (repaired) response.once("close", () => leaving.abort());
  try {
    const answer = await fetch(new URL(request.url ?? "/", upstream), {
      method: request.method ?? "GET",
      headers: headersOf(request),
      signal: leaving.signal,
    });
    // The body has been decoded.
    const fields = [...answer.headers].filter(([name]) => !["content-encoding", "content-length", "transfer-encoding"].includes(name));
    response.writeHead(answer.status, Object.fromEntries(fields));
    if (repaired) response.flushHeaders();
    for await (const piece of answer.body ?? []) response.write(piece);
    response.end();
  } catch {
    if (repaired && response.headersSent) response.destroy();
    else {
      if (!response.headersSent) response.writeHead(502);
      response.end();
    }
  }
};

const headersOf = ({ headers }: IncomingMessage): [string, string][] =>
  Object.entries(headers).flatMap(([name, value]): [string, string][] =>
    ["host", "connection"].includes(name) ? [] : [[name, String(value)]],
  );
