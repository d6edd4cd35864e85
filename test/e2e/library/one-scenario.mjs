import { defineScenario, runScenario } from "hopwise";

const scenario = defineScenario({
  title: "Events survive our gzip",
  chain: [{ app: "sse" }, { server: "http-pipe", middlewares: ["gzip"] }],
  request: { acceptEncoding: "gzip" },
  trial: { kind: "lock-step" },
  must: { deliver: "incrementally" },
});

const report = await runScenario(scenario, { runtime: "process", id: "our-gzip" });
console.log(report.outcome, report.headline, report.culprit);
console.log(report.why);
for (const { facet, case: id, observation, culprit } of report.facets) console.log(facet, id, observation.member, culprit ?? "-");
