import { http2Hop } from "./_h2.ts";

export default http2Hop(
  "Goes on reading from the upstream when the client cancels a stream of HTTP/2, until the connection is closed",
  "https://www.rfc-editor.org/rfc/rfc9113#section-8.7",
  () => {},
);
