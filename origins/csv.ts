import { defineOrigin } from "../harness/define.ts";

export default defineOrigin({
  title: "One row per line",
  link: "https://www.rfc-editor.org/rfc/rfc4180",
  response: { format: "csv" },
});
