import { mutant } from "./_forward.ts";

export default mutant(
  {
    title: "Harmless: merges the writes of one turn of the event loop",
    link: "https://nodejs.org/api/stream.html#writableuncork",
  },
  () =>
    ({ straight }) => {
      let pending: Buffer[] = [];
      const release = (): void => {
        if (pending.length > 0) straight.write(Buffer.concat(pending));
        pending = [];
      };
      return {
        write: (piece) => {
          if (pending.push(piece) === 1) setImmediate(release);
          return true;
        },
        end: () => {
          release();
          straight.end();
        },
      };
    },
);
