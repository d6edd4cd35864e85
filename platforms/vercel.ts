import { definePlatform } from "../harness/define.ts";

export default definePlatform({
  title: "Vercel Functions",
  pages: ["https://vercel.com/docs/functions/limitations"],
  read: "2025-12-18",
  limits: [
    { kind: "total-timeout", ms: 300_000, setBy: "maxDuration", range: { mostMs: 800_000 } },
    { kind: "first-byte-timeout", ms: 25_000, scope: "edge" },
  ],
  remarks: ["The range up to 800 s is that of the Pro plan."],
});
