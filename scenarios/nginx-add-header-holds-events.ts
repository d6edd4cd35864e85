import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "add_header X-Accel-Buffering no, a folk cure, changes nothing: the header counts on its way in",
  chain: [{ app: "sse" }, "nginx:add-header"],
  trial: { kind: "paced" },
  does: { deliver: "buffered", culprit: "nginx" },
  because: "https://serverfault.com/questions/801628/for-server-sent-events-sse-what-nginx-proxy-configuration-is-appropriate",
  twin: "nginx-accel-header-streams-events",
});
