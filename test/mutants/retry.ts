import { request as ask } from "node:http";
import { forward, mutantHandler } from "./_forward.ts";

const title = "Sends the request again and uses the second response";

export default mutantHandler({ title, link: "https://www.rfc-editor.org/rfc/rfc9110#section-9.2.2" }, ({ upstream }) => {
  const pass = forward(upstream);
  return (request, response) => {
    if (request.method === "GET") {
      const first = ask(new URL(request.url ?? "/", upstream), { headers: request.headers, agent: false });
      first.on("response", () => first.destroy()).on("error", () => {});
      first.end();
    }
    pass(request, response);
  };
});
