import { definePlatform } from "../harness/define.ts";

export default definePlatform({
  title: "Amazon CloudFront",
  pages: [
    "https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_CustomOriginConfig.html",
    "https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_Origin.html",
  ],
  read: null,
  limits: [
    { kind: "idle-timeout", ms: 30_000, setBy: "OriginReadTimeout", range: { leastMs: 1000, mostMs: 120_000 } },
    { kind: "total-timeout", ms: null, setBy: "ResponseCompletionTimeout" },
  ],
});
