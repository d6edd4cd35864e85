import { Duplex, PassThrough } from "node:stream";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { frameChannel } from "../../../harness/lab/channel.ts";
import { encodeFrame, frameDecoder, FrameError } from "../../../harness/lab/frames.ts";

const frameOf = (value: unknown): Buffer => Buffer.concat(encodeFrame(value));
const prefixOf = (json: number, blob: number): Buffer => {
  const prefix = Buffer.alloc(8);
  prefix.writeUInt32BE(json, 0);
  prefix.writeUInt32BE(blob, 4);
  return prefix;
};
const rawFrame = (json: unknown, blob = Buffer.alloc(0)): Buffer => {
  const text = Buffer.from(typeof json === "string" ? json : JSON.stringify(json));
  return Buffer.concat([prefixOf(text.length, blob.length), text, blob]);
};

const arrays = fc.oneof(
  fc.array(fc.double()).map((values) => Float64Array.from(values)),
  fc.uint8Array(),
  fc.array(fc.nat()).map((values) => Uint32Array.from(values)),
  fc.array(fc.integer()).map((values) => Int32Array.from(values)),
);
const values = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.integer(),
    fc.string({ unit: "binary" }),
    fc.boolean(),
    fc.constant(null),
    arrays,
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(fc.string(), tie("value"), { maxKeys: 4 }).map((object) => ({ ...object })),
  ),
})).value;

describe("frames", () => {
  test("return the values that were put in, in pieces of any size, in order", () => {
    fc.assert(
      fc.property(fc.array(values, { minLength: 1, maxLength: 3 }), fc.infiniteStream(fc.integer({ min: 1, max: 50 })), (sent, sizes) => {
        const bytes = Buffer.concat(sent.map(frameOf));
        const decode = frameDecoder();
        const received: unknown[] = [];
        for (let at = 0; at < bytes.length;) {
          const size = sizes.next().value as number;
          received.push(...decode(bytes.subarray(at, at + size)));
          at += size;
        }
        expect(received).toEqual(sent);
      }),
    );
  });

  test("keep doubles aligned after odd byte counts, also from views in the middle of a buffer", () => {
    const view = new Float64Array(new Float64Array([0, 1.5, Number.NaN, Infinity, -0]).buffer, 8, 4);
    const sent = { a: new Uint8Array(3).fill(7), b: view, c: Buffer.from("bytes").subarray(1), d: new Float64Array(0) };
    const [received] = frameDecoder()(frameOf(sent)) as [typeof sent];
    expect(received).toEqual({ ...sent, c: new Uint8Array(sent.c) });
    expect(received.b.byteOffset % 8).toBe(0);
  });

  test("survive any corrupt input: an error of one sentence, and then only that one", () => {
    fc.assert(
      fc.property(fc.array(values, { minLength: 1, maxLength: 2 }), fc.nat(), fc.nat(255), (sent, place, byte) => {
        const bytes = Buffer.concat(sent.map(frameOf));
        bytes[place % bytes.length] = byte;
        try {
          frameDecoder({ jsonBytes: 1e6, blobBytes: 1e6 })(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(FrameError);
        }
      }),
      { numRuns: 500 },
    );
    const decode = frameDecoder();
    expect(() => decode(rawFrame("{"))).toThrow(FrameError);
    expect(() => decode(frameOf(1))).toThrow("A frame cannot be read");
  });

  test.each([
    ["too much JSON", prefixOf(2000, 0), "announces 2000 bytes of JSON, more than 1000"],
    ["too large a blob", prefixOf(1, 2000), "announces 2000 bytes of blob, more than 1000"],
    ["no references", rawFrame({ value: 1 }), "lacks its references"],
    [
      "an array outside the blob",
      rawFrame({ value: [null], references: [{ path: [0], kind: "u8", offset: 0, length: 9 }] }, Buffer.alloc(8)),
      "refers to 9 elements",
    ],
    [
      "an array that is not aligned",
      rawFrame({ value: [null], references: [{ path: [0], kind: "f64", offset: 4, length: 0 }] }, Buffer.alloc(8)),
      "at byte 4",
    ],
    [
      "an unknown kind",
      rawFrame({ value: [null], references: [{ path: [0], kind: "constructor", offset: 0, length: 0 }] }),
      "unknown kind",
    ],
    [
      "a place that is not there",
      rawFrame({ value: {}, references: [{ path: ["a"], kind: "u8", offset: 0, length: 0 }] }),
      "a place that its JSON does not have",
    ],
    [
      "a place in a prototype",
      rawFrame({ value: {}, references: [{ path: ["__proto__", "a"], kind: "u8", offset: 0, length: 0 }] }),
      "a place that its JSON does not have",
    ],
    ["invalid UTF-8", Buffer.concat([prefixOf(2, 0), Buffer.from([0xff, 0xfe])]), "cannot be read"],
  ])("refuse %s", (_, bytes, sentence) => {
    expect(() => frameDecoder({ jsonBytes: 1000, blobBytes: 1000 })(bytes)).toThrow(sentence);
  });

  test("cross a duplex stream, and report its end exactly one time", async () => {
    const there = new PassThrough();
    const back = new PassThrough();
    const near = Duplex.from({ readable: back, writable: there });
    const far = Duplex.from({ readable: there, writable: back });
    const got: unknown[] = [];
    const closed = new Promise((resolve) => {
      const echo = frameChannel(far, { onFrame: (value) => echo.send({ echo: value }), onClosed: resolve });
    });
    const answered = new Promise<void>((resolve) => {
      const channel = frameChannel(near, { onFrame: (value) => (got.push(value), resolve()), onClosed: () => {} });
      channel.send(new Float64Array([1, 2]));
    });
    await answered;
    expect(got).toEqual([{ echo: new Float64Array([1, 2]) }]);
    near.end();
    expect(await closed).toBeNull();
  });
});
