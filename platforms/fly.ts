import { definePlatform } from "../harness/define.ts";

export default definePlatform({
  title: "Fly.io proxy",
  pages: ["https://fly.io/docs/reference/configuration/", "https://community.fly.io/t/15160"],
  read: "2026-08",
  limits: [{ kind: "idle-timeout", ms: null, setBy: "http_options.idle_timeout", formerly: { ms: 60_000, until: "2023-09" } }],
});
