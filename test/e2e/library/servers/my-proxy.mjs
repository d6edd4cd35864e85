import { request as ask } from "node:http";
import { defineServer } from "hopwise";

export default defineServer({
  kind: "node",
  title: "A proxy of my own",
  link: "https://nodejs.org/api/http.html",
  handler:
    ({ upstream, options }) =>
    (request, response) => {
      const { hostname: host, port } = upstream;
      const asked = ask({ host, port, method: request.method, path: request.url, headers: request.headers }, (answer) => {
        response.writeHead(answer.statusCode, answer.headers);
        if (options.flushes) response.flushHeaders();
        answer.on("close", () => void (answer.complete || response.destroy()));
        answer.pipe(response);
      });
      asked.on("error", () => response.destroy());
      response.on("close", () => asked.destroy());
      request.pipe(asked);
    },
  variants: {
    default: { title: "as it is" },
    flushing: { title: "flushes the header section", options: { flushes: true } },
  },
});
