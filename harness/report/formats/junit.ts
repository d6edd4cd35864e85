// For test reports of CI systems.
import { checkJunit } from "../check-junit.ts";
import { either } from "../format.ts";
import type { Format } from "../format.ts";
import { junit } from "../junit.ts";
import { predictedJunit } from "../predicted-junit.ts";

export default {
  ending: "xml",
  is: "test results for a CI system",
  run: junit,
  check: either(checkJunit, predictedJunit),
} satisfies Format;
