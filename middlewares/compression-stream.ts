import { Duplex } from "node:stream";
import { defineMiddleware } from "../harness/define.ts";
import { codeContent } from "./_coding.ts";

export default defineMiddleware({
  title: "CompressionStream of the web platform, which cannot flush, for text and JSON",
  link: "https://compression.spec.whatwg.org/#compression-stream",
  variants: {
    default: { title: "also event streams, like Hono's compress until January 2025", options: { skipsEvents: false } },
    "skips-events": { title: "not text/event-stream, like Hono's compress since then", options: { skipsEvents: true } },
  },
  create:
    ({ skipsEvents }) =>
    (request, response, next) => {
      codeContent(request, response, {
        codes: (contentType) => isText.test(contentType) && !(skipsEvents === true && isEvents.test(contentType)),
        encoder: () => Duplex.fromWeb(new CompressionStream("gzip")),
      });
      next();
    },
});

const isText = /^\s*(text\/|application\/json\s*(;|$)|[^;]+\+json\s*(;|$))/i;
const isEvents = /^\s*text\/event-stream\s*(;|$)/i;
