import type { IncomingMessage } from "node:http";
import type { RequestHandler } from "express";
import { defineServer } from "../harness/define.ts";

export default defineServer({
  kind: "node",
  title: "express-http-proxy in Express",
  link: "https://github.com/villadora/express-http-proxy",
  package: ["express-http-proxy", "express"],
  handler: async ({ upstream, options }) => {
    const [{ default: express }, { default: proxy }] = await Promise.all([import("express"), import("express-http-proxy")]);
    const { decorates, timeout, endsWithOrigin } = options;
    const app = express();
    if (endsWithOrigin) app.use(endWithOrigin);
    app.use(
      proxy(upstream.origin, {
        ...(decorates === "body" ? { userResDecorator: (_answer, body: Buffer) => body } : {}),
        ...(decorates === "headers" ? { userResHeaderDecorator: (headers) => headers } : {}),
        ...(timeout ? { timeout: Number(timeout) } : {}),
      }),
    );
    return (request, response) => void app(request, response);
  },
  variants: {
    default: { title: "app.use(proxy(host))" },
    decorator: { title: "userResDecorator, which changes nothing", options: { decorates: "body" } },
    "header-decorator": { title: "userResHeaderDecorator, which changes nothing", options: { decorates: "headers" } },
    "origin-abort": { title: "destroys the response if the origin's response ends early", options: { endsWithOrigin: true } },
    timeout: { title: "timeout of one second", options: { timeout: 1000 }, limitMs: 1000 },
  },
});

/** Any decorator would make it collect the whole body first; without one, it pipes and emits `pipe` on the response. */
const endWithOrigin: RequestHandler = (_request, response, next) => {
  response.once("pipe", (answer: IncomingMessage) => answer.once("close", () => void (answer.complete || response.destroy())));
  next();
};
