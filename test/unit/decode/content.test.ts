import { setTimeout as delay } from "node:timers/promises";
import { createHash } from "node:crypto";
import type { Duplex } from "node:stream";
import {
  constants,
  crc32,
  createBrotliCompress,
  createDeflate,
  createDeflateRaw,
  createGzip,
  createZstdCompress,
  type Zlib,
} from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { codingOf, type Coding, contentDecoder } from "../../../harness/decode/content.ts";

/** RUNS=20000 digs deeper. */
const RUNS = Number(process.env["RUNS"] ?? 150);

type Compressor = Duplex & Zlib;

const CODERS: { name: string; coding: Coding; open: () => Compressor; flush: number }[] = [
  { name: "gzip", coding: "gzip", open: () => createGzip(), flush: constants.Z_SYNC_FLUSH },
  { name: "zlib deflate", coding: "deflate", open: () => createDeflate(), flush: constants.Z_SYNC_FLUSH },
  { name: "raw deflate", coding: "deflate", open: () => createDeflateRaw(), flush: constants.Z_SYNC_FLUSH },
  {
    name: "br",
    coding: "br",
    open: () => createBrotliCompress({ params: { [constants.BROTLI_PARAM_QUALITY]: 4 } }),
    flush: constants.BROTLI_OPERATION_FLUSH,
  },
  {
    name: "zstd",
    coding: "zstd",
    open: () => createZstdCompress({ params: { [constants.ZSTD_c_checksumFlag]: 1 } }),
    flush: constants.ZSTD_e_flush,
  },
];

/** The coded bytes of each record, flushed behind it, and last those that end the coding. */
async function compress(coder: { open: () => Compressor; flush: number }, records: readonly Uint8Array[]): Promise<Buffer[]> {
  const stream = coder.open();
  let piece: Buffer[] = [];
  stream.on("data", (bytes: Buffer) => piece.push(bytes));
  const take = (): Buffer => {
    const bytes = Buffer.concat(piece);
    piece = [];
    return bytes;
  };
  const pieces: Buffer[] = [];
  for (const record of records) {
    stream.write(record);
    await new Promise<void>((resolve) => stream.flush(coder.flush, resolve));
    while (stream.read() !== null);
    pieces.push(take());
  }
  stream.end();
  await new Promise((resolve) => stream.once("end", resolve));
  return [...pieces, take()];
}

async function whole(coder: { open: () => Compressor; flush: number }, text: string | Uint8Array): Promise<Buffer> {
  const stream = coder.open();
  stream.end(text);
  return Buffer.concat(await stream.toArray());
}

async function decode(coding: Coding, pieces: readonly Uint8Array[], maxDecodedBytes?: number) {
  const decoder = contentDecoder(coding, maxDecodedBytes);
  const decoded: Uint8Array[] = [];
  for (const piece of pieces) decoded.push(await decoder.push(piece));
  const { bytes, ...end } = await decoder.finish();
  return { text: Buffer.concat([...decoded, bytes]).toString("latin1"), ...end };
}

function singly(bytes: Uint8Array): Uint8Array[] {
  return Array.from(bytes, (byte) => Uint8Array.of(byte));
}

/** Text that no coding shrinks much, the same on every run. */
function noise(bytes: number, seed: string): Buffer {
  const blocks: Buffer[] = [];
  for (let i = 0; i * 32 < bytes; i++) blocks.push(createHash("sha256").update(`${seed} ${i}`).digest());
  return Buffer.concat(blocks).subarray(0, bytes);
}

const gzip = CODERS[0]!;
const zstd = CODERS[4]!;
const TEXT = "data: a sentence that is worth coding, coding, coding\n\n".repeat(20);

describe("codingOf", () => {
  it.each([
    [[], "identity"],
    [[""], "identity"],
    [["identity"], "identity"],
    [["gzip"], "gzip"],
    [["X-GZip"], "gzip"],
    [["deflate"], "deflate"],
    [["br"], "br"],
    [["Zstd"], "zstd"],
    [["gzip, br"], "unknown"],
    [["gzip", "gzip"], "unknown"],
    [["compress"], "unknown"],
    [["constructor"], "unknown"],
  ] as const)("takes Content-Encoding %j for %s", (values, coding) => {
    expect(codingOf(values.map((value) => ({ name: "content-ENCODING", value })))).toBe(coding);
  });
});

describe.each(CODERS)("$name", (coder) => {
  it("gives out every flushed record with exactly the bytes that carry it", async () => {
    const records = Array.from({ length: 40 }, (_, i) => Buffer.from(`data: event ${i} ${"x".repeat((i * 37) % 300)}\n\n`));
    const pieces = await compress(coder, records);
    const decoder = contentDecoder(coder.coding);
    for (const [i, record] of records.entries()) {
      expect(Buffer.from(await decoder.push(pieces[i]!)).toString()).toBe(record.toString());
    }
    expect(await decoder.push(pieces.at(-1)!)).toHaveLength(0);
    expect(await decoder.finish()).toEqual({ bytes: new Uint8Array(0), complete: true, problem: null });
  });

  it("gives out a record of many output buffers in one push", async () => {
    const records = [noise(300_000, "a"), Buffer.alloc(1_000_000, "b"), noise(1, "c")];
    const pieces = await compress(coder, records);
    const decoder = contentDecoder(coder.coding);
    for (const [i, record] of records.entries()) {
      expect(Buffer.compare(await decoder.push(pieces[i]!), record)).toBe(0);
    }
  });

  it("gives out each record at its last byte, pushed byte by byte", async () => {
    const records = ["one\n", "two two\n", "three\n"].map((text) => Buffer.from(text));
    const pieces = await compress(coder, records);
    const decoder = contentDecoder(coder.coding);
    for (const [i, record] of records.entries()) {
      const decoded: Uint8Array[] = [];
      for (const byte of singly(pieces[i]!)) decoded.push(await decoder.push(byte));
      expect(Buffer.concat(decoded).toString()).toBe(record.toString());
    }
  });

  it("keeps the order of pushes that nobody awaits", async () => {
    const pieces = await compress(
      coder,
      ["one ", "two ", "three"].map((text) => Buffer.from(text)),
    );
    const decoder = contentDecoder(coder.coding);
    const pushes = pieces.map((piece) => decoder.push(piece));
    const end = decoder.finish();
    expect(Buffer.concat(await Promise.all(pushes)).toString()).toBe("one two three");
    expect(await end).toMatchObject({ complete: true, problem: null });
  });

  it("calls every cut incomplete, without a problem", async () => {
    const bytes = await whole(coder, TEXT);
    for (let cut = 0; cut < bytes.length; cut++) {
      const end = await decode(coder.coding, [bytes.subarray(0, cut)]);
      expect({ cut, complete: end.complete, problem: end.problem }).toEqual({ cut, complete: false, problem: null });
      expect(TEXT.startsWith(end.text)).toBe(true);
    }
    expect(await decode(coder.coding, [bytes])).toEqual({ text: TEXT, complete: true, problem: null });
  });

  it.each(["\n", "\0", "\0\0\0", "junk behind the end", "\x1f", "("])("reports %j behind its end", async (junk) => {
    const bytes = await whole(coder, TEXT);
    const both = Buffer.concat([bytes, Buffer.from(junk)]);
    const isCutUnit = (coder.coding === "gzip" && junk === "\x1f") || (coder.coding === "zstd" && junk === "(");
    const expected = isCutUnit
      ? { text: TEXT, complete: false, problem: null }
      : { text: TEXT, complete: true, problem: `${junk.length} bytes after the end of the ${coder.coding} content` };
    expect(await decode(coder.coding, [both])).toEqual(expected);
    expect(await decode(coder.coding, [bytes, Buffer.from(junk)])).toEqual(expected);
    expect(await decode(coder.coding, [both.subarray(0, 1), both.subarray(1)])).toEqual(expected);
    expect(await decode(coder.coding, singly(both))).toEqual(expected);
  });

  it("stops at the bound, whatever the split", async () => {
    const bytes = await whole(coder, Buffer.alloc(3_000_000));
    for (const pieces of [[bytes], [bytes.subarray(0, 100), bytes.subarray(100)]]) {
      const end = await decode(coder.coding, pieces, 1_000_000);
      expect(end.text).toHaveLength(1_000_000);
      expect(end).toMatchObject({ complete: false, problem: `more than 1000000 bytes of decoded ${coder.coding} content` });
    }
  });

  it("takes any damage without a rejection or a hang", async () => {
    const bytes = await whole(coder, TEXT);
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), fc.nat(255), fc.nat(bytes.length), async (place, value, split) => {
        const damaged = Buffer.from(bytes);
        damaged[place] = value;
        const end = await decode(coder.coding, [damaged.subarray(0, split), damaged.subarray(split)]);
        if (end.complete && end.problem === null && hasChecksum(coder)) expect(end.text).toBe(TEXT);
      }),
      { numRuns: RUNS },
    );
  });

  it("takes any bytes at any split without a rejection or a hang", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 4 }), async (pieces) => {
        await decode(coder.coding, pieces);
      }),
      { numRuns: RUNS },
    );
  });

  it("ignores what is pushed behind finish", async () => {
    const decoder = contentDecoder(coder.coding);
    await decoder.finish();
    expect(await decoder.push(await whole(coder, "propagated-late"))).toHaveLength(0);
  });
});

function hasChecksum(coder: { name: string }): boolean {
  return coder.name === "gzip" || coder.name === "zlib deflate";
}

describe("identity", () => {
  it("is what it is, and always complete", async () => {
    expect(await decode("identity", [Buffer.from("a"), Buffer.from("b")])).toEqual({ text: "ab", complete: true, problem: null });
    expect(await decode("identity", [])).toEqual({ text: "", complete: true, problem: null });
  });
});

describe("joined units", () => {
  it.each([gzip, zstd])("decodes two $name units as one content, at any split", async (coder) => {
    const bytes = Buffer.concat([await whole(coder, "one "), await whole(coder, ""), await whole(coder, "two")]);
    for (let split = 0; split <= bytes.length; split++) {
      expect(await decode(coder.coding, [bytes.subarray(0, split), bytes.subarray(split)])).toEqual({
        text: "one two",
        complete: true,
        problem: null,
      });
    }
    expect(await decode(coder.coding, singly(bytes))).toEqual({ text: "one two", complete: true, problem: null });
    expect(await decode(coder.coding, [bytes.subarray(0, -1)])).toMatchObject({
      text: expect.stringMatching(/^one /),
      complete: false,
      problem: null,
    });
  });

  it("decodes a zstd stream around a skippable frame", async () => {
    const skippable = Buffer.from([0x50, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3]);
    const frame = await whole(zstd, "text");
    expect(await decode("zstd", [Buffer.concat([skippable, frame, skippable])])).toEqual({ text: "text", complete: true, problem: null });
  });
});

describe("gzip framing", () => {
  it("tells junk from a further member at the second byte", async () => {
    const bytes = await whole(gzip, "text");
    const pieces = [bytes, Buffer.from([0x1f]), Buffer.from([0x1f])];
    expect(await decode("gzip", pieces)).toEqual({ text: "text", complete: true, problem: "2 bytes after the end of the gzip content" });
  });

  it("reads a header with every optional part, and checks its CRC", async () => {
    const plain = await whole(gzip, "text");
    // Flags FHCRC, FEXTRA, FNAME, FCOMMENT; two bytes of extra field, name "n", comment "c".
    const head = [0x1f, 0x8b, 8, 0x1e, 0, 0, 0, 0, 0, 3, 2, 0, 0x1f, 0x8b, 0x6e, 0, 0x63, 0];
    const crc = crc32(Uint8Array.from(head)) & 0xffff;
    const bytes = (checksum: number) => Buffer.concat([Uint8Array.from([...head, checksum & 0xff, checksum >> 8]), plain.subarray(10)]);
    expect(await decode("gzip", [bytes(crc)])).toEqual({ text: "text", complete: true, problem: null });
    expect(await decode("gzip", singly(bytes(crc)))).toEqual({ text: "text", complete: true, problem: null });
    expect(await decode("gzip", [bytes(crc ^ 1)])).toMatchObject({
      complete: false,
      problem: expect.stringContaining("gzip header has CRC"),
    });
  });

  it.each([
    ["another magic number", 0, 0x50, "no gzip header"],
    ["another method", 2, 7, "compression method 7"],
    ["reserved flags", 3, 0x80, "reserved gzip flags 0x80"],
    ["a wrong CRC", -8, 0, "trailer has CRC"],
    ["a wrong length", -4, 9, "trailer has length 9"],
  ] as const)("names %s", async (_, place, value, words) => {
    const bytes = await whole(gzip, "text");
    bytes[place < 0 ? bytes.length + place : place] = value;
    expect(await decode("gzip", [bytes])).toMatchObject({ complete: false, problem: expect.stringContaining(words) });
  });
});

it("refuses a zstd window above the 8 MB of RFC 9659", async () => {
  const large = { open: () => createZstdCompress({ params: { [constants.ZSTD_c_windowLog]: 24 } }), flush: constants.ZSTD_e_flush };
  expect(await decode("zstd", await compress(large, [noise(10, "w")]))).toMatchObject({
    text: "",
    complete: false,
    problem: expect.stringContaining("corrupt zstd content"),
  });
});

it("waits for no timer at an awaited push", async () => {
  const pushes = 2000;
  const timers = 200;
  const began = performance.now();
  for (let count = 0; count < timers; count++) await delay(1);
  const withTimersMs = ((performance.now() - began) * pushes) / timers;
  for (const coder of CODERS) {
    const pieces = await compress(
      coder,
      Array.from({ length: pushes }, (_, i) => Buffer.from(`data: ${i}\n\n`)),
    );
    const start = performance.now();
    await decode(coder.coding, pieces);
    expect(performance.now() - start, coder.name).toBeLessThan(withTimersMs);
  }
});
