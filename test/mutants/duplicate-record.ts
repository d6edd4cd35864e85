import { mutant } from "./_forward.ts";

export default mutant(
  { title: "Repeats the body's second piece", link: "https://www.rfc-editor.org/rfc/rfc9110#section-7.7" },
  () =>
    ({ straight }) => {
      let pieces = 0;
      return {
        write: (piece) => {
          if (++pieces === 2) straight.write(piece);
          return straight.write(piece);
        },
      };
    },
);
