import { defineOrigin } from "../harness/define.ts";

export default defineOrigin({
  title: "Server-Sent Events",
  link: "https://html.spec.whatwg.org/multipage/server-sent-events.html",
  response: { format: "sse" },
});
