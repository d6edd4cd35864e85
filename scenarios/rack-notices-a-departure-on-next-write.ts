import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Puma closes a Rack body when it writes next after the client has left",
  chain: [{ app: "rack" }],
  trial: { kind: "client-leaving" },
  does: { disconnect: "propagated-on-next-write", culprit: "rack" },
  because: "https://github.com/puma/puma/blob/main/lib/puma/response.rb",
  fixedBy: "express-notices-a-departure-at-once",
});
