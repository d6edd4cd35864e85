// What a client reads from HTTP/2 frames, in pieces of any size.
import { describe, expect, it } from "vitest";
import { FrameReader, frameTypes } from "../../../harness/decode/http2-frames.ts";
import type { Frame } from "../../../harness/decode/http2-frames.ts";
import { Http2Watch } from "../../../harness/lab/http2-watch.ts";

const frame = (type: number, stream: number, payload: Buffer | number = 0, flags = 0): Buffer => {
  const body = typeof payload === "number" ? Buffer.alloc(payload, "x") : payload;
  const head = Buffer.alloc(9);
  head.writeUIntBE(body.length, 0, 3);
  head[3] = type;
  head[4] = flags;
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, body]);
};
const number = (value: number): Buffer => Buffer.from([value >>> 24, value >>> 16, value >>> 8, value].map((byte) => byte & 255));
const data = (stream: number, bytes: number, flags = 0) => frame(frameTypes.data, stream, bytes, flags);
const update = (stream: number, bytes: number) => frame(frameTypes.windowUpdate, stream, number(bytes));
const reset = (stream: number, code: number) => frame(frameTypes.rstStream, stream, number(code));
const goaway = (code: number) => frame(frameTypes.goaway, 0, Buffer.concat([number(1), number(code), Buffer.from("why")]));
const settings = (window: number) => frame(frameTypes.settings, 0, Buffer.concat([Buffer.from([0, 4]), number(window)]));
const preface = Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");

describe("frames", () => {
  const bytes = Buffer.concat([
    preface,
    settings(70_000),
    frame(frameTypes.settings, 0, 0, 1),
    data(1, 300, 1),
    frame(frameTypes.headers, 3, 20, 5),
    goaway(11),
    data(3, 0, 1),
  ]);
  const whole: [type: number, stream: number, bytes: number, kept: number][] = [
    [4, 0, 6, 6],
    [4, 0, 0, 0],
    [0, 1, 300, 0],
    [1, 3, 20, 0],
    [7, 0, 11, 11],
    [0, 3, 0, 0],
  ];

  it.each([1, 2, 7, 9, 10, 64, 10_000])("are read the same in pieces of %d bytes", (size) => {
    const frames: Frame[] = [];
    const reader = new FrameReader((one) => frames.push(one), preface.length);
    for (let at = 0; at < bytes.length; at += size) reader.push(bytes.subarray(at, at + size));
    expect(frames.map(({ type, stream, bytes: length, payload }) => [type, stream, length, payload.length])).toEqual(whole);
  });

  it("longer than allowed are not kept in memory", () => {
    const frames: Frame[] = [];
    const reader = new FrameReader((one) => frames.push(one));
    const huge = frame(frameTypes.goaway, 0, 0);
    huge.writeUIntBE(0xffffff, 0, 3);
    reader.push(huge);
    for (let left = 0xffffff; left > 0; left -= 65_535) reader.push(Buffer.alloc(Math.min(left, 65_535)));
    expect(frames).toMatchObject([{ type: 7, bytes: 0xffffff, payload: { length: 0 } }]);
  });
});

/** A watch whose client has opened these streams. */
const watching = (window: number | null, ...streams: number[]) => {
  const resets: number[] = [];
  const watch = new Http2Watch(() => resets.push(1));
  const opened = streams.map((stream) => frame(frameTypes.headers, stream, 30, 5));
  watch.sent(0, Buffer.concat([preface, ...(window === null ? [] : [settings(window)]), ...opened]));
  return { watch, resets };
};

describe("the end of a stream", () => {
  it("is END_STREAM, on DATA or on HEADERS, and a reset after it changes nothing", () => {
    const { watch } = watching(null, 1, 3);
    watch.received(1, Buffer.concat([data(1, 10), data(1, 0, 1), reset(1, 0), frame(frameTypes.headers, 3, 9, 5)]));
    expect([watch.endOf(1), watch.endOf(3)]).toEqual([
      { hasEnded: true, resetWith: null },
      { hasEnded: true, resetWith: null },
    ]);
  });

  it("is a reset before it, by the name of its code, NO_ERROR too", () => {
    const { watch, resets } = watching(null, 1, 3, 5);
    watch.received(1, Buffer.concat([reset(1, 0), reset(3, 2), data(5, 3), reset(5, 99)]));
    expect([1, 3, 5].map((stream) => watch.endOf(stream).resetWith)).toEqual(["NO_ERROR", "INTERNAL_ERROR", "0x63"]);
    expect(resets).toHaveLength(3);
    watch.received(2, goaway(0));
    expect(watch.goaway).toBe("NO_ERROR");
  });

  it("is not misread from frames that are too short", () => {
    const { watch } = watching(null, 1);
    watch.received(1, Buffer.concat([frame(frameTypes.rstStream, 1, 2), frame(frameTypes.goaway, 0, 3)]));
    expect([watch.endOf(1).resetWith, watch.goaway]).toEqual(["no error code", "no error code"]);
    watch.sent(2, frame(frameTypes.windowUpdate, 0, 1));
  });
});

describe("a stream is blocked", () => {
  it("from the byte that fills its window to the update that opens it", () => {
    const { watch } = watching(1000, 1, 3);
    watch.received(10, data(1, 600));
    watch.received(11, data(1, 400));
    watch.received(12, data(3, 999));
    watch.sent(15, update(1, 1));
    expect([watch.blockedOf(1, 20), watch.blockedOf(3, 20)]).toEqual([[[11, 15]], []]);
    watch.received(16, data(1, 1));
    expect(watch.blockedOf(1, 20)).toEqual([
      [11, 15],
      [16, 20],
    ]);
  });

  it("while the connection's window is exhausted, whatever is left of its own", () => {
    const { watch } = watching(1_000_000, 1, 3);
    watch.received(10, Buffer.concat([data(1, 65_000), data(3, 535)]));
    watch.sent(14, update(0, 65_535));
    expect([watch.blockedOf(1, 20), watch.blockedOf(3, 20)]).toEqual([[[10, 14]], [[10, 14]]]);
  });

  it("until END_STREAM or a reset by either side", () => {
    const { watch } = watching(10, 1, 3, 5);
    watch.received(10, Buffer.concat([data(1, 10), data(3, 10), data(5, 10)]));
    watch.received(12, Buffer.concat([data(1, 0, 1), reset(3, 8)]));
    watch.sent(13, reset(5, 8));
    watch.received(14, data(5, 5));
    expect([1, 3, 5].map((stream) => watch.blockedOf(stream, 20))).toEqual([[[10, 12]], [[10, 12]], [[10, 13]]]);
  });
});
