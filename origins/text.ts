import { defineOrigin } from "../harness/define.ts";

export default defineOrigin({
  title: "Plain text, line by line",
  link: "https://www.rfc-editor.org/rfc/rfc2046#section-4.1",
  response: { format: "text" },
});
