import { mutant } from "./_forward.ts";

export default mutant(
  {
    title: "Passes writes on in groups of three, with the third, and the rest at the end",
    link: "https://nodejs.org/api/stream.html#writablecork",
    options: { writes: 3 },
  },
  ({ writes }) =>
    ({ straight }) => {
      let group: Buffer[] = [];
      const release = (): boolean => {
        const whole = Buffer.concat(group);
        group = [];
        return straight.write(whole);
      };
      return {
        write: (piece) => group.push(piece) < Number(writes) || release(),
        end: () => {
          release();
          straight.end();
        },
      };
    },
);
