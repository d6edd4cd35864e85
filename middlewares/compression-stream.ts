import { Duplex } from "node:stream";
import { defineMiddleware } from "../harness/define.ts";
import { codeContent } from "./_coding.ts";

export default defineMiddleware({
  title: "CompressionStream, the gzip of the web platform, which has no flush, around text and JSON",
  link: "https://compression.spec.whatwg.org/#compression-stream",
  variants: {
    default: { title: "event streams too, as Hono's compress did until January 2025", options: { skipsEvents: false } },
    "skips-events": { title: "leaves text/event-stream alone, as Hono's compress does since", options: { skipsEvents: true } },
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
