import { defineOrigin } from "../harness/define.ts";

export default defineOrigin({
  title: "Bytes of unknown type",
  link: "https://www.rfc-editor.org/rfc/rfc2046#section-4.5.1",
  response: { format: "binary" },
});
