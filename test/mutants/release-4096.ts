import { mutant } from "./_forward.ts";

export default mutant(
  {
    title: "Passes the body on in blocks of 4096 bytes, and the rest at the end",
    link: "https://github.com/boringproxy/boringproxy/issues/177",
    options: { bytes: 4096 },
  },
  (options) =>
    ({ straight }) => {
      const block = Number(options["bytes"]);
      let held = Buffer.alloc(0);
      return {
        write: (piece) => {
          held = Buffer.concat([held, piece]);
          const whole = held.subarray(0, held.length - (held.length % block));
          held = held.subarray(whole.length);
          return whole.length === 0 || straight.write(whole);
        },
        end: () => {
          straight.write(held);
          straight.end();
        },
      };
    },
);
