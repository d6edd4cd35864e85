import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title:
    "Waitress closes idle connections after two minutes (channel_timeout), but none with a request: a stream that is silent for five minutes goes on",
  chain: [{ app: "django:waitress" }],
  timeScale: 50,
  trial: { kind: "silence", silentMs: 300_000 },
  must: { surviveSilenceMs: 300_000 },
});
