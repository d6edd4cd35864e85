// All endings of responses over TLS and HTTP/2: from the wire to the recording and the trace.
import { constants, createSecureServer, type ServerHttp2Stream } from "node:http2";
import { createServer as createPlain, type Socket } from "node:net";
import { connect as connectTls, createServer as createTls, type Server as TlsServer } from "node:tls";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { Client } from "../../../harness/lab/client.ts";
import { decodeCase } from "../../../harness/decode/exchanges.ts";
import { selfTestClient } from "../../../harness/lab/self-test-client.ts";
import { wait } from "../../../harness/lab/wait.ts";
import { terminalOf } from "../../../harness/model/judge/terminal.ts";
import type { ClientPlan, ClientProtocol } from "../../../harness/model/script.ts";
import { pem } from "./_certificate.ts";
import { caseOf, happens, only, pause } from "./_lab.ts";

const toClose: (() => void)[] = [];
afterEach(() => {
  for (const close of toClose.splice(0).toReversed()) close();
});

/** A TLS or HTTP/2 server on plain connections whose ends can be chosen. */
const listenOn = async (server: TlsServer, onRaw: (raw: Socket) => void = () => {}): Promise<number> => {
  const front = createPlain({ noDelay: true }, (raw) => {
    raw.on("error", () => {});
    onRaw(raw);
    server.emit("connection", raw);
  });
  await new Promise<void>((resolve) => front.listen(0, "127.0.0.1", resolve));
  toClose.push(() => front.close());
  return (front.address() as AddressInfo).port;
};

/** The recording of a client of this server, and its exchange in the trace. */
const seenAt = async (port: number, protocol: ClientProtocol, plan: Partial<ClientPlan> = {}) => {
  const trialCase = caseOf({ steps: [], recordBytes: [10, 10], clients: [{ protocol, ...plan }] });
  const client = new Client({
    plan: only(trialCase.clients),
    client: 0,
    token: "abcdefgh",
    script: trialCase.script,
    target: { host: "127.0.0.1", port },
    keepBytes: 1e6,
  });
  await wait(2000, client.closed.signal);
  const [recording, own] = [await client.recording(), await client.ownRecording(0)];
  client.destroy();
  if (!own) throw new Error("It has no recording of its own");
  const all = { case: "case", startedAt: 0, endedAt: 0, connections: [own], origin: [], clients: [recording] };
  const trace = await decodeCase(trialCase, "abcdefgh", all, [], { linkOfTap: () => 0, linkOfProbe: () => -1 });
  const exchange = only(trace.exchanges);
  const { state, ...terminal } = terminalOf(exchange, trace);
  return {
    how: recording.ended?.how,
    records: recording.recordsAt.length,
    closings: own.closings.map(({ by, how, http2, closeNotify }) => ({ by, how, http2, closeNotify })),
    end: exchange.end.kind,
    terminal: "how" in terminal ? `${state}: ${terminal.how}` : state,
  };
};

describe("over TLS", () => {
  const ten = "x".repeat(10);
  const answers = {
    "ends with the connection": `HTTP/1.1 200 OK\r\n\r\n${ten}`,
    "has a length": `HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n${ten}`,
    "lacks its last chunk": `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\na\r\n${ten}\r\n`,
  };

  test.each<[answer: keyof typeof answers, end: "close_notify" | "FIN alone", how: string, kind: string, terminal: string]>([
    ["ends with the connection", "close_notify", "complete", "fin-delimited", "complete"],
    ["ends with the connection", "FIN alone", "fin", "cut-by-fin", "cut: FIN without close_notify"],
    ["has a length", "close_notify", "complete", "length", "complete"],
    ["has a length", "FIN alone", "complete", "length", "complete"],
    ["lacks its last chunk", "close_notify", "fin", "cut-by-fin", "cut: FIN inside the message"],
    ["lacks its last chunk", "FIN alone", "fin", "cut-by-fin", "cut: FIN inside the message"],
  ])("a response that %s, then %s: %s", async (answer, end, how, kind, terminal) => {
    let raw: Socket | null = null;
    const server = createTls({ key: pem, cert: pem }, (secure) => {
      secure.on("error", () => {});
      secure.once("data", () => secure.write(answers[answer], () => (end === "FIN alone" ? raw?.end() : secure.end())));
    });
    const port = await listenOn(server, (socket) => (raw = socket));
    const seen = await seenAt(port, "h1-tls");
    expect(seen).toMatchObject({ how, records: 1, end: kind, terminal });
    expect(seen.closings).toEqual([{ by: "upstream", how: "fin", ...(end === "FIN alone" ? { closeNotify: false } : {}) }]);
  });

  test("a reset is reported, also after data at the same moment", async () => {
    let raw: Socket | null = null;
    const server = createTls({ key: pem, cert: pem }, (secure) => {
      secure.on("error", () => {});
      secure.once("data", () => secure.write(answers["ends with the connection"], () => setTimeout(() => raw?.resetAndDestroy(), 5)));
    });
    const seen = await seenAt(await listenOn(server, (socket) => (raw = socket)), "h1-tls");
    expect(seen).toMatchObject({ how: "reset", records: 1, terminal: "cut: RST", closings: [{ by: "upstream", how: "reset" }] });
  });

  test("node:tls reports both ends alike, so the client reads the layer below", async () => {
    const ends: string[] = [];
    for (const isAnnounced of [true, false]) {
      let raw: Socket | null = null;
      const server = createTls({ key: pem, cert: pem }, (secure) => {
        secure.on("error", () => {});
        secure.write("x", () => (isAnnounced ? secure.end() : raw?.end()));
      });
      const port = await listenOn(server, (socket) => (raw = socket));
      const secure = connectTls({ port, host: "127.0.0.1", rejectUnauthorized: false });
      secure.resume();
      await happens(secure, "end");
      ends.push("end");
    }
    expect(ends).toEqual(["end", "end"]);
  });
});

describe("over HTTP/2", () => {
  const { NGHTTP2_ENHANCE_YOUR_CALM: calm, NGHTTP2_INTERNAL_ERROR: internal, NGHTTP2_NO_ERROR: noError } = constants;
  const part = (stream: ServerHttp2Stream): Promise<void> =>
    new Promise((resolve) => {
      stream.respond({ ":status": 200 });
      stream.write("x".repeat(10), () => resolve());
    });
  interface Parts {
    stream: ServerHttp2Stream;
    raw: Socket;
  }
  const serving = async (answer: (parts: Parts) => unknown, plan: Partial<ClientPlan> = {}) => {
    let raw: Socket | null = null;
    const server = createSecureServer({ key: pem, cert: pem });
    server.on("sessionError", () => {});
    server.on("stream", (stream) => {
      stream.on("error", () => {});
      void answer({ stream, raw: raw as unknown as Socket });
    });
    const port = await listenOn(server, (socket) => (raw = socket));
    return seenAt(port, "h2", plan);
  };

  test("END_STREAM is a complete response", async () => {
    const seen = await serving(async ({ stream }) => {
      await part(stream);
      stream.end();
    });
    expect(seen).toMatchObject({ how: "complete", records: 1, closings: [], end: "last-chunk", terminal: "complete" });
  });

  test("END_STREAM on the header section is a response without a body", async () => {
    const seen = await serving(({ stream }) => stream.respond({ ":status": 204 }, { endStream: true }));
    expect(seen).toMatchObject({ how: "complete", end: "no-body", terminal: "complete" });
  });

  test("RST_STREAM(NO_ERROR) after END_STREAM is legal: the server wants no more of the request", async () => {
    const upload = { pieces: 50, pieceBytes: 10, everyMs: 20 };
    const seen = await serving(
      async ({ stream }) => {
        await part(stream);
        stream.end(() => stream.close(noError));
      },
      { method: "POST", upload },
    );
    expect(seen).toMatchObject({ how: "complete", records: 1, closings: [], terminal: "complete" });
  });

  test("END_STREAM is a complete response even if the server meant to abort: node:http2 sends it in close(INTERNAL_ERROR)", async () => {
    const seen = await serving(async ({ stream }) => {
      await part(stream);
      stream.close(internal);
    });
    expect(seen).toMatchObject({ how: "complete", end: "last-chunk", terminal: "complete" });
  });

  test("RST_STREAM before END_STREAM is a truncation, and the data before it counts", async () => {
    const seen = await serving(async ({ stream }) => {
      await part(stream);
      stream.destroy(new Error("as planned"));
    });
    expect(seen).toMatchObject({
      how: "reset",
      records: 1,
      end: "cut-by-reset",
      terminal: "cut: RST_STREAM(INTERNAL_ERROR) before END_STREAM",
    });
    expect(seen.closings).toEqual([{ by: "upstream", how: "reset", http2: { frame: "RST_STREAM", code: "INTERNAL_ERROR" } }]);
  });

  test("RST_STREAM before a header section is no response", async () => {
    const seen = await serving(({ stream }) => stream.close(internal));
    expect(seen).toMatchObject({ how: "reset", records: 0, terminal: "no-response: RST_STREAM(INTERNAL_ERROR) before END_STREAM" });
  });

  test.each([
    [noError, "fin", "cut-by-fin", "GOAWAY(NO_ERROR)"],
    [calm, "reset", "cut-by-reset", "GOAWAY(ENHANCE_YOUR_CALM)"],
  ])("GOAWAY with code %d and the end of the connection before END_STREAM is a cut", async (code, how, end, words) => {
    const seen = await serving(async ({ stream, raw }) => {
      await part(stream);
      stream.session?.goaway(code);
      await pause(20);
      raw.end();
    });
    expect(seen).toMatchObject({ how, records: 1, end, terminal: `cut: ${words} before END_STREAM` });
  });

  test.each([
    ["FIN", "fin", "cut: FIN inside the message"],
    ["RST", "reset", "cut: RST"],
  ])("%s before END_STREAM is a cut", async (sign, how, terminal) => {
    const seen = await serving(async ({ stream, raw }) => {
      await part(stream);
      await pause(20);
      if (sign === "FIN") raw.end();
      else raw.resetAndDestroy();
    });
    // Whether FIN was announced says nothing here.
    expect(seen).toMatchObject({ how, records: 1, terminal, closings: [{ by: "upstream", how }] });
  });
});

test("the lab proves all of this for its own client at its start", async () => {
  expect(await selfTestClient()).toEqual([]);
});
