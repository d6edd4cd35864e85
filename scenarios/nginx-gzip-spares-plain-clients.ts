import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "nginx gzip streams to a client that accepts no content coding, such as curl",
  chain: [{ app: "sse" }, "nginx:gzip"],
  trial: { kind: "lock-step" },
  must: { deliver: "incrementally" },
});
