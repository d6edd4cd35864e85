import { definePlatform } from "../harness/define.ts";

export default definePlatform({
  title: "Traefik 3",
  pages: ["https://doc.traefik.io/traefik/routing/entrypoints/"],
  read: null,
  limits: [{ kind: "total-timeout", ms: null, setBy: "respondingTimeouts.writeTimeout" }],
  remarks: ["flushInterval is 100 ms, and ignored for event streams, which are flushed immediately."],
});
