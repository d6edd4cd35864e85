// A page in one file, with the waterfall and the staircase of each stream.
import { either } from "../format.ts";
import type { Format } from "../format.ts";
import { checkPage } from "../html/check-page.ts";
import { predictedPage } from "../html/predicted-page.ts";
import { probePage } from "../html/probe-page.ts";
import { runPage } from "../html/run-page.ts";

export default {
  ending: "html",
  is: "a page with pictures, in one file",
  run: runPage,
  check: either(checkPage, predictedPage),
  probe: probePage,
} satisfies Format;
