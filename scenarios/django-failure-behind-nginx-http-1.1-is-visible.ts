import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "A Django view that fails in mid-stream is seen to fail behind nginx that asks by HTTP/1.1",
  chain: [{ app: "django:gthread" }, "nginx@1.26:http-1.1"],
  trial: { kind: "origin-abort", how: ["close"] },
  must: { end: "visibly" },
});
