import { mutant } from "./_forward.ts";
import { randomFrom } from "./_random.ts";

export default mutant(
  {
    title: "Holds bytes until a random number is pending, 500 to 3000, and passes the rest on at the end",
    link: "https://github.com/Shopify/toxiproxy#slicer",
    options: { leastBytes: 500, mostBytes: 3000, seed: 1 },
  },
  ({ leastBytes, mostBytes, seed }) => {
    const random = randomFrom(Number(seed));
    const draw = (): number => Number(leastBytes) + random() * (Number(mostBytes) - Number(leastBytes));
    return ({ straight }) => {
      let held = Buffer.alloc(0);
      let quantum = draw();
      return {
        write: (piece) => {
          held = Buffer.concat([held, piece]);
          if (held.length < quantum) return true;
          const whole = held;
          held = Buffer.alloc(0);
          quantum = draw();
          return straight.write(whole);
        },
        end: () => {
          straight.write(held);
          straight.end();
        },
      };
    };
  },
);
