import { definePlatform } from "../harness/define.ts";

export default definePlatform({
  title: "Netlify Edge Functions",
  pages: ["https://docs.netlify.com/edge-functions/limits/"],
  read: null,
  limits: [{ kind: "first-byte-timeout", ms: 40_000 }],
  remarks: ["The 40 s are for the header section."],
});
