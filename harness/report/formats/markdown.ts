// For a comment or a summary.
import { checkMarkdown } from "../check-markdown.ts";
import { either } from "../format.ts";
import type { Format } from "../format.ts";
import { predictedMarkdown } from "../predicted-markdown.ts";
import { runMarkdown } from "../run-markdown.ts";

export default {
  ending: "md",
  is: "a comment or a summary",
  run: runMarkdown,
  check: either(checkMarkdown, predictedMarkdown),
} satisfies Format;
