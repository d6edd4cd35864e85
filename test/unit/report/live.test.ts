import { expect, test } from "vitest";
import { live } from "../../../harness/report/live.ts";
import type { LiveOptions } from "../../../harness/report/live.ts";
import { hostile, scenarios } from "./fixtures.ts";

const watched = (terminal: boolean, options: LiveOptions = {}) => {
  const written: string[] = [];
  return { written, status: live({ width: 60, color: false, terminal, write: (text) => void written.push(text) }, options) };
};

/** What a terminal shows of it: the sequences that are used, and no other. */
const screenOf = (written: readonly string[]): string[] => {
  const lines = [""];
  let row = 0;
  for (const [part] of written.join("").matchAll(/\p{Cc}\[1A|\p{Cc}\[2K|\r|\n|\P{Cc}+/gu)) {
    if (part === "\u001B[1A") row -= 1;
    else if (part === "\u001B[2K") lines[row] = "";
    else if (part === "\n") lines[(row += 1)] ??= "";
    else if (part !== "\r") lines[row] += part;
  }
  return lines.slice(0, row + 1);
};

test("on a terminal a block is written over, and is as wide as the screen", () => {
  const { written, status } = watched(true);
  status.progress("starting the hops of 3 scenarios");
  expect(screenOf(written)).toEqual(["starting the hops of 3 scenarios"]);
  status.progress(`streaming ${"through many chains ".repeat(9)}`);
  expect(screenOf(written)).toEqual(["streaming through many chains through many chains through …"]);
  status.clear();
  status.clear();
  expect(screenOf(written)).toEqual([""]);
});

test("finished lines stay above it; it says how far, how long, and how long still", () => {
  let time = 0;
  const { written, status } = watched(true, { total: 4, now: () => time });
  status.progress("streaming through 4 chains");
  time = 5000;
  status.scenario(scenarios.incremental);
  expect(screenOf(written)).toEqual([
    "✓ PASS  delivery incremental  nginx-unbuffered-streams-events  412 ms",
    "█████░░░░░░░░░░░░░░░ 1 of 4 · 0:05 · about 0:15 left",
    "streaming through 4 chains",
  ]);
  time = 70_000;
  status.scenario(scenarios.buffered);
  expect(screenOf(written).slice(1)).toEqual([
    "✗ FAIL  delivery buffered · culprit: gzip  whole-chain-streams-events  2.21 s",
    "██████████░░░░░░░░░░ 2 of 4 · 1 failed · 1:10 · about 1:10…",
    "streaming through 4 chains",
  ]);
  status.clear();
  expect(screenOf(written).slice(2)).toEqual([""]);
});

test("what is not known to have an end tells how long it has taken, once that is long", () => {
  let time = 0;
  const { written, status } = watched(true, { now: () => time });
  status.progress("3 of 12 trials on /events are done");
  time = 3000;
  status.progress("4 of 12 trials on /events are done");
  expect(screenOf(written)).toEqual(["0:03", "4 of 12 trials on /events are done"]);
  status.clear();
});

test("elsewhere each scenario is one line that ends, and progress is silent", () => {
  const { written, status } = watched(false);
  status.progress("starting");
  for (const report of [scenarios.incremental, scenarios.buffered, scenarios.unsupported, hostile]) status.scenario(report);
  status.clear();
  expect(written).toMatchInlineSnapshot(`
    [
      "✓ PASS  delivery incremental  nginx-unbuffered-streams-events  412 ms
    ",
      "✗ FAIL  delivery buffered · culprit: gzip  whole-chain-streams-events  2.21 s
    ",
      "○ UNSUPPORTED  varnish-streams-events  0 ms
    ",
      "✗ FAIL  delivery buffered · culprit: proxy\\x1b[2J\\x1b]0;owned\\x07 line\\x0d\\x0abreak \\u202egnp.exe\\u200b \\x9b1m \\ud800 end  hostile\\x1b[2J\\x1b]0;owned\\x07 line\\x0d\\x0abreak \\u202egnp.exe\\u200b \\x9b1m \\ud800 end  2.21 s
    ",
    ]
  `);
});
