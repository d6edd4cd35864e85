import { definePlatform } from "../harness/define.ts";

export default definePlatform({
  title: "Azure API Management",
  pages: ["https://learn.microsoft.com/en-us/azure/api-management/how-to-server-sent-events"],
  read: null,
  limits: [{ kind: "idle-timeout", ms: 240_000 }],
  remarks: ['It buffers responses unless the policy forward-request has buffer-response="false".'],
});
