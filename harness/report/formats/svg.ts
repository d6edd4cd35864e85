// The picture of what is most urgent, as a file that Markdown can show.
import type { Format } from "../format.ts";
import { checkSvg, runSvg } from "../html/svg-file.ts";

export default { ending: "svg", is: "the waterfall of the most urgent fault", run: runSvg, check: checkSvg } satisfies Format;
