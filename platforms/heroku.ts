import { definePlatform } from "../harness/define.ts";

export default definePlatform({
  title: "Heroku router",
  pages: ["https://devcenter.heroku.com/articles/request-timeout", "https://devcenter.heroku.com/articles/http-routing"],
  read: "2024-05-07",
  limits: [
    { kind: "first-byte-timeout", ms: 30_000, seenAs: "H12" },
    { kind: "idle-timeout", ms: 55_000, seenAs: "H15" },
  ],
});
