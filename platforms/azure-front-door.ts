import { definePlatform } from "../harness/define.ts";

export default definePlatform({
  title: "Azure Front Door",
  pages: ["https://learn.microsoft.com/en-us/azure/frontdoor/front-door-faq"],
  read: null,
  limits: [{ kind: "unclassified", ms: 30_000, setBy: "originResponseTimeoutSeconds", range: { leastMs: 16_000, mostMs: 240_000 } }],
  remarks: ["The page calls it the origin response timeout; whether traffic resets it is not recorded here."],
});
