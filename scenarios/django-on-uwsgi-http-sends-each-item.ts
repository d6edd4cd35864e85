import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "uWSGI's --http sends each item that Django yields by itself, from 1 B to 20 kB",
  chain: [{ app: "django:uwsgi-http" }],
  trial: { kind: "size-sweep" },
  must: { deliver: "incrementally", integrity: "intact" },
});
