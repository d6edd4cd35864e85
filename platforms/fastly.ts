import { definePlatform } from "../harness/define.ts";

export default definePlatform({
  title: "Fastly",
  pages: [
    "https://www.fastly.com/documentation/reference/vcl/variables/backend-connection/bereq-first-byte-timeout/",
    "https://www.fastly.com/documentation/reference/vcl/variables/backend-connection/bereq-between-bytes-timeout/",
  ],
  read: null,
  limits: [
    { kind: "first-byte-timeout", ms: 15_000, setBy: "bereq.first_byte_timeout", seenAs: "503" },
    { kind: "idle-timeout", ms: 10_000, setBy: "bereq.between_bytes_timeout" },
  ],
  remarks: ["Requests for the same object are collapsed into one request to the origin."],
});
