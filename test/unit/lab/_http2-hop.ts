// A hop that speaks HTTP/2 to its client and HTTP/1.1 to its upstream, with at most one fault.
import { Agent, request as ask } from "node:http";
import {
  createSecureServer,
  type IncomingHttpHeaders,
  type Http2Server,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from "node:http2";
import type { AddressInfo } from "node:net";
import type { Address } from "../../../harness/lab/protocol.ts";
import { pem } from "./_certificate.ts";

/** What it does when one stream is canceled. When the connection is closed it always drops all of its upstreams. */
export type OnCancel = "drops-the-upstream" | "ignores-it" | "closes-the-connection";

export interface Http2Hop extends AsyncDisposable {
  address: Address;
  server: Http2Server;
}

const dropped = new Set([":method", ":path", ":scheme", ":authority"]);

export const openHttp2Hop = async (upstream: Address, onCancel: OnCancel): Promise<Http2Hop> => {
  const agent = new Agent({ keepAlive: false });
  const server = createSecureServer({ key: pem, cert: pem });
  server.on("stream", (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => {
    const fields = Object.entries(headers).filter(([name]) => !dropped.has(name));
    const asked = ask({ agent, ...upstream, path: headers[":path"], headers: Object.fromEntries(fields) as Record<string, string> });
    asked.on("error", () => {});
    asked.on("response", (answer) => {
      if (!stream.destroyed) stream.respond({ ":status": answer.statusCode, "content-type": answer.headers["content-type"] });
      answer.on("data", (bytes: Buffer) => void (stream.destroyed || stream.write(bytes) || answer.pause()));
      stream.on("drain", () => answer.resume());
      // A stream that is gone never drains.
      stream.on("close", () => answer.resume());
      answer.on("end", () => stream.end());
      answer.on("error", () => stream.close());
    });
    stream.on("error", () => {});
    const session = stream.session as ServerHttp2Session;
    session.on("close", () => asked.destroy());
    stream.on("close", () => {
      if (stream.rstCode === 0) return;
      if (onCancel === "drops-the-upstream") asked.destroy();
      if (onCancel === "closes-the-connection") session.destroy();
    });
    asked.end();
  });
  server.on("sessionError", () => {});
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    server,
    address: { host: "127.0.0.1", port: (server.address() as AddressInfo).port },
    [Symbol.asyncDispose]: async () => {
      agent.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};
