import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Django 4.2 on Daphne never notices that its client has left",
  chain: [{ app: "django@4.2:daphne" }],
  request: { path: "/stream-async" },
  trial: { kind: "client-leaving" },
  does: { disconnect: "not-propagated", culprit: "django" },
  because: "https://docs.djangoproject.com/en/5.0/releases/5.0/#asynchronous-views",
  fixedBy: "django-5.2-notices-a-departure-at-once",
});
