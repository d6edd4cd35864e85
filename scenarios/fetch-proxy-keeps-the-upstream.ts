import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "A proxy over fetch without a signal reads the stream to its end for a client that has left",
  chain: [{ app: "sse" }, "fetch-proxy"],
  trial: { kind: "client-leaving" },
  does: { disconnect: "not-propagated", culprit: "fetch-proxy" },
  because: "https://github.com/tombii/better-ccflare/pull/360",
  fixedBy: "fetch-proxy-repaired-drops-its-upstream",
});
