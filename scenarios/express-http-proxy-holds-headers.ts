import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "express-http-proxy holds the header section until the first byte of the body",
  chain: [{ app: "sse" }, "express-http-proxy"],
  trial: { kind: "header-hold" },
  does: { headers: "held", culprit: "express-http-proxy" },
  because: "https://nodejs.org/api/http.html#responseflushheaders",
  fixedBy: "straight-pipe-passes-headers",
});
