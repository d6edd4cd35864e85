import { definePlatform } from "../harness/define.ts";

export default definePlatform({
  title: "Amazon API Gateway, REST API with responseTransferMode STREAM",
  pages: ["https://docs.aws.amazon.com/apigateway/latest/developerguide/response-transfer-mode.html"],
  read: "2026",
  limits: [
    { kind: "total-timeout", ms: 900_000, formerly: { ms: 29_000, until: "2025-11" } },
    { kind: "idle-timeout", ms: 300_000, scope: "regional" },
    { kind: "idle-timeout", ms: 30_000, scope: "edge" },
  ],
  remarks: [
    "Without STREAM the whole response is buffered, and the total timeout is 29 s.",
    "A response that is streamed is neither cached nor given a content coding.",
  ],
});
