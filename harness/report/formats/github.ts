// Annotations of a workflow.
import { checkGithub } from "../check-github.ts";
import { either } from "../format.ts";
import type { Format } from "../format.ts";
import { github } from "../github.ts";
import { predictedGithub } from "../predicted-github.ts";

export default {
  ending: null,
  is: "annotations of a GitHub workflow",
  run: github,
  check: either(checkGithub, predictedGithub),
} satisfies Format;
