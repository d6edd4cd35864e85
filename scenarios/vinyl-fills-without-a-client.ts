import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Vinyl Cache keeps fetching a response that it may cache after its client has left",
  chain: [{ app: "sse" }, "vinyl"],
  trial: { kind: "client-leaving" },
  does: { disconnect: "not-propagated", culprit: "vinyl" },
  because: "https://vinyl-cache.org/docs/9.0/reference/vcl-var.html#beresp-do-stream",
  fixedBy: "vinyl-pipe-drops-its-upstream",
});
