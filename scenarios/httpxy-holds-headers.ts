import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "httpxy holds the header section until the first byte of the body",
  chain: [{ app: "sse" }, "httpxy"],
  trial: { kind: "header-hold" },
  does: { headers: "held", culprit: "httpxy" },
  because: "https://nodejs.org/api/http.html#responseflushheaders",
  fixedBy: "httpxy-flushes-headers",
});
