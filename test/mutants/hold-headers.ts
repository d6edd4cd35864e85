import type { IncomingMessage } from "node:http";
import { mutant } from "./_forward.ts";

export default mutant(
  { title: "Holds the header section until the first body byte", link: "https://nodejs.org/api/http.html#responseflushheaders" },
  () =>
    ({ straight }) => {
      let held: IncomingMessage | undefined;
      const release = (): void => {
        if (held) straight.headers(held);
        held = undefined;
      };
      return {
        headers: (answer) => void (held = answer),
        write: (piece) => {
          release();
          return straight.write(piece);
        },
        end: () => {
          release();
          straight.end();
        },
      };
    },
);
