import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { step } from "../../../harness/progress.ts";
import type { Progress } from "../../../harness/progress.ts";
import { live } from "../../../harness/report/live.ts";
import type { LiveOptions } from "../../../harness/report/live.ts";
import { hostile, scenarios } from "./fixtures.ts";

const watched = (terminal: boolean, { width = 60, ...options }: LiveOptions & { width?: number } = {}) => {
  const written: string[] = [];
  return { written, status: live({ width, color: false, terminal, write: (text) => void written.push(text) }, options) };
};

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Long enough for what was not painted yet. */
const painted = () => vi.advanceTimersByTime(100);

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
  status.progress(step("starting the hops of 3 scenarios"));
  expect(screenOf(written)).toEqual(["starting the hops of 3 scenarios"]);
  status.progress(step(`streaming ${"through many chains ".repeat(9)}`));
  painted();
  expect(screenOf(written)).toEqual(["streaming through many chains through many chains through …"]);
  status.clear();
  status.clear();
  expect(screenOf(written)).toEqual([""]);
});

test("finished lines stay above it; it says how far, how long, and how long still", () => {
  let time = 0;
  const { written, status } = watched(true, { total: 4, now: () => time });
  status.progress(step("streaming through 4 chains"));
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
  status.progress(step("3 of 12 trials on /events are done"));
  time = 3000;
  status.progress(step("4 of 12 trials on /events are done"));
  expect(screenOf(written)).toEqual(["0:03", "4 of 12 trials on /events are done"]);
  status.clear();
});

test("elsewhere each scenario is one line that ends, and progress is silent", () => {
  const { written, status } = watched(false);
  status.progress(step("starting"));
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

/** Six scenarios, two of which need an image that is built meanwhile; one streams already. */
const busy: [ms: number, progress: Progress][] = [
  [0, step("starting the hops of 6 of 6 scenarios")],
  [0, { doing: "starting", trial: "nginx-holds-events", hops: ["nginx@1.22"] }],
  [0, { doing: "waiting-for-image", image: "hopwise/nginx:0a1b2c3d4e5f", hop: "nginx@1.22" }],
  [0, { doing: "starting", trial: "nginx-gzip-holds-events", hops: ["http-pipe", "nginx@1.22"] }],
  [0, { doing: "waiting-for-image", image: "debian:bookworm-slim", hop: "nginx@1.22" }],
  [0, { doing: "pulling-image", image: "debian:bookworm-slim" }],
  [1000, { doing: "image-done", image: "debian:bookworm-slim" }],
  [1000, { doing: "building-image", image: "hopwise/nginx:0a1b2c3d4e5f", from: "from Debian bookworm: nginx" }],
  [1000, { doing: "starting", trial: "varnish-streams-events", hops: ["varnish@7.7"] }],
  [2000, { doing: "ready", trial: "varnish-streams-events" }],
  [3000, { doing: "running", trial: "gzip-holds-events", attempt: 1 }],
  [3000, { doing: "running", trial: "cache-replays-a-stream", attempt: 2 }],
];

test.for([80, 40])("what goes on at the same time is listed, the oldest first, each with its age, in %i columns", (width) => {
  let time = 0;
  const { written, status } = watched(true, { total: 6, width, now: () => time });
  for (const [ms, progress] of busy) {
    time = ms;
    status.progress(progress);
  }
  time = 63_000;
  painted();
  expect(screenOf(written)).toMatchSnapshot("at the same time");
  expect(screenOf(written).length).toBeLessThanOrEqual(6);

  status.progress({ doing: "image-done", image: "hopwise/nginx:0a1b2c3d4e5f" });
  status.progress({ doing: "finished", trial: "cache-replays-a-stream" });
  status.scenario({ ...scenarios.buffered, id: "gzip-holds-events" });
  expect(screenOf(written)).toMatchSnapshot("when the image is there");
  status.clear();
  expect(screenOf(written).slice(1)).toEqual([""]);
});

test("trials that begin by the dozen are painted once", () => {
  const { written, status } = watched(true, { now: () => 0 });
  for (let number = 0; number < 50; number += 1) status.progress({ doing: "running", trial: `scenario-${number}`, attempt: 1 });
  expect(written).toHaveLength(1);
  painted();
  expect(written).toHaveLength(2);
  expect(screenOf(written).at(-1)).toBe("  and 47 more: 47 streaming");
  status.clear();
  vi.advanceTimersByTime(5000);
  expect(written).toHaveLength(3);
});

test("a name that controls a terminal is shown as text", () => {
  const { written, status } = watched(true, { now: () => 0 });
  status.progress({ doing: "running", trial: "\u001B[2Jx\r\n", attempt: 1 });
  expect(screenOf(written)).toEqual(["  0:00 streams: \\x1b[2Jx\\x0d\\x0a"]);
  status.clear();
});
