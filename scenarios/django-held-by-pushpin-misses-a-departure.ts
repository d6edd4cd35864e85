import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Whoever publishes to Pushpin does not learn that the client has left: each publish is answered 200",
  chain: [{ app: "django-pushpin" }],
  trial: { kind: "client-leaving" },
  does: { disconnect: "not-propagated", culprit: "django-pushpin" },
  because: "https://pushpin.org/docs/protocols/grip/",
});
