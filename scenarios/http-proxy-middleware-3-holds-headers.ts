import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "http-proxy-middleware 3 holds the header section until the first byte of the body",
  chain: [{ app: "sse" }, "http-proxy-middleware-3"],
  trial: { kind: "header-hold" },
  does: { headers: "held", culprit: "http-proxy-middleware-3" },
  because: "https://nodejs.org/api/http.html#responseflushheaders",
  fixedBy: "straight-pipe-passes-headers",
});
