import { request as ask } from "node:http";
import { mutant } from "./_forward.ts";

export default mutant({ title: "Asks the upstream twice and uses the second response", link: "https://www.rfc-editor.org/rfc/rfc9110#section-9.2.2" }, () => ({ request, asked }) => {
  if (request.method === "GET") {
    const { host, path } = asked;
    const first = ask({ host, port: Number(request.headers.host?.split(":")[1]), path, headers: request.headers, agent: false });
    first.on("response", () => first.destroy()).on("error", () => {});
    first.end();
  }
  return {};
});
