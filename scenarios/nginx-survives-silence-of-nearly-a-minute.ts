import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "By default, nginx keeps a stream that is silent for almost a minute (proxy_read_timeout)",
  chain: [{ app: "sse" }, "nginx:http-1.1"],
  timeScale: 20,
  trial: { kind: "silence", silentMs: 57_000 },
  must: { surviveSilenceMs: 57_000 },
});
