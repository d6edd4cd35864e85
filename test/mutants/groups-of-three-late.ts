import { mutant } from "./_forward.ts";
import { createLine } from "./_line.ts";

export default mutant(
  {
    title: "Passes writes on in groups of three, one second after the third, and the rest one second after the end",
    link: "https://nodejs.org/api/stream.html#writablecork",
    options: { writes: 3, ms: 1000 },
  },
  ({ writes, ms }) =>
    ({ straight }) => {
      const line = createLine(straight);
      let group: Buffer[] = [];
      const release = (): true => {
        const whole = Buffer.concat(group);
        group = [];
        return line.hold(whole, Number(ms));
      };
      return {
        ...line.after,
        write: (piece) => group.push(piece) < Number(writes) || release(),
        end: () => {
          if (group.length > 0) release();
          line.after.end();
        },
      };
    },
);
