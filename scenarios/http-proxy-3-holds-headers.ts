import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "http-proxy-3 holds the header section until the first byte of the body",
  chain: [{ app: "sse" }, "http-proxy-3"],
  trial: { kind: "header-hold" },
  does: { headers: "held", culprit: "http-proxy-3" },
  because: "https://nodejs.org/api/http.html#responseflushheaders",
  fixedBy: "http-proxy-3-flushes-headers",
});
