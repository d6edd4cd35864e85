import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "express-http-proxy leaves the client waiting when the origin aborts",
  chain: [{ app: "sse" }, "express-http-proxy"],
  trial: { kind: "origin-abort" },
  does: { end: "hung", culprit: "express-http-proxy" },
  because: "https://nodejs.org/api/stream.html#readablepipedestination-options",
  fixedBy: "express-http-proxy-origin-abort-repaired",
});
