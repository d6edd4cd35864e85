import { definePlatform } from "../harness/define.ts";

export default definePlatform({
  title: "Azure Application Gateway",
  pages: ["https://learn.microsoft.com/en-us/azure/application-gateway/use-server-sent-events"],
  read: null,
  limits: [{ kind: "idle-timeout", ms: 20_000, setBy: "Request time-out", range: { leastMs: 1000, mostMs: 86_400_000 } }],
  remarks: ["It buffers responses unless response buffers are disabled."],
});
