// Progress output. On a terminal finished lines stay, and below them a block is overwritten: how far, how long, what is going on. Elsewhere
// there is one line per finished scenario.
import { oneLine } from "./card.ts";
import type { Look } from "./look.ts";
import { paintOf } from "./look.ts";
import type { ScenarioReport } from "./report.ts";
import { fit, plain } from "./text.ts";

export interface Live {
  /** What is going on now. */
  progress: (text: string) => void;
  scenario: (report: ScenarioReport) => void;
  /** Removes the block before other output, for good. */
  clear: () => void;
}

export interface LiveOptions {
  /** How many scenarios there are; absent: not known. */
  total?: number;
  /** Milliseconds; the tests' own. */
  now?: () => number;
}

/** Less says nothing about the rest. */
const estimateAfterMs = 2000;
const repaintEveryMs = 1000;
const barWidth = 20;

const up = "\u001B[1A";
const eraseLine = "\r\u001B[2K";

export const live = (
  look: Look & { terminal: boolean; write: (text: string) => void },
  { total = 0, now = () => performance.now() }: LiveOptions = {},
): Live => {
  const paint = paintOf(look);
  const startedAt = now();
  let [step, done, failed, painted] = ["", 0, 0, 0];
  let ticking: NodeJS.Timeout | null = null;

  const block = (): string[] => {
    const elapsedMs = now() - startedAt;
    const far = total > 0 ? `${bar(done, total)} ${done} of ${total}${failed > 0 ? ` · ${failed} failed` : ""} · ` : "";
    const state = `${far}${clock(elapsedMs)}${leftOf(elapsedMs, done, total)}`;
    return [
      ...(total > 0 || elapsedMs >= estimateAfterMs ? [fit(state, look.width - 1)] : []),
      ...(step === "" ? [] : [paint.dim(fit(plain(step), look.width - 1))]),
    ];
  };
  const erased = (): string => (painted === 0 ? "" : eraseLine + `${up}${eraseLine}`.repeat(painted - 1));
  const repaint = (finished = ""): void => {
    const lines = block();
    look.write(`${erased()}${finished}${lines.join("\n")}`);
    painted = lines.length;
    ticking ??= setInterval(() => repaint(), repaintEveryMs).unref();
  };

  return {
    progress: (text) => {
      step = text;
      if (look.terminal) repaint();
    },
    scenario: (report) => {
      done += 1;
      if (report.outcome === "fail") failed += 1;
      const line = oneLine(report, look);
      if (look.terminal) repaint(`${line}\n`);
      else look.write(`${line}\n`);
    },
    clear: () => {
      if (ticking) clearInterval(ticking);
      if (painted > 0) look.write(erased());
      painted = 0;
    },
  };
};

const bar = (done: number, total: number): string => {
  const full = Math.floor((barWidth * done) / total);
  return "█".repeat(full) + "░".repeat(barWidth - full);
};

/** `0:07`, `12:30`. */
const clock = (ms: number): string => {
  const seconds = Math.floor(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
};

/** As if the rest took as long as what is done. */
const leftOf = (elapsedMs: number, done: number, total: number): string =>
  done === 0 || done >= total || elapsedMs < estimateAfterMs ? "" : ` · about ${clock((elapsedMs / done) * (total - done))} left`;
