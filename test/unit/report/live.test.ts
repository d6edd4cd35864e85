import { expect, test } from "vitest";
import { live } from "../../../harness/report/live.ts";
import { hostile, scenarios } from "./fixtures.ts";

const watched = (terminal: boolean) => {
  const written: string[] = [];
  return { written, status: live({ width: 60, colour: false, terminal, write: (text) => void written.push(text) }) };
};

test("on a terminal one line is written over", () => {
  const { written, status } = watched(true);
  status.progress("starting the hops of 3 scenarios");
  status.scenario(scenarios.buffered);
  status.progress(`streaming ${"through many chains ".repeat(9)}`);
  status.clear();
  status.clear();
  expect(written).toEqual([
    "starting the hops of 3 scenarios",
    "\r\u001B[2K",
    "streaming through many chains through many chains through …",
    "\r\u001B[2K",
  ]);
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
