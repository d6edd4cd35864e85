import { definePlatform } from "../harness/define.ts";

export default definePlatform({
  title: "Cloudflare Tunnel",
  pages: [
    "https://github.com/cloudflare/cloudflared/issues/1095",
    "https://github.com/cloudflare/cloudflared/issues/1404",
    "https://github.com/cloudflare/cloudflared/issues/1449",
  ],
  read: null,
  limits: [{ kind: "unclassified", ms: 125_000 }],
  remarks: [
    "The value is what users observed in these threads; no page documents one.",
    "It flushes each write only for `text/event-stream`, and buffers other types.",
  ],
});
