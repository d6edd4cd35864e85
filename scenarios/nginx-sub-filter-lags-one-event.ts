import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "sub_filter keeps back what may be the start of its pattern: the end of each event waits for the next",
  chain: [{ app: "sse" }, "nginx:sub-filter"],
  trial: { kind: "paced" },
  does: { deliver: "lagging", culprit: "nginx" },
  because: "https://nginx.org/en/docs/http/ngx_http_sub_module.html#sub_filter",
  twin: "nginx-sub-filter-streams-events",
});
