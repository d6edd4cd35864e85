import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "A proxy over fetch that only catches the error ends the stream as if it were complete",
  chain: [{ app: "sse" }, "fetch-proxy"],
  trial: { kind: "origin-abort" },
  does: { end: "truncated-silently", cause: "origin-abort", culprit: "fetch-proxy" },
  because: "https://github.com/Dstack-TEE/private-ai-gateway/pull/98",
  fixedBy: "fetch-proxy-repaired-cuts-visibly",
});
