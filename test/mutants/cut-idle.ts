import { mutant } from "./_forward.ts";

export default mutant(
  {
    title: "Resets the connection after 1.8 s of silence inside a body",
    link: "https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_read_timeout",
    options: { ms: 1800 },
    limitMs: 1800,
  },
  ({ ms }) =>
    ({ straight }) => {
      let timer: NodeJS.Timeout | undefined;
      return {
        headers: (answer) => {
          straight.headers(answer);
          timer = setTimeout(straight.cut, Number(ms));
        },
        write: (piece) => {
          timer?.refresh();
          return straight.write(piece);
        },
        end: () => {
          clearTimeout(timer);
          straight.end();
        },
      };
    },
);
