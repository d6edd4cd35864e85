import { http2Hop } from "./_h2.ts";

export default http2Hop(
  "Harmless: lets go of the upstream when the client cancels a stream of HTTP/2",
  "https://www.rfc-editor.org/rfc/rfc9113#section-8.7",
  (asked) => asked.destroy(),
);
