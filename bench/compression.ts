// `node bench/compression.ts`: what compression saves of a stream, flushed after each record and not flushed, as bytes on the connection of the
// client. Writes results/compression.json, which `npm run claims -- --render` renders into docs/claims.md.
import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import { createServer, get } from "node:http";
import type { IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import { packageRoot } from "../harness/catalog/package-root.ts";
import { openRuntime } from "../harness/session/choose-runtime.ts";
import { openSession } from "../harness/session/session.ts";
import { openChain } from "../test/browser/chain.ts";
import { payloads, recordOf } from "./_compression-figures.ts";
import type { CompressionFigure, CompressionFigures, Payload } from "./_compression-figures.ts";
import { optionsOf } from "../scripts/_options.ts";

optionsOf({});

const records = 1000;

/** `/tokens` … : each record is a write of its own. */
const origin = createServer((request, response) => {
  const payload = new URL(request.url ?? "/", "http://origin").pathname.slice(1) as Payload;
  response.writeHead(200, { "content-type": payload === "rows" ? "text/csv" : "text/event-stream", "cache-control": "no-cache" });
  void (async () => {
    for (let index = 0; index < records; index++) {
      response.write(recordOf(payload, index));
      // Several writes in one turn would leave as one.
      await turn();
    }
    response.end();
  })();
});

/** Everything that comes on the connection: header section, framing and content. */
const bytesOf = async (url: string, coding: string | null): Promise<{ wireBytes: number; coded: string | null }> => {
  const request = get(url, { agent: false, headers: coding === null ? {} : { "accept-encoding": coding } });
  const [response] = (await once(request, "response")) as [IncomingMessage];
  response.resume();
  await once(response, "end");
  return { wireBytes: response.socket.bytesRead, coded: response.headers["content-encoding"] ?? null };
};

const ways: { middleware: string; coding: string }[] = [
  { middleware: "gzip:flush", coding: "gzip" },
  { middleware: "gzip", coding: "gzip" },
  { middleware: "compression:flush", coding: "gzip" },
  { middleware: "compression:sync-flush", coding: "gzip" },
  { middleware: "compression", coding: "gzip" },
  { middleware: "compression:flush", coding: "br" },
  { middleware: "compression:sync-flush", coding: "br" },
  { middleware: "compression", coding: "br" },
];

origin.listen(0, "127.0.0.1");
await once(origin, "listening");
const { port } = origin.address() as AddressInfo;
await using runtime = await openRuntime("process", {});
await using session = await openSession(runtime);
const figures: CompressionFigure[] = [];
for (const { middleware, coding } of ways) {
  await using chain = await openChain({ runtime, session }, [{ server: "http-pipe", middlewares: [middleware] }], {
    host: "127.0.0.1",
    port,
  });
  for (const payload of payloads) {
    const plain = await bytesOf(`${chain.base}/${payload}`, null);
    const coded = await bytesOf(`${chain.base}/${payload}`, coding);
    if (plain.coded !== null || coded.coded !== coding) throw new Error(`${middleware} answered in ${coded.coded}, not in ${coding}`);
    figures.push({ middleware, coding, payload, plainBytes: plain.wireBytes, wireBytes: coded.wireBytes });
    process.stderr.write(`${middleware} ${coding} ${payload}: ${plain.wireBytes} bytes, then ${coded.wireBytes}\n`);
  }
}
origin.close();
const all: CompressionFigures = { measuredOn: new Date().toISOString().slice(0, 10), node: process.version, records, figures };
await mkdir(join(packageRoot, "results"), { recursive: true });
await writeFile(join(packageRoot, "results/compression.json"), `${JSON.stringify(all, null, 2)}\n`);
