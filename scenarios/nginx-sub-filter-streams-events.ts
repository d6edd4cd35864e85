import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "sub_filter passes every event on if none ends like the start of its pattern",
  chain: [{ app: "sse" }, "nginx:sub-filter-inside"],
  trial: { kind: "lock-step" },
  must: { deliver: "incrementally" },
});
