import { mutant } from "./_forward.ts";

export default mutant(
  {
    title: "Passes everything on at once, and keeps a copy until the end",
    link: "https://www.rfc-editor.org/rfc/rfc9111#section-3",
  },
  () =>
    ({ straight }) => {
      const copy: Buffer[] = [];
      return {
        write: (piece) => {
          copy.push(piece);
          return straight.write(piece);
        },
        end: () => {
          copy.length = 0;
          straight.end();
        },
      };
    },
);
