import { defineOrigin } from "../harness/define.ts";

export default defineOrigin({
  title: "One JSON value per line",
  link: "https://github.com/ndjson/ndjson-spec",
  response: { format: "ndjson" },
});
