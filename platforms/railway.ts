import { definePlatform } from "../harness/define.ts";

export default definePlatform({
  title: "Railway",
  pages: ["https://docs.railway.com/guides/sse-vs-websockets"],
  read: null,
  limits: [
    { kind: "idle-timeout", ms: 300_000 },
    { kind: "total-timeout", ms: 900_000 },
  ],
});
