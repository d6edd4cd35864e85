import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Starlette 0.26's GZipMiddleware holds events",
  chain: [{ app: "starlette@0.26:gzip" }],
  request: { acceptEncoding: "gzip" },
  trial: { kind: "lock-step" },
  does: { deliver: "buffered", culprit: "starlette" },
  because: "https://github.com/Kludex/starlette/pull/2880",
  fixedBy: "starlette-gzip-spares-event-streams",
});
