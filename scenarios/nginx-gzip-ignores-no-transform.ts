import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "no-transform does not keep nginx from compressing and holding events",
  chain: [{ app: "sse" }, "nginx:gzip"],
  request: { acceptEncoding: "gzip" },
  response: { headers: [["Cache-Control", "no-transform"]] },
  trial: { kind: "paced" },
  does: { deliver: "buffered", culprit: "nginx" },
  because: "https://www.rfc-editor.org/rfc/rfc9111#section-5.2.2.6",
  fixedBy: "nginx-gzip-heeds-the-accel-header",
});
