import { definePlatform } from "../harness/define.ts";

export default definePlatform({
  title: "Kong Gateway",
  pages: ["https://github.com/Kong/kong/issues/6057"],
  read: null,
  limits: [{ kind: "idle-timeout", ms: 60_000, setBy: "read_timeout" }],
  remarks: ["It buffers responses by default; `response_buffering=false` disables that per route."],
});
