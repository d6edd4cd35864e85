import { definePlatform } from "../harness/define.ts";

export default definePlatform({
  title: "Google Cloud Run",
  pages: ["https://cloud.google.com/run/docs/configuring/request-timeout"],
  read: null,
  limits: [{ kind: "total-timeout", ms: 300_000, setBy: "--timeout", range: { mostMs: 3_600_000 }, seenAs: "504" }],
});
