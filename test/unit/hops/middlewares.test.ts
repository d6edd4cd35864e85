import { expect, test } from "vitest";
import cache from "../../../middlewares/cache.ts";
import compression from "../../../middlewares/compression.ts";
import compressionStream from "../../../middlewares/compression-stream.ts";
import gzip from "../../../middlewares/gzip.ts";
import timeout from "../../../middlewares/timeout.ts";
import { accepting, serve } from "./_serve.ts";

test("every middleware leaves every status without a body alone", async () => {
  for (const middleware of [gzip, compression, compressionStream, cache, timeout]) {
    for (const variant of Object.keys(middleware.variants)) {
      await using server = await serve(middleware, variant, (_request, response) => void response.writeHead(204, "No Content").end());
      const client = server.ask(accepting("gzip"));
      await client.headers();
      client.send("GET /next HTTP/1.1\r\nHost: test\r\n\r\n");
      await client.until((end) => end.rest.endsWith("\r\n\r\n"));
      expect(client.rest).toMatch(/^HTTP\/1.1 204 No Content\r\n/);
    }
  }
});
