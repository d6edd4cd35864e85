import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  anchorsIn,
  bodyOf,
  closing,
  contentTypes,
  isNonce,
  recordOf,
  recordOffsets,
  type BodyFormat,
  type BodyPlan,
} from "../../../harness/model/body.ts";
import { newNonce } from "../../../harness/lab/origin-exchange.ts";

const formats = Object.keys(contentTypes) as BodyFormat[];
/** In binary a random byte before a mark may make it look like a part of something longer. */
const framed = formats.filter((format) => format !== "binary");
const nonces = fc.string({ unit: fc.constantFrom(...Array.from("abcdefghijklmnopqrstuvwxyz0123456789")), minLength: 10, maxLength: 10 });
const plans: fc.Arbitrary<BodyPlan> = fc.record({
  format: fc.constantFrom(...formats),
  filler: fc.constantFrom("compressible", "incompressible"),
  recordBytes: fc.array(fc.oneof(fc.integer({ min: 1, max: 200 }), fc.integer({ min: 200, max: 70_000 })), { minLength: 1, maxLength: 6 }),
});

describe("a body", () => {
  test("has records of exactly the sizes planned, each at its place", () => {
    fc.assert(
      fc.property(nonces, plans, (nonce, plan) => {
        const whole = bodyOf(nonce, plan, plan.recordBytes.length, true);
        const offsets = recordOffsets(plan.recordBytes);
        expect(whole.length).toBe((offsets.at(-1) ?? 0) + closing(plan.format).length);
        for (const [index, bytes] of plan.recordBytes.entries()) {
          const record = recordOf(nonce, plan, index);
          expect(record.length).toBe(bytes);
          expect(whole.subarray(offsets[index], offsets[index + 1]).equals(record)).toBe(true);
        }
      }),
      { numRuns: 60 },
    );
  });

  test("begins with each shorter one", () => {
    fc.assert(
      fc.property(nonces, plans, fc.nat(), (nonce, plan, records) => {
        const some = bodyOf(nonce, plan, records % (plan.recordBytes.length + 1), false);
        expect(bodyOf(nonce, plan, plan.recordBytes.length, true).subarray(0, some.length).equals(some)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  test("marks every record that has room for it, and nothing else", () => {
    fc.assert(
      fc.property(
        nonces,
        fc.constantFrom(...framed),
        fc.array(fc.integer({ min: 60, max: 3000 }), { minLength: 1, maxLength: 8 }),
        (nonce, format, recordBytes) => {
          const plan: BodyPlan = { format, filler: "incompressible", recordBytes };
          const offsets = recordOffsets(recordBytes);
          const anchors = anchorsIn(bodyOf(nonce, plan, recordBytes.length, true));
          expect(anchors.map((anchor) => [anchor.nonce, anchor.index])).toEqual(recordBytes.map((_, index) => [nonce, index]));
          for (const { index, offset } of anchors) expect(offset).toBeGreaterThanOrEqual(offsets[index] ?? 0);
          for (const { index, offset } of anchors) expect(offset).toBeLessThan((offsets[index] ?? 0) + 32);
        },
      ),
      { numRuns: 60 },
    );
  });

  test("shares no record with that of another exchange", () => {
    const plan: BodyPlan = { format: "text", filler: "compressible", recordBytes: [64] };
    const [one, other] = [newNonce(), newNonce()];
    expect(isNonce(one) && isNonce(other)).toBe(true);
    expect(recordOf(one, plan, 0).equals(recordOf(other, plan, 0))).toBe(false);
  });

  test("is valid JSON in its JSON formats", () => {
    const recordBytes = [80, 80, 200];
    const array = bodyOf("abcdefghij", { format: "json-array", filler: "incompressible", recordBytes }, 3, true).toString();
    expect((JSON.parse(array) as unknown[]).length).toBe(3);
    const lines = bodyOf("abcdefghij", { format: "ndjson", filler: "compressible", recordBytes }, 3, true).toString().trim().split("\n");
    expect(lines.map((line) => (JSON.parse(line) as { id: string }).id)).toEqual(["abcdefghij:0:", "abcdefghij:1:", "abcdefghij:2:"]);
  });
});
