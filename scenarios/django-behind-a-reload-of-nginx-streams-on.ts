import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "A reload of nginx in mid-stream cuts no Django stream",
  chain: [{ app: "django:gthread" }, "nginx:unbuffered"],
  trial: { kind: "reload", on: "nginx" },
  must: { end: "complete" },
});
