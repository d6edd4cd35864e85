import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "nginx does not compress a response with a Content-Encoding, even identity, and passes every event on",
  chain: [{ app: "sse" }, "nginx:gzip"],
  request: { acceptEncoding: "gzip" },
  response: { headers: [["Content-Encoding", "identity"]] },
  trial: { kind: "lock-step" },
  must: { deliver: "incrementally" },
});
