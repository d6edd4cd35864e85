import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Starlette 0.46 trusts Uvicorn 0.32, which announces ASGI 2.4, to fail a send after the client has left, and it does not",
  chain: [{ app: "starlette@0.46" }],
  trial: { kind: "client-leaving" },
  does: { disconnect: "not-propagated", culprit: "starlette" },
  because: "https://github.com/Kludex/starlette/pull/2732",
  fixedBy: "starlette-1.9-notices-a-departure-at-once",
});
