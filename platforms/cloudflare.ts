import { definePlatform } from "../harness/define.ts";

export default definePlatform({
  title: "Cloudflare",
  pages: ["https://developers.cloudflare.com/fundamentals/reference/connection-limits/"],
  read: "2026-07-23",
  limits: [
    { kind: "idle-timeout", ms: 120_000, seenAs: "524", formerly: { ms: 100_000 } },
    { kind: "upload-timeout", ms: 30_000, seenAs: "524" },
    { kind: "idle-timeout", ms: 400_000, side: "client" },
    { kind: "idle-timeout", ms: 900_000, side: "client", scope: "http2" },
  ],
  remarks: ["It caches by file extension and header fields; `no-store` is respected."],
});
