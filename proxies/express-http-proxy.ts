import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import type { Response } from "express";
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
    app.use(
      proxy(upstream.origin, {
        ...(decorates ? { userResDecorator: (_answer, body: Buffer) => body } : {}),
        ...(endsWithOrigin ? { userResHeaderDecorator: endWithOrigin } : {}),
        ...(timeout ? { timeout: Number(timeout) } : {}),
      }),
    );
    return (request, response) => void app(request, response);
  },
  variants: {
    default: { title: "app.use(proxy(host))" },
    decorator: { title: "userResDecorator, which changes nothing", options: { decorates: true } },
    "origin-abort": { title: "destroys the response when the origin's ends early", options: { endsWithOrigin: true } },
    timeout: { title: "timeout of one second", options: { timeout: 1000 }, limitMs: 1000 },
  },
});

/** The only place where it hands out both responses before the body flows. */
const endWithOrigin = (headers: IncomingHttpHeaders, _request: unknown, response: Response, _asked: unknown, answer: IncomingMessage) => {
  answer.once("close", () => void (answer.complete || response.destroy()));
  return headers;
};
