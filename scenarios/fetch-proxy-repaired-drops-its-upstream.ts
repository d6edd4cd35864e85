import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "A proxy over fetch that aborts when its client leaves closes the origin's connection immediately",
  chain: [{ app: "sse" }, "fetch-proxy:repaired"],
  trial: { kind: "client-leaving" },
  must: { noticeDisconnectWithinMs: 1000 },
});
