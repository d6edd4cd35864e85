import { definePlatform } from "../harness/define.ts";

export default definePlatform({
  title: "AWS Lambda, response streaming",
  pages: ["https://docs.aws.amazon.com/lambda/latest/dg/configuration-response-streaming.html"],
  read: null,
  limits: [{ kind: "total-timeout", ms: 900_000 }],
  remarks: ["A response has at most 200 MB."],
});
