import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title:
    "nginx in its default configuration before 1.29.7 makes a truncated stream look complete: with HTTP/1.0, only the close marks the end",
  chain: [{ app: "sse" }, "nginx@<1.29.7"],
  trial: { kind: "origin-abort", how: ["close", "no-last-chunk"] },
  does: { end: "truncated-silently", culprit: "nginx" },
  because: "https://github.com/getodk/central/issues/1736",
  fixedBy: "nginx-http-1.1-truncates-visibly",
});
