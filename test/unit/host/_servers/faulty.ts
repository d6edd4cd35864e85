import { defineServer } from "../../../../harness/define.ts";

export default defineServer({
  kind: "node",
  title: "A handler that throws, or rejects, when it is told to",
  link: "https://nodejs.org/api/process.html#event-uncaughtexception",
  handler: () => (request, response) => {
    if (request.url === "/throw") throw new Error("thrown on purpose");
    if (request.url === "/reject") void Promise.reject(new Error("rejected on purpose"));
    else response.end("fine");
  },
  variants: { default: { title: "as it is" } },
});
