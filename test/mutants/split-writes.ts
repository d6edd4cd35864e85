import { mutant } from "./_forward.ts";

export default mutant(
  {
    title: "Harmless: passes each write on immediately, in pieces of 37 bytes",
    link: "https://www.rfc-editor.org/rfc/rfc9112#section-7.1",
    options: { bytes: 37 },
  },
  ({ bytes }) =>
    ({ straight }) => ({
      write: (piece) => {
        let goesOn = true;
        for (let at = 0; at < piece.length; at += Number(bytes)) goesOn = straight.write(piece.subarray(at, at + Number(bytes)));
        return goesOn;
      },
    }),
);
