import { mutant } from "./_forward.ts";
import { createLine } from "./_line.ts";
import { randomFrom } from "./_random.ts";

export default mutant(
  {
    title: "Holds each write for a random time of up to 900 ms, in order",
    link: "https://github.com/Shopify/toxiproxy#latency",
    options: { mostMs: 900, seed: 1 },
  },
  ({ mostMs, seed }) => {
    const random = randomFrom(Number(seed));
    return ({ straight }) => {
      const line = createLine(straight);
      return { ...line.after, write: (piece) => line.hold(piece, Number(mostMs) * random()) };
    };
  },
);
