import { mutant } from "./_forward.ts";

export default mutant(
  {
    title: "Answers 504 if no header section arrives within 1.8 s",
    link: "https://www.rfc-editor.org/rfc/rfc9110#section-15.6.5",
    options: { ms: 1800 },
    limitMs: 1800,
  },
  ({ ms }) =>
    ({ response, asked, straight }) => {
      const timer = setTimeout(() => {
        response.writeHead(504, { "Content-Type": "text/plain" }).end("The upstream did not answer in time\n");
        asked.destroy();
      }, Number(ms));
      const stopped =
        <A extends unknown[]>(step: (...args: A) => void) =>
        (...args: A): void => {
          clearTimeout(timer);
          step(...args);
        };
      return { headers: stopped(straight.headers), cut: stopped(straight.cut), left: stopped(straight.left) };
    },
);
