import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "sub_filter holds back a possible start of its pattern: the end of each event waits for the next",
  chain: [{ app: "sse" }, "nginx:sub-filter"],
  trial: { kind: "paced" },
  does: { deliver: "lagging", culprit: "nginx" },
  because: "https://nginx.org/en/docs/http/ngx_http_sub_module.html#sub_filter",
  fixedBy: "nginx-sub-filter-streams-events",
});
