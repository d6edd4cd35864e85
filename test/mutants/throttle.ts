import { mutant } from "./_forward.ts";
import { createLine } from "./_line.ts";
import { rateVariants } from "./_rates.ts";

/** The time of a slice. Input slower than the rate is late only by its own transmission time. */
const sliceMs = 20;

export default mutant(
  {
    title: "Passes the body on at a steady rate, in slices",
    link: "https://github.com/Shopify/toxiproxy#bandwidth",
    options: { bytesPerSecond: 10_000 },
    variants: rateVariants,
  },
  ({ bytesPerSecond }) => {
    const perMs = Number(bytesPerSecond) / 1000;
    const slice = Math.max(1, Math.floor(sliceMs * perMs));
    return ({ straight }) => {
      const line = createLine(straight);
      let freeAt = 0;
      return {
        ...line.after,
        write: (piece) => {
          const now = performance.now();
          freeAt = Math.max(freeAt, now);
          for (let at = 0; at < piece.length; at += slice) {
            const part = piece.subarray(at, at + slice);
            freeAt += part.length / perMs;
            line.hold(part, freeAt - now);
          }
          return true;
        },
      };
    };
  },
);
