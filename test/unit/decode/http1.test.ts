import { describe, expect, it } from "vitest";
import { headerValue, type Http1Parser, type MessageEvent, requestParser, responseParser } from "../../../harness/decode/http1.ts";

/** Content as text, so that a whole exchange is readable as one list. */
function told(parser: Http1Parser, wire: string, options: { close: boolean }): string[] {
  const events = parser.push(Buffer.from(wire, "latin1"));
  if (options.close) events.push(...parser.close());
  return events.map(line);
}

function line(event: MessageEvent): string {
  switch (event.kind) {
    case "interim":
      return `interim ${event.head.status} @${event.offset}`;
    case "head": {
      const name = "status" in event.head ? `${event.head.status}` : `${event.head.method} ${event.head.target}`;
      return `head ${name} ${event.framing} ${event.contentLength} @${event.offset}`;
    }
    case "content":
      return `content ${Buffer.from(event.bytes).toString("latin1")} @${event.offset}`;
    case "trailers":
      return `trailers ${event.headers.map(({ name, value }) => `${name}=${value}`).join()} @${event.offset}`;
    case "end":
      return `end @${event.offset}`;
    case "problem":
      return `problem @${event.offset}: ${event.problem}`;
    case "excess":
      return `excess ${event.bytes} @${event.offset}`;
  }
}

const response = (wire: string, method = "GET"): string[] => told(responseParser({ method }), wire, { close: true });
const requests = (wire: string): string[] => told(requestParser(), wire, { close: true });
const OK = "HTTP/1.1 200 OK\r\n";
const CHUNKED = `${OK}Transfer-Encoding: chunked\r\n\r\n`;

describe("a legal response", () => {
  it.each<[string, string, string[]]>([
    ["with Content-Length", `${OK}Content-Length: 3\r\n\r\nabc`, ["head 200 content-length 3 @38", "content abc @41", "end @41"]],
    ["with Content-Length 0", `${OK}Content-Length: 0\r\n\r\n`, ["head 200 content-length 0 @38", "end @38"]],
    ["with leading zeros", `${OK}Content-Length: 003\r\n\r\nabc`, ["head 200 content-length 3 @40", "content abc @43", "end @43"]],
    [
      "with the same Content-Length twice",
      `${OK}Content-Length: 1\r\nContent-Length: 1\r\n\r\na`,
      ["head 200 content-length 1 @57", "content a @58", "end @58"],
    ],
    [
      "with a list of one Content-Length",
      `${OK}Content-Length: 1 , 1\r\n\r\na`,
      ["head 200 content-length 1 @42", "content a @43", "end @43"],
    ],
    ["ended by close", `${OK}\r\nabc`, ["head 200 close null @19", "content abc @22", "end @22"]],
    ["ended by close, empty", `${OK}\r\n`, ["head 200 close null @19", "end @19"]],
    ["of HTTP/1.0", "HTTP/1.0 404 Not Found\r\n\r\nx", ["head 404 close null @26", "content x @27", "end @27"]],
    ["without a reason", "HTTP/1.1 200 \r\nContent-Length: 0\r\n\r\n", ["head 200 content-length 0 @36", "end @36"]],
    ["of a status beyond 599", "HTTP/1.1 999 Denied\r\nContent-Length: 0\r\n\r\n", ["head 999 content-length 0 @42", "end @42"]],
    ["that is 204", "HTTP/1.1 204 No Content\r\n\r\n", ["head 204 none null @27", "end @27"]],
    ["that is 304 with a length", "HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n", ["head 304 none 9 @48", "end @48"]],
    [
      "with interim ones before",
      `HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n${OK}Content-Length: 0\r\n\r\n`,
      ["interim 100 @25", "interim 103 @65", "head 200 content-length 0 @103", "end @103"],
    ],
    [
      "that switches protocols",
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n\0\n",
      ["head 101 tunnel null @48", "content \0\n @50", "end @50"],
    ],
    [
      "in chunks",
      `${CHUNKED}1\r\na\r\nA\r\n0123456789\r\n0\r\n\r\n`,
      ["head 200 chunked null @47", "content a @51", "content 0123456789 @66", "end @73"],
    ],
    [
      "in chunks with extensions",
      `${CHUNKED}01;a;b=c;d="\\"e;"\r\nx\r\n0 ; last\r\n\r\n`,
      ["head 200 chunked null @47", "content x @67", "end @81"],
    ],
    ["in chunks with trailers", `${CHUNKED}0\r\nA: 1\r\nB:\r\n\r\n`, ["head 200 chunked null @47", "trailers A=1,B= @62", "end @62"]],
    ["with coding in another case", `${OK}transfer-encoding:  Chunked \r\n\r\n0\r\n\r\n`, ["head 200 chunked null @49", "end @54"]],
    [
      "with bytes behind it",
      `${OK}Content-Length: 1\r\n\r\naHTTP`,
      ["head 200 content-length 1 @38", "content a @39", "end @39", "excess 4 @43"],
    ],
    [
      "204 with chunks behind it",
      "HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      ["head 204 none null @55", "end @55", "excess 5 @60"],
    ],
  ])("%s", (_, wire, events) => expect(response(wire)).toEqual(events));

  it("has no body to HEAD, whatever it declares", () => {
    expect(response(`${OK}Content-Length: 5\r\n\r\n`, "HEAD")).toEqual(["head 200 none 5 @38", "end @38"]);
    expect(response(CHUNKED, "HEAD")).toEqual(["head 200 none null @47", "end @47"]);
    expect(response(`${OK}\r\nabc`, "HEAD")).toEqual(["head 200 none null @19", "end @19", "excess 3 @22"]);
  });

  it("to CONNECT is a tunnel if it succeeds", () => {
    expect(response(`${OK}Content-Length: 0\r\n\r\nraw`, "CONNECT")).toEqual(["head 200 tunnel null @38", "content raw @41", "end @41"]);
    expect(response("HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n", "CONNECT")).toEqual(["head 403 content-length 0 @38", "end @38"]);
  });

  it("keeps names, order and bytes of its headers", () => {
    const [head] = responseParser({ method: "GET" }).push(Buffer.from(`${OK}X-A:\t one\xa0 \r\nx-a: two\r\nB: \r\n\r\n`, "latin1"));
    expect(head).toMatchObject({
      head: {
        version: "1.1",
        reason: "OK",
        bytes: 47,
        headers: [
          { name: "X-A", value: "one\xa0" },
          { name: "x-a", value: "two" },
          { name: "B", value: "" },
        ],
      },
    });
  });
});

describe("a malformed response", () => {
  it.each<[string, string, string]>([
    ["HTTP/2", "HTTP/2 200\r\n\r\n", "@6: byte 0x32, which no HTTP/1 status line has there, at byte 5"],
    ["ICY", "ICY 200 OK\r\n\r\n", "@1: byte 0x49, which no HTTP/1 status line has there, at byte 0"],
    ["an empty line first", `\r\n${OK}\r\n`, "@1: byte 0x0d, which no HTTP/1 status line has there, at byte 0"],
    ["HTTP/1.2", "HTTP/1.2 200 OK\r\n\r\n", '@17: status line "HTTP/1.2 200 OK" that is not'],
    ["no space behind the status", "HTTP/1.1 200\r\n\r\n", '@14: status line "HTTP/1.1 200" that is not'],
    ["two digits", "HTTP/1.1 20 OK\r\n\r\n", '@16: status line "HTTP/1.1 20 OK" that is not'],
    ["four digits", "HTTP/1.1 2000 OK\r\n\r\n", '@18: status line "HTTP/1.1 2000 OK" that is not'],
    ["status 099", "HTTP/1.1 099 OK\r\n\r\n", '@17: status line "HTTP/1.1 099 OK" that is not'],
    ["two spaces", "HTTP/1.1  200 OK\r\n\r\n", '@18: status line "HTTP/1.1  200 OK" that is not'],
    ["NUL in the reason", "HTTP/1.1 200 O\0K\r\n\r\n", '@18: status line "HTTP/1.1 200 O\\u0000K" that is not'],
    ["bare LF behind the status line", "HTTP/1.1 200 OK\n\n", "@16: bare LF in the head at byte 15"],
    ["bare LF behind a header", `${OK}A: b\n\r\n`, "@22: bare LF in the head at byte 21"],
    ["bare LF as the empty line", `${OK}A: b\r\n\n`, "@24: bare LF in the head at byte 23"],
    ["bare CR in a value", `${OK}A: b\rc\r\n\r\n`, '@25: control character 0x0d in header "A" at byte 21'],
    ["NUL in a value", `${OK}A: \0\r\n\r\n`, '@23: control character 0x00 in header "A" at byte 20'],
    ["DEL in a value", `${OK}A: \x7f\r\n\r\n`, '@23: control character 0x7f in header "A" at byte 20'],
    ["a space before the colon", `${OK}A : b\r\n\r\n`, '@24: whitespace before the colon of header "A " at byte 18'],
    ["a folded line", `${OK}A: b\r\n c\r\n\r\n`, "@27: folded header line (obs-fold) at byte 23"],
    ["a folded first line", `${OK} A: b\r\n\r\n`, "@24: folded header line (obs-fold) at byte 17"],
    ["no colon", `${OK}Nothing\r\n\r\n`, '@26: header line "Nothing" without a colon at byte 17'],
    ["an empty name", `${OK}: b\r\n\r\n`, '@22: header name "" that is not a token at byte 17'],
    ["a name with a slash", `${OK}A/B: b\r\n\r\n`, '@25: header name "A/B" that is not a token at byte 17'],
    ["a name beyond ASCII", `${OK}\xc4: b\r\n\r\n`, '@23: header name "Ä" that is not a token at byte 17'],
    [
      "Transfer-Encoding beside Content-Length",
      `${OK}Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n`,
      '@66: doubled framing, Transfer-Encoding "chunked" beside Content-Length 1, in the head that ends at byte 66',
    ],
    ["gzip, chunked", `${OK}Transfer-Encoding: gzip, chunked\r\n\r\n`, '@53: Transfer-Encoding "gzip, chunked" instead of "chunked"'],
    [
      "chunked twice in a list",
      `${OK}Transfer-Encoding: chunked, chunked\r\n\r\n`,
      '@56: Transfer-Encoding "chunked, chunked" instead of "chunked"',
    ],
    [
      "chunked twice in two headers",
      `${OK}Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n`,
      '@75: Transfer-Encoding "chunked, chunked" instead of "chunked"',
    ],
    ["identity", `${OK}Transfer-Encoding: identity\r\n\r\n`, '@48: Transfer-Encoding "identity" instead of "chunked"'],
    ["an empty Transfer-Encoding", `${OK}Transfer-Encoding:\r\n\r\n`, '@39: Transfer-Encoding "" instead of "chunked"'],
    [
      "Transfer-Encoding of HTTP/1.0",
      "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
      '@47: Transfer-Encoding "chunked" in an HTTP/1.0 message',
    ],
    [
      "differing Content-Length",
      `${OK}Content-Length: 1\r\nContent-Length: 2\r\n\r\n`,
      '@57: differing or invalid Content-Length values "1, 2"',
    ],
    ["a signed Content-Length", `${OK}Content-Length: +1\r\n\r\n`, '@39: invalid Content-Length "+1"'],
    ["a negative Content-Length", `${OK}Content-Length: -1\r\n\r\n`, '@39: invalid Content-Length "-1"'],
    ["an empty Content-Length", `${OK}Content-Length:\r\n\r\n`, '@36: invalid Content-Length ""'],
    ["a hexadecimal Content-Length", `${OK}Content-Length: 0x1\r\n\r\n`, '@40: invalid Content-Length "0x1"'],
    ["a Content-Length beyond 2^53", `${OK}Content-Length: 9007199254740992\r\n\r\n`, '@53: invalid Content-Length "9007199254740992"'],
    [
      "doubled framing to an interim response",
      "HTTP/1.1 103 X\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
      "@65: doubled framing",
    ],
    ["no chunk size", `${CHUNKED}\r\n`, "@48: byte 0x0d instead of a hexadecimal chunk size at byte 47"],
    ["content without chunks", `${CHUNKED}hello`, "@48: byte 0x68 instead of a hexadecimal chunk size at byte 47"],
    ["a signed chunk size", `${CHUNKED}+1\r\n`, "@48: byte 0x2b instead of a hexadecimal chunk size"],
    ["0x before the chunk size", `${CHUNKED}0x1\r\n`, "@49: byte 0x78 inside the chunk size at byte 48"],
    ["bare LF after the chunk size", `${CHUNKED}1\na\r\n`, "@49: bare LF after the chunk size at byte 48"],
    ["CR alone after the chunk size", `${CHUNKED}1\ra\r\n`, "@50: byte 0x61 instead of LF after the chunk size at byte 49"],
    ["spaces after the chunk size", `${CHUNKED}1 \r\na\r\n`, "@51: invalid chunk extension, whose line ends at byte 51"],
    ["bare LF behind an extension", `${CHUNKED}1;a\na\r\n`, "@51: bare LF in the chunk extension at byte 50"],
    ["bare CR in an extension", `${CHUNKED}1;a="\r"\r\n`, "@56: invalid chunk extension"],
    ["an extension without an end", `${CHUNKED}1;${"a".repeat(5000)}`, "@4144: chunk extension longer than 4096 bytes at byte 4144"],
    ["too many digits", `${CHUNKED}${"0".repeat(17)}\r\n`, "@64: chunk size of more than 16 digits or 2^53 bytes"],
    ["a chunk size beyond 2^53", `${CHUNKED}20000000000000\r\n`, "@61: chunk size of more than 16 digits or 2^53 bytes"],
    ["a bad trailer", `${CHUNKED}0\r\nA\r\n\r\n`, '@53: header line "A" without a colon at byte 50'],
    ["framing in a trailer", `${CHUNKED}0\r\ncontent-length: 1\r\n\r\n`, "@69: content-length in the trailer section at byte 50"],
    ["bare LF as the end of the trailers", `${CHUNKED}0\r\n\n`, "@51: bare LF in the trailer section at byte 50"],
    ["a head without an end", `${OK}A: ${"a".repeat(300_000)}`, "@262144: head longer than 262144 bytes"],
    ["trailers without an end", `${CHUNKED}0\r\nA: ${"a".repeat(300_000)}`, "@262194: trailer section longer than 262144 bytes"],
  ])("%s", (_, wire, problem) => {
    expect(response(wire).at(-1)).toContain(`problem ${problem}`);
    const parser = responseParser({ method: "GET" });
    parser.push(Buffer.from(wire, "latin1"));
    expect(parser.state).toBe("broken");
    expect([...parser.push(Buffer.from(OK)), ...parser.close()]).toEqual([]);
    expect(parser.offset).toBe(wire.length + OK.length);
  });

  it("gives out what came before the fault", () => {
    expect(response(`${CHUNKED}3\r\nabc4\r\n`).slice(1)).toEqual([
      "content abc @53",
      "problem @54: byte 0x34 instead of CRLF after the chunk data at byte 53",
    ]);
    expect(response(`${CHUNKED}3\r\nabc\n`).slice(1)).toEqual([
      "content abc @53",
      "problem @54: byte 0x0a instead of CRLF after the chunk data at byte 53",
    ]);
  });
});

describe("a response that is cut", () => {
  it.each<[string, string]>([
    ["", "closed before the response at byte 0"],
    ["HTTP/1", "closed inside the status line at byte 6"],
    [OK, "closed inside the header section of the response at byte 17"],
    [`${OK}A: b`, "closed inside the header section of the response at byte 21"],
    ["HTTP/1.1 103 Early\r\n\r\n", "closed after 1 interim response, before the final one, at byte 22"],
    [`${OK}Content-Length: 5\r\n\r\nabc`, "closed inside the body, 3 of 5 bytes of Content-Length, at byte 41"],
    [CHUNKED, "closed inside the chunked body, no last chunk, at byte 47"],
    [`${CHUNKED}5\r\nabc`, "closed inside the chunked body, 3 of 5 bytes into a chunk, no last chunk, at byte 53"],
    [`${CHUNKED}3\r\nabc\r\n`, "closed inside the chunked body, no last chunk, at byte 55"],
    [`${CHUNKED}0\r\n`, "closed inside the trailer section of the chunked body at byte 50"],
  ])("%j", (wire, problem) => {
    expect(response(wire).at(-1)).toBe(`problem @${wire.length}: ${problem}`);
  });

  it("tells it once", () => {
    const parser = responseParser({ method: "GET" });
    expect(parser.close()).toHaveLength(1);
    expect(parser.close()).toEqual([]);
    expect(parser.push(Buffer.from(OK))).toEqual([]);
  });
});

describe("requests", () => {
  const GET = "GET /a?b HTTP/1.1\r\nHost: x\r\n\r\n";
  it.each<[string, string, string[]]>([
    ["none", "", []],
    ["one", GET, ["head GET /a?b none null @30", "end @30"]],
    [
      "two, one with a length",
      `POST / HTTP/1.0\r\nContent-Length: 1\r\n\r\na${GET}`,
      ["head POST / content-length 1 @38", "content a @39", "end @39", "head GET /a?b none null @69", "end @69"],
    ],
    [
      "in chunks, then another",
      `PUT * HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\nT: x\r\n\r\n${GET}`,
      ["head PUT * chunked null @46", "content a @50", "trailers T=x @63", "end @63", "head GET /a?b none null @93", "end @93"],
    ],
    ["an empty line before", `\r\n${GET}`, ["head GET /a?b none null @32", "end @32"]],
    ["a tunnel", "CONNECT a:1 HTTP/1.1\r\n\r\n\x16\x03", ["head CONNECT a:1 tunnel null @24", "content \x16\x03 @26", "end @26"]],
  ])("%s", (_, wire, events) => expect(requests(wire)).toEqual(events));

  it.each<[string, string, string]>([
    ["a TLS handshake", "\x16\x03\x01", "problem @1: byte 0x16, which no HTTP/1 request line has there, at byte 0"],
    ["two empty lines", `\r\n\r\n${GET}`, 'problem @4: request line "" that is not'],
    ["the preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 'problem @16: request line "PRI * HTTP/2.0" that is not'],
    ["HTTP/0.9", "GET /\r\n", 'problem @7: request line "GET /" that is not'],
    ["a space in the target", "GET /a b HTTP/1.1\r\n\r\n", 'problem @19: request line "GET /a b HTTP/1.1" that is not'],
    ["a target beyond ASCII", "GET /\xe4 HTTP/1.1\r\n\r\n", 'problem @17: request line "GET /ä HTTP/1.1" that is not'],
    ["a method that is no token", "G(T / HTTP/1.1\r\n\r\n", 'problem @16: request line "G(T / HTTP/1.1" that is not'],
    ["bare LF", "GET / HTTP/1.1\n\n", "problem @15: bare LF in the head at byte 14"],
    [
      "Transfer-Encoding of HTTP/1.0",
      "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n",
      'problem @47: Transfer-Encoding "chunked" in an HTTP/1.0 message',
    ],
    ["doubled framing", "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n", "problem @66: doubled framing"],
    ["a cut request line", "GET /", "problem @5: closed inside the request line at byte 5"],
    ["a cut head", "GET / HTTP/1.1\r\n", "problem @16: closed inside the header section of the request at byte 16"],
  ])("problem: %s", (_, wire, problem) => expect(requests(wire).at(-1)).toContain(problem));

  it("have no head larger than 256 kB each, but any number of them", () => {
    expect(requests(GET.repeat(20_000)).at(-1)).toBe("end @600000");
  });
});

it("tells its state", () => {
  const parser = responseParser({ method: "GET" });
  const states = ["HTTP/1.1 2", "00 OK\r\nTransfer-", "Encoding: chunked\r\n\r\n", "0\r\nA: 1\r\n", "\r\n"].map((piece) => {
    parser.push(Buffer.from(piece));
    return parser.state;
  });
  expect(states).toEqual(["start-line", "headers", "body", "body", "done"]);
});

it("hands out views of the pushed bytes, not copies", () => {
  const parser = responseParser({ method: "GET" });
  parser.push(Buffer.from(`${OK}\r\n`));
  const pushed = new Uint8Array(1_000_000);
  const [event] = parser.push(pushed);
  expect(event?.kind === "content" && event.bytes.buffer === pushed.buffer).toBe(true);
});

describe("stays linear", () => {
  it.each<[string, string, number]>([
    ["a long value of spaces", `${OK}A: b${" ".repeat(200_000)}c\r\n\r\n`, 1],
    ["a megabyte of content, byte by byte", `${OK}\r\n${"x".repeat(1_000_000)}`, 1],
    ["chunks of one byte", `${CHUNKED}${"1\r\nx\r\n".repeat(100_000)}0\r\n\r\n`, 1_000_000],
    ["extensions full of spaces", `${CHUNKED}${`1;a${" ".repeat(4000)}=b\r\nx\r\n`.repeat(100)}0\r\n\r\n`, 1_000_000],
  ])("%s", (_, wire, piece) => {
    const bytes = Buffer.from(wire);
    const parser = responseParser({ method: "GET" });
    const start = performance.now();
    const problems: MessageEvent[] = [];
    for (let i = 0; i < bytes.length; i += piece) {
      for (const event of parser.push(bytes.subarray(i, i + piece))) if (event.kind === "problem") problems.push(event);
    }
    expect(problems).toEqual([]);
    // A quadratic scan takes minutes.
    expect(performance.now() - start).toBeLessThan(3000);
  });
});

it("joins header values in any case", () => {
  const headers = [
    { name: "A", value: "1" },
    { name: "B", value: "2" },
    { name: "a", value: "3" },
  ];
  expect([headerValue(headers, "a"), headerValue(headers, "b"), headerValue(headers, "c")]).toEqual(["1, 3", "2", null]);
});
