import { mutant } from "./_forward.ts";

export default mutant(
  {
    title: "Passes a write on when the next one arrives, and the last one at the end",
    link: "https://github.com/dpskvn/express-sse/issues/26",
  },
  () =>
    ({ straight }) => {
      let held: Buffer | undefined;
      return {
        write: (piece) => {
          const before = held;
          held = piece;
          return before === undefined || straight.write(before);
        },
        end: () => {
          if (held) straight.write(held);
          straight.end();
        },
      };
    },
);
