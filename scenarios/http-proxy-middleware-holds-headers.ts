import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "http-proxy-middleware holds the header section until the first byte of the body",
  chain: [{ app: "sse" }, "http-proxy-middleware"],
  trial: { kind: "header-hold" },
  does: { headers: "held", culprit: "http-proxy-middleware" },
  because: "https://nodejs.org/api/http.html#responseflushheaders",
  fixedBy: "straight-pipe-passes-headers",
});
