import { defineOrigin } from "../harness/define.ts";

export default defineOrigin({
  title: "One JSON array that grows element by element",
  link: "https://www.rfc-editor.org/rfc/rfc8259#section-5",
  response: { format: "json-array" },
});
