import type { IncomingMessage, ServerResponse } from "node:http";
import { cut, forward, mutantHandler, passHead } from "./_forward.ts";

interface Flight {
  head: IncomingMessage | null;
  body: Buffer[];
  joined: Map<ServerResponse, IncomingMessage>;
  leave: () => void;
}

const title = "Collapses a request into a running one for the same URL";

export default mutantHandler({ title, link: "https://www.rfc-editor.org/rfc/rfc9111#section-4" }, ({ upstream }) => {
  const flights = new Map<string | undefined, Flight>();

  const pass = forward(upstream, ({ request, response, straight }) => {
    if (request.method !== "GET") return {};
    const { url } = request;
    const joined: Flight["joined"] = new Map();
    const leave = (): void => {
      if (joined.size > 0 || !response.destroyed) return;
      flights.delete(url);
      straight.left();
    };
    const flight: Flight = { head: null, body: [], joined, leave };
    flights.set(url, flight);
    return {
      headers: (answer) => {
        flight.head = answer;
        straight.headers(answer);
        for (const [other, asking] of joined) passHead(asking, answer, other);
      },
      write: (piece) => {
        flight.body.push(piece);
        for (const other of joined.keys()) other.write(piece);
        return straight.write(piece);
      },
      end: () => {
        flights.delete(url);
        straight.end();
        for (const other of joined.keys()) other.end();
      },
      cut: () => {
        flights.delete(url);
        straight.cut();
        for (const other of joined.keys()) cut(other);
      },
      left: leave,
    };
  });

  return (request, response) => {
    const flight = request.method === "GET" ? flights.get(request.url) : undefined;
    if (!flight) return pass(request, response);
    flight.joined.set(response, request);
    response.on("close", () => {
      flight.joined.delete(response);
      flight.leave();
    });
    if (!flight.head) return;
    passHead(request, flight.head, response);
    for (const piece of flight.body) response.write(piece);
  };
});
