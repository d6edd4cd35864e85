// Progress output. On a terminal finished lines stay, and below them a block is overwritten: how far, how long, and what goes on at the same time.
// Elsewhere there is one line per finished scenario.
import type { Progress } from "../progress.ts";
import { activities, clock } from "./activities.ts";
import { liveBlock } from "./live-block.ts";
import { oneLine } from "./card.ts";
import type { Look } from "./look.ts";
import { paintOf } from "./look.ts";
import type { ScenarioReport } from "./report.ts";
import { fit, plain } from "./text.ts";

export interface Live {
  progress: (progress: Progress) => void;
  scenario: (report: ScenarioReport) => void;
  /** Removes the block before other output. */
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
/** With the two lines above them the block has six. */
const mostActivities = 4;
const barWidth = 20;

export const live = (
  look: Look & { terminal: boolean; write: (text: string) => void },
  { total = 0, now = () => performance.now() }: LiveOptions = {},
): Live => {
  const paint = paintOf(look);
  const startedAt = now();
  const goingOn = activities();
  let [step, done, failed] = ["", 0, 0];

  const lines = (): string[] => {
    const elapsedMs = now() - startedAt;
    const far = total > 0 ? `${bar(done, total)} ${done} of ${total}${failed > 0 ? ` · ${failed} failed` : ""} · ` : "";
    const state = `${far}${clock(elapsedMs)}${leftOf(elapsedMs, done, total)}`;
    return [
      ...(total > 0 || elapsedMs >= estimateAfterMs ? [fit(state, look.width - 1)] : []),
      ...(step === "" ? [] : [paint.dim(fit(plain(step), look.width - 1))]),
      ...goingOn.lines(now(), mostActivities).map((line) => paint.dim(fit(plain(`  ${line}`), look.width - 1))),
    ];
  };
  const block = liveBlock(lines, look.write, now);
  return {
    progress: (progress) => {
      goingOn.take(progress, now());
      // An image has a line of its own.
      if (progress.doing === "step") step = progress.text;
      if (look.terminal) block.paintSoon();
    },
    scenario: (report) => {
      done += 1;
      goingOn.take({ doing: "finished", trial: report.id }, now());
      if (report.outcome === "fail") failed += 1;
      const line = oneLine(report, look);
      if (look.terminal) block.paint(`${line}\n`);
      else look.write(`${line}\n`);
    },
    clear: block.clear,
  };
};

const bar = (done: number, total: number): string => {
  const full = Math.floor((barWidth * done) / total);
  return "█".repeat(full) + "░".repeat(barWidth - full);
};

/** As if the rest took as long as what is done. */
const leftOf = (elapsedMs: number, done: number, total: number): string =>
  done === 0 || done >= total || elapsedMs < estimateAfterMs ? "" : ` · about ${clock((elapsedMs / done) * (total - done))} left`;
