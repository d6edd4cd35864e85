// Large copies take turns.
import { expect, it } from "vitest";
import { turnToCopy } from "../../../harness/lab/wait.ts";
import { WireRecorder, wireOf } from "../../../harness/lab/wire.ts";

it("lets one copy go on in a turn of the event loop, in the order of the calls", async () => {
  let turn = 0;
  let isOver = false;
  const count = (): void => {
    turn++;
    if (!isOver) setImmediate(count);
  };
  setImmediate(count);
  const seen: { name: string; turn: number }[] = [];
  const copy = async (name: string): Promise<void> => {
    for (let piece = 0; piece < 3; piece++) {
      await turnToCopy();
      seen.push({ name, turn });
    }
  };
  await Promise.all([copy("a"), copy("b"), copy("c")]);
  isOver = true;
  expect(seen.map(({ name }) => name).join("")).toBe("abcabcabc");
  expect(new Set(seen.map((one) => one.turn)).size).toBe(seen.length);
});

it("joins a large recording as it was when it was asked for, whatever comes or is freed meanwhile", async () => {
  const recorder = new WireRecorder();
  const pieces = Array.from({ length: 40 }, (_, index) => Buffer.alloc(50_000 + index, index));
  for (const [at, piece] of pieces.entries()) recorder.push(at, piece);
  const small = new WireRecorder();
  small.push(0, Buffer.from("small"));
  const joining = Promise.all([wireOf([recorder]), wireOf([small, recorder])]);
  recorder.push(1000, Buffer.alloc(100_000, 99));
  recorder.free();
  const [wire, both] = await joining;
  const whole = Buffer.concat(pieces);
  expect(Buffer.compare(wire.bytes, whole)).toBe(0);
  expect(wire).toMatchObject({ droppedBytes: 0 });
  expect(wire.ends.at(-1)).toBe(whole.length);
  expect(Buffer.compare(both.bytes, Buffer.concat([Buffer.from("small"), whole]))).toBe(0);
});
