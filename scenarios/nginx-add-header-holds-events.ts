import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "add_header X-Accel-Buffering no has no effect: nginx reads the header only from the upstream's response",
  chain: [{ app: "sse" }, "nginx:add-header"],
  trial: { kind: "paced" },
  does: { deliver: "buffered", culprit: "nginx" },
  because: "https://serverfault.com/questions/801628/for-server-sent-events-sse-what-nginx-proxy-configuration-is-appropriate",
  fixedBy: "nginx-accel-header-streams-events",
});
