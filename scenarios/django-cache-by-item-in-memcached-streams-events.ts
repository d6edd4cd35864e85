import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Storing each item in Memcached does not hold it back",
  chain: [{ app: "django-cache:memcached" }],
  request: { path: "/by-item" },
  trial: { kind: "lock-step" },
  must: { deliver: "incrementally" },
});
