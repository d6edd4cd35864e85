// A response that the lab caused is no finding: real hops that cannot work with the scripted upstream, and some that can.
import { createServer, request as ask } from "node:http";
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { connect as connectTls } from "node:tls";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { decodeCase } from "../../../harness/decode/exchanges.ts";
import { openLab } from "../../../harness/lab/lab.ts";
import type { OpenLab } from "../../../harness/lab/lab.ts";
import type { Address } from "../../../harness/lab/protocol.ts";
import { labFaultOf } from "../../../harness/model/lab-fault.ts";
import type { LabFault } from "../../../harness/model/lab-fault.ts";
import { caseOf, newToken, openTaps } from "../lab/_lab.ts";
import type { CaseShape } from "../lab/_lab.ts";

let lab: OpenLab;
const closing: (() => void)[] = [];
beforeAll(async () => {
  lab = await openLab();
});
afterAll(async () => {
  for (const close of closing) close();
  await lab[Symbol.asyncDispose]();
});

type Serve = (upstream: Address) => RequestListener;

const passOn = (upstream: Address, incoming: IncomingMessage, outgoing: ServerResponse, change: { path?: string; bare?: boolean } = {}) => {
  const { "hopwise-request": _, ...bare } = incoming.headers;
  const headers = change.bare ? bare : incoming.headers;
  const upstreams = ask({ ...upstream, path: change.path ?? incoming.url ?? "/", method: incoming.method ?? "GET", headers }, (answer) => {
    outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
    answer.on("error", () => outgoing.destroy()).pipe(outgoing);
  });
  upstreams.on("error", () => outgoing.destroy());
  incoming.pipe(upstreams);
};

const tls: Serve = (upstream) => (incoming, outgoing) => {
  incoming.resume();
  connectTls({ ...upstream, rejectUnauthorized: false }).on("error", () => outgoing.writeHead(502).end("bad gateway"));
};
const http2: Serve = (upstream) => (incoming, outgoing) => {
  const { connect } = process.getBuiltinModule("node:http2");
  connect(`http://${upstream.host}:${upstream.port}`).on("error", () => outgoing.writeHead(502).end("bad gateway"));
  incoming.resume();
};

const whole: CaseShape = { steps: [{ do: "headers" }, { do: "write", records: 2, everyMs: 10 }, { do: "end" }], recordBytes: [100, 100] };

const faultWith = async (
  serve: Serve,
  shape: CaseShape = whole,
  scripted: string[] | null = ["web:8000"],
  secrets: string[] = [],
): Promise<LabFault | null> => {
  const taps = await openTaps(lab.do, [
    async (upstream) => {
      const server = createServer(serve(upstream));
      closing.push(() => server.close().closeAllConnections());
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      return { host: "127.0.0.1", port: (server.address() as AddressInfo).port };
    },
  ]);
  const [trialCase, token] = [caseOf(shape), newToken()];
  const recording = await lab.do("run-case", { case: trialCase, token, taps });
  const decoded = await decodeCase(trialCase, token, recording, [], { linkOfTap: (tap) => tap, linkOfProbe: () => -1 });
  const links = ["origin", "proxy", "client"]
    .slice(1)
    .map((to, at) => ({ from: at === 0 ? "origin" : "proxy", to, level: "decoded" as const }));
  return labFaultOf({ links, cases: [decoded] }, scripted, secrets);
};

describe("a response that the lab caused", () => {
  it.each<[what: string, serve: Serve, kind: LabFault["kind"], says: RegExp]>([
    [
      "TLS to the scripted upstream",
      tls,
      "protocol",
      /\(web:8000\) speaks plain HTTP\/1, .*saw a TLS handshake from proxy [\d.]+ ms after .*: proxy answered 502$/,
    ],
    ["HTTP/2 to it", http2, "protocol", /saw the preface of HTTP\/2 from proxy/],
    [
      "a request without the mark",
      (upstream) => (incoming, outgoing) => passOn(upstream, incoming, outgoing, { path: "/fixed", bare: true }),
      "mark",
      /^the request reached the scripted upstream \(web:8000\) without the mark of its trial .*saw GET \/fixed [\d.]+ ms after the client's request, and proxy answered 404$/,
    ],
    [
      "nothing that reaches it",
      () => (_, outgoing) => outgoing.writeHead(502).end("no route"),
      "unreached",
      /^proxy answered 502, and nothing of the request reached/,
    ],
    [
      "nor after a while",
      () => (_, outgoing) => setTimeout(() => outgoing.writeHead(504).end("too late"), 30),
      "unreached",
      /^proxy answered 504, /,
    ],
  ])("%s", async (_, serve, kind, says) => {
    expect(await faultWith(serve)).toEqual({ kind, says: expect.stringMatching(says) });
  });

  it("is shown without the signature of the request", async () => {
    const secret = "CAbn3uEmj1ZaMi0I8zpcQQ";
    const serve: Serve = (upstream) => (incoming, outgoing) =>
      passOn(upstream, incoming, outgoing, { path: `/fixed?md5=${secret}&e=1`, bare: true });
    expect((await faultWith(serve, whole, ["web:8000"], [secret]))?.says).toContain("saw GET /fixed?md5=…&e=1 ");
  });

  it("an answer to the lab's response with another status", async () => {
    const serve: Serve = (upstream) => (incoming, outgoing) => {
      incoming.resume();
      ask({ ...upstream, path: "/fixed" }, (answer) => {
        answer.resume();
        outgoing.writeHead(500).end(`a page in place of ${answer.statusCode}`);
      }).end();
    };
    expect(await faultWith(serve)).toMatchObject({ kind: "mark", says: expect.stringContaining("proxy answered 500") });
  });

  it("several clients that cannot be distinguished", async () => {
    const serve: Serve = (upstream) => (incoming, outgoing) => passOn(upstream, incoming, outgoing, { bare: true });
    // Neither by their mark nor by their bodies.
    const serveOther: Serve = (upstream) => (incoming, outgoing) => {
      ask({ ...upstream, path: incoming.url ?? "/" }, (answer) => answer.resume().on("end", () => outgoing.end("another body"))).end();
    };
    expect(await faultWith(serve, { ...whole, clients: [{}, {}, {}] })).toBeNull();
    expect(await faultWith(serveOther, { ...whole, clients: [{}, {}, {}] })).toMatchObject({
      kind: "mark",
      says: expect.stringMatching(
        /^the requests of 3 clients cannot be distinguished: .* GET \/stream\?hopwise=\w+ without the header field hopwise-request/,
      ),
    });
    // One alone needs no number.
    expect(await faultWith(serve)).toBeNull();
  });
});

describe("a response that is the hop's own", () => {
  it.each<[what: string, serve: Serve, scripted: string[] | null]>([
    ["a stream that passes", (upstream) => (incoming, outgoing) => passOn(upstream, incoming, outgoing), ["web:8000"]],
    ["a refusal", () => (_, outgoing) => outgoing.writeHead(429).end("too many"), ["web:8000"]],
    ["an error of its own", () => (_, outgoing) => outgoing.writeHead(500).end("broken"), ["web:8000"]],
    // With a given upstream the fault is the hop's.
    ["502 with a given upstream", () => (_, outgoing) => outgoing.writeHead(502).end("no route"), null],
    [
      "502 although the upstream was asked",
      (upstream) => (incoming, outgoing) => {
        incoming.resume();
        const upstreams = ask({ ...upstream, path: incoming.url ?? "/", headers: incoming.headers }, (answer) => {
          answer.on("error", () => {}).destroy();
          outgoing.writeHead(502).end("bad gateway");
        });
        upstreams.on("error", () => {}).end();
      },
      ["web:8000"],
    ],
  ])("%s", async (_, serve, scripted) => {
    expect(await faultWith(serve, whole, scripted)).toBeNull();
  });

  it("a refusal while something else speaks TLS to the upstream at the same time", async () => {
    const serve: Serve = (upstream) => (incoming, outgoing) => {
      incoming.resume();
      connectTls({ ...upstream, rejectUnauthorized: false }).on("error", () => outgoing.writeHead(403).end("not for you"));
    };
    expect(await faultWith(serve)).toBeNull();
  });
});
