import { mutant } from "./_forward.ts";

export default mutant(
  {
    title: "Holds the first pending byte for 200 ms, then passes everything on, as TCP_CORK does",
    link: "https://man7.org/linux/man-pages/man7/tcp.7.html",
    options: { ms: 200 },
  },
  ({ ms }) =>
    ({ straight }) => {
      let pending: Buffer[] = [];
      let timer: NodeJS.Timeout | undefined;
      let ended = false;
      const release = (): void => {
        straight.write(Buffer.concat(pending));
        pending = [];
        timer = undefined;
        if (ended) straight.end();
      };
      return {
        write: (piece) => {
          pending.push(piece);
          timer ??= setTimeout(release, Number(ms));
          return true;
        },
        end: () => {
          ended = true;
          if (!timer) straight.end();
        },
      };
    },
);
