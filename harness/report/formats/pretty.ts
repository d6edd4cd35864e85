// Text for a terminal.
import { checkPretty } from "../check-pretty.ts";
import { either } from "../format.ts";
import type { Format } from "../format.ts";
import { predictedPretty } from "../predicted-pretty.ts";
import { probePretty } from "../probe-pretty.ts";
import { pretty } from "../pretty.ts";

export default {
  ending: null,
  is: "text for a terminal",
  run: pretty,
  check: either(checkPretty, predictedPretty),
  probe: probePretty,
} satisfies Format;
