import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "A view that Pushpin holds answers before there is any event, and Pushpin passes the header section on",
  chain: [{ app: "django-pushpin" }],
  request: { path: "/published" },
  trial: { kind: "header-hold" },
  must: { headers: "promptly" },
});
