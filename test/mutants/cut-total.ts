import { mutant } from "./_forward.ts";

export default mutant(
  {
    title: "Resets the connection 900 ms after the request, whatever comes",
    link: "https://www.envoyproxy.io/docs/envoy/latest/faq/configuration/timeouts",
    options: { ms: 900 },
    limitMs: 900,
  },
  ({ ms }) =>
    ({ straight }) => {
      const timer = setTimeout(straight.cut, Number(ms));
      return {
        end: () => {
          clearTimeout(timer);
          straight.end();
        },
      };
    },
);
