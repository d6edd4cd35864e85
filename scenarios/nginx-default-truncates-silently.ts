import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "nginx as it comes before 1.29.7 makes a truncated stream look whole: in HTTP/1.0 the end is all there is",
  chain: [{ app: "sse" }, "nginx@<1.29.7"],
  trial: { kind: "origin-abort", how: ["close", "no-last-chunk"] },
  does: { end: "incomplete-silent", culprit: "nginx" },
  because: "https://github.com/getodk/central/issues/1736",
  twin: "nginx-http-1.1-truncates-visibly",
});
