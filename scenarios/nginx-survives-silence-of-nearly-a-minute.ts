import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Without a proxy_read_timeout of its own nginx leaves a stream alone that is silent for nearly a minute",
  chain: [{ app: "sse" }, "nginx:http-1.1"],
  timeScale: 20,
  trial: { kind: "silence", silentMs: 57_000 },
  must: { surviveSilenceMs: 57_000 },
});
