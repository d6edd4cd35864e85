import { defineServer } from "../harness/define.ts";
import { forward } from "./_forward.ts";

export default defineServer({
  kind: "node",
  title: "A straight HTTP pipe: passes every message on without delay",
  link: "https://www.rfc-editor.org/rfc/rfc9110#section-7.6",
  handler: ({ upstream }) => forward(upstream),
  variants: { default: { title: "flushes the header section immediately, passes aborts on in both directions" } },
});
