// The README's pictures that are drawn from recorded reports of real runs: by the name of their file in docs/images/. Pure.
import { runSvg } from "../harness/report/html/svg-file.ts";
import type { Report } from "../harness/report/report.ts";

export const pictures = (run: Report): Record<string, string> => ({ "waterfall.svg": runSvg(run) });
