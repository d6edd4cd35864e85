import { mutant } from "./_forward.ts";

export default mutant(
  {
    title: "Passes full blocks of 1448 bytes on immediately, and less after 200 ms, as TCP_CORK does",
    link: "https://man7.org/linux/man-pages/man7/tcp.7.html",
    options: { bytes: 1448, ms: 200 },
  },
  ({ bytes, ms }) =>
    ({ straight }) => {
      const block = Number(bytes);
      let held = Buffer.alloc(0);
      let timer: NodeJS.Timeout | undefined;
      const release = (length: number): void => {
        clearTimeout(timer);
        timer = undefined;
        straight.write(held.subarray(0, length));
        held = held.subarray(length);
      };
      const releaseAll = (): void => release(held.length);
      return {
        write: (piece) => {
          held = Buffer.concat([held, piece]);
          if (held.length >= block) release(held.length - (held.length % block));
          if (held.length > 0) timer ??= setTimeout(releaseAll, Number(ms));
          return true;
        },
        end: () => {
          releaseAll();
          straight.end();
        },
      };
    },
);
