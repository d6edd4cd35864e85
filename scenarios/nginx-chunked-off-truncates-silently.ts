import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "chunked_transfer_encoding off, which many recipes contain, makes truncation invisible",
  chain: [{ app: "sse" }, "nginx:chunked-off"],
  trial: { kind: "origin-abort", how: ["close", "no-last-chunk"] },
  does: { end: "truncated-silently", culprit: "nginx" },
  because: "https://nginx.org/en/docs/http/ngx_http_core_module.html#chunked_transfer_encoding",
  fixedBy: "nginx-http-1.1-truncates-visibly",
});
