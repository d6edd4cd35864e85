import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "uWSGI's --http11-socket sends each item that Django yields by itself, from 1 B to 20 kB",
  chain: [{ app: "django:uwsgi-http11" }],
  trial: { kind: "size-sweep" },
  must: { deliver: "incrementally", integrity: "intact" },
});
