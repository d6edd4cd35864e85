import type { IncomingMessage } from "node:http";
import { mutant } from "./_forward.ts";
import { createLine } from "./_line.ts";

export default mutant(
  {
    title: "Stops reading for 900 ms at every third write, as a loop with an await does",
    link: "https://nodejs.org/api/stream.html#readablepause",
    options: { ms: 900 },
  },
  ({ ms }) =>
    ({ straight }) => {
      // Reading may go on when the client's side drains: what comes then keeps its place.
      const line = createLine(straight);
      let writes = 0;
      let answer: IncomingMessage;
      return {
        ...line.after,
        headers: (head) => {
          answer = head;
          straight.headers(head);
        },
        write: (piece) => {
          if (++writes % 3 !== 0) return line.hold(piece, 0);
          answer.pause();
          setTimeout(() => answer.resume(), Number(ms));
          return line.hold(piece, Number(ms));
        },
      };
    },
);
