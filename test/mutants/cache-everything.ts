import type { IncomingMessage } from "node:http";
import { forward, mutantHandler, passHead } from "./_forward.ts";

const title = "Caches every response, and answers later requests for the URL from it";

export default mutantHandler({ title, link: "https://www.rfc-editor.org/rfc/rfc9111#section-3" }, ({ upstream }) => {
  const stored = new Map<string | undefined, { head: IncomingMessage; body: Buffer[] }>();
  const pass = forward(upstream, ({ request, straight }) => {
    const body: Buffer[] = [];
    let head: IncomingMessage;
    return {
      headers: (answer) => {
        head = answer;
        straight.headers(answer);
      },
      write: (piece) => {
        body.push(piece);
        return straight.write(piece);
      },
      end: () => {
        if (request.method === "GET" && head.statusCode === 200) stored.set(request.url, { head, body });
        straight.end();
      },
    };
  });
  return (request, response) => {
    const hit = request.method === "GET" ? stored.get(request.url) : undefined;
    if (!hit) return pass(request, response);
    passHead(request, hit.head, response);
    for (const piece of hit.body) response.write(piece);
    response.end();
  };
});
