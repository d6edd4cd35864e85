import { mutant } from "./_forward.ts";

export default mutant(
  { title: "Leaves the client waiting when the upstream aborts", link: "https://github.com/http-party/node-http-proxy/issues/1586" },
  () => () => ({ cut: () => {} }),
);
