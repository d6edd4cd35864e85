// What is shown while a run goes on: on a terminal one line that is written over, else one line per finished scenario.
import { oneLine } from "./card.ts";
import type { Look } from "./look.ts";
import { paintOf } from "./look.ts";
import type { ScenarioReport } from "./report.ts";
import { fit, plain } from "./text.ts";

export interface Live {
  progress: (text: string) => void;
  scenario: (report: ScenarioReport) => void;
  /** Takes the status line away, so that something else can be printed. */
  clear: () => void;
}

export const live = (look: Look & { terminal: boolean; write: (text: string) => void }): Live => {
  const paint = paintOf(look);
  let shown = false;
  const clear = (): void => {
    if (shown) look.write("\r\u001B[2K");
    shown = false;
  };
  return {
    progress: (text) => {
      if (!look.terminal) return;
      clear();
      look.write(paint.dim(fit(plain(text), look.width - 1)));
      shown = true;
    },
    scenario: (report) => {
      if (!look.terminal) look.write(`${oneLine(report, look)}\n`);
    },
    clear,
  };
};
