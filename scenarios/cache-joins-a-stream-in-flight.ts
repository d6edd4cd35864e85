import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "A cache that collapses requests gives a late client another client's stream",
  chain: [{ app: "sse" }, { server: "http-pipe", middlewares: ["cache:collapses"] }],
  trial: { kind: "late-joiner", cacheControl: [null] },
  does: { source: "collapsed", culprit: "cache" },
  because: "https://www.rfc-editor.org/rfc/rfc9211#section-2.2",
  fixedBy: "cache-honors-no-store",
});
