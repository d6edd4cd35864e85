import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "A Django template is rendered as a whole: its first event leaves with its last one",
  chain: [{ app: "django:gthread" }],
  request: { path: "/template" },
  trial: { kind: "lock-step" },
  does: { deliver: "buffered", culprit: "django" },
  because: "https://docs.djangoproject.com/en/stable/ref/templates/api/#django.template.Template.render",
  fixedBy: "django-template-in-pieces-streams-events",
});
