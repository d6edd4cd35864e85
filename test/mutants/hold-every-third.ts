import { mutant } from "./_forward.ts";
import { createLine } from "./_line.ts";

export default mutant(
  {
    title: "Holds every third write for 900 ms and passes the others on immediately, in order",
    link: "https://www.rfc-editor.org/rfc/rfc9110#section-7.7",
    options: { ms: 900 },
  },
  ({ ms }) =>
    ({ straight }) => {
      const line = createLine(straight);
      let writes = 0;
      return { ...line.after, write: (piece) => line.hold(piece, ++writes % 3 === 0 ? Number(ms) : 0) };
    },
);
