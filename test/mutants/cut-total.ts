import { mutant } from "./_forward.ts";

export default mutant(
  {
    title: "Resets the connection 2.7 s after the request",
    link: "https://www.envoyproxy.io/docs/envoy/latest/faq/configuration/timeouts",
    options: { ms: 2700 },
    limitMs: 2700,
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
