import { mutant } from "./_forward.ts";

export default mutant(
  { title: "Continues to read from the upstream when the client leaves", link: "https://github.com/vitejs/vite/issues/12157" },
  () => () => ({ left: () => {} }),
);
