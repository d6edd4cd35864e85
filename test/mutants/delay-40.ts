import { mutant } from "./_forward.ts";
import { createLine } from "./_line.ts";

export default mutant(
  {
    title: "Passes each write on after 40 ms, as Nagle's algorithm does with delayed acknowledgments",
    link: "https://www.rfc-editor.org/rfc/rfc9293#section-3.7.4",
    options: { ms: 40 },
  },
  ({ ms }) =>
    ({ straight }) => {
      const line = createLine(straight);
      return { ...line.after, write: (piece) => line.hold(piece, Number(ms)) };
    },
);
