import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "A reload of nginx (HUP) leaves its old worker until a stream has ended",
  chain: [{ app: "sse" }, "nginx:http-1.1"],
  trial: { kind: "reload" },
  must: { end: "complete" },
});
