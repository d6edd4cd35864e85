import { mutant } from "./_forward.ts";

export default mutant(
  { title: "Changes one byte in the middle of the body's second piece", link: "https://www.rfc-editor.org/rfc/rfc9110#section-7.7" },
  () =>
    ({ straight }) => {
      let pieces = 0;
      return {
        write: (piece) => {
          const middle = piece.length >> 1;
          if (++pieces === 2) piece.writeUInt8(piece.readUInt8(middle) ^ 1, middle);
          return straight.write(piece);
        },
      };
    },
);
