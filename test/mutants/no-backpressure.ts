import { mutant } from "./_forward.ts";

export default mutant(
  {
    title: "Reads on while its client does not, and keeps what it read",
    link: "https://nodejs.org/en/learn/modules/backpressuring-in-streams",
  },
  () =>
    ({ straight }) => ({
      write: (piece) => {
        straight.write(piece);
        return true;
      },
    }),
);
