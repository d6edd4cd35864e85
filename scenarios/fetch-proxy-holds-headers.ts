import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "A proxy over fetch holds the header section until there is a body",
  chain: [{ app: "sse" }, "fetch-proxy"],
  trial: { kind: "header-hold" },
  does: { headers: "held", culprit: "fetch-proxy" },
  because: "https://nodejs.org/api/http.html#responseflushheaders",
  fixedBy: "fetch-proxy-repaired-passes-headers",
});
