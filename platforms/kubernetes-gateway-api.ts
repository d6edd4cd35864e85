import { definePlatform } from "../harness/define.ts";

export default definePlatform({
  title: "Kubernetes Gateway API",
  pages: ["https://gateway-api.sigs.k8s.io/guides/http-timeouts/"],
  read: null,
  limits: [],
  remarks: [
    "`timeouts.request` of a route is a total timeout. Where it is not specified, the implementation decides: name that one as well, e.g. envoy.",
  ],
});
