import { mutant } from "./_forward.ts";

export default mutant(
  {
    title: "Holds the whole body until it ends",
    link: "https://github.com/chimurai/http-proxy-middleware/blob/master/recipes/response-interceptor.md",
  },
  () =>
    ({ straight }) => {
      const held: Buffer[] = [];
      return {
        write: (piece) => {
          held.push(piece);
          return true;
        },
        end: () => {
          straight.write(Buffer.concat(held));
          straight.end();
        },
      };
    },
);
