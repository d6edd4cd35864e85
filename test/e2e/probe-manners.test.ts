// `hopwise probe` and applications that it does not know: what it can conclude, bad input, and its manners.
import { EventEmitter, once } from "node:events";
import { createServer, Server as HttpServer } from "node:http";
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { createServer as createSecureServer, Server as HttpsServer } from "node:https";
import { createServer as createTcpServer } from "node:net";
import type { AddressInfo, Server } from "node:net";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ProbeReport } from "../../harness/report/probe-report.ts";
import { pem } from "../unit/lab/_certificate.ts";
import { hopwise, startHopwise } from "./_cli.ts";

const opened: Server[] = [];
const listening = async (server: Server): Promise<number> => {
  opened.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
};

const events = { "content-type": "text/event-stream" };
/** `batch` events at a time. */
const stream = (response: ServerResponse, { everyMs, batch, count }: { everyMs: number; batch: number; count: number }): void => {
  response.writeHead(200, events).flushHeaders();
  let sent = 0;
  const timer = setInterval(() => {
    response.write(Array.from({ length: batch }, (_, index) => `data: ${sent + index}\n\n`).join(""));
    sent += batch;
    if (sent < count) return;
    clearInterval(timer);
    response.end();
  }, everyMs);
  response.on("close", () => clearInterval(timer));
};

const seen: { request: IncomingMessage; body: Promise<string> }[] = [];
const requests = new EventEmitter();
let [open, mostOpen] = [0, 0];

const routes: Record<string, RequestListener> = {
  "/one-by-one": (_, response) => stream(response, { everyMs: 150, batch: 1, count: 8 }),
  "/batches": (_, response) => stream(response, { everyMs: 600, batch: 6, count: 18 }),
  "/endless": (_, response) => stream(response, { everyMs: 100, batch: 1, count: Infinity }),
  "/flood": (_, response) => {
    const timer = setInterval(() => response.write("x".repeat(100_000)), 10);
    response.on("close", () => clearInterval(timer));
  },
  "/page": (_, response) => void response.writeHead(200, { "content-type": "text/html", "set-cookie": "id=topsecret" }).end("<p>hello</p>"),
  "/redirect": (_, response) => void response.writeHead(307, { location: "/one-by-one" }).end(),
  "/loop": (_, response) => void response.writeHead(302, { location: "/loop" }).end(),
  "/elsewhere": (_, response) => void response.writeHead(302, { location: `http://localhost:${elsewherePort}/x?token=topsecret` }).end(),
  "/silent": () => {},
  "/forbidden": (_, response) => void response.writeHead(403).end("no"),
};

let base = "";
let elsewherePort = 0;
let elsewhereAsked = 0;
let securePort = 0;
let mutePort = 0;
beforeAll(async () => {
  const server = createServer((request, response) => {
    seen.push({ request, body: text(request) });
    requests.emit("request");
    (routes[request.url ?? ""] ?? routes["/forbidden"])?.(request, response);
  });
  server.on("connection", (socket) => {
    mostOpen = Math.max(mostOpen, ++open);
    socket.on("close", () => open--);
  });
  base = `http://127.0.0.1:${await listening(server)}`;
  elsewherePort = await listening(createServer((_, response) => void (elsewhereAsked++, response.end())));
  securePort = await listening(
    createSecureServer({ key: pem, cert: pem }, (_, response) => stream(response, { everyMs: 150, batch: 1, count: 5 })),
  );
  mutePort = await listening(createTcpServer((socket) => void socket.end()));
});
afterAll(() => {
  for (const server of opened) {
    server.close();
    if (server instanceof HttpServer || server instanceof HttpsServer) server.closeAllConnections();
  }
});

describe("an unknown application", () => {
  it("that streams one by one", async () => {
    const { code, out } = await hopwise(["probe", `${base}/one-by-one`]);
    expect(code).toBe(0);
    expect(out).toMatch(/✓ 8 events arrived one by one, every 1\d\d ms in the median/);
  });

  it("that writes in batches looks like a hop that holds, and both are said", async () => {
    const { code, out } = await hopwise(["probe", `${base}/batches`]);
    expect(code).toBe(1);
    expect(out.replaceAll(/\s+/g, " ")).toMatch(
      /✗ 6 events arrived (?:at once|within [\d.]+ ms) after 6\d\d ms of silence, and 2 more such clumps, 18 of 18 events in all: held on the way to you, or sent that way by the application/,
    );
    expect(out).toMatch(/^next +--origin <url> compares/m);
  });

  it("that is compared with itself is what makes the batches", async () => {
    const { code, out } = await hopwise(["probe", `${base}/batches`, "--origin", `${base}/batches`, "--json"]);
    const report = JSON.parse(out) as ProbeReport;
    expect({ code, conclusions: report.conclusions }).toMatchObject({ code: 0, conclusions: [{ kind: "side", side: "origin" }] });
  });
});

describe("manners", () => {
  it("no more than the time and the bytes that it may take, and no more than four connections at a time", async () => {
    const [short, small] = await Promise.all([
      hopwise(["probe", `${base}/endless`, "--for", "1", "--json"]),
      hopwise(["probe", `${base}/flood`, "--max-bytes", "500000", "--json"]),
    ]);
    const [first] = (JSON.parse(short.out) as ProbeReport).responses;
    expect(first?.end).toMatchObject({ how: "open", because: "time" });
    expect(first?.end.atMs).toBeLessThan(2000);
    const [flooded] = (JSON.parse(small.out) as ProbeReport).responses;
    expect(flooded?.end).toMatchObject({ how: "open", because: "bytes" });
    expect(flooded?.bytes).toBeLessThan(1_000_000);
    expect(mostOpen).toBeLessThanOrEqual(4);
  });

  it("follows a redirect on the same host, and none to another, which gets no request", async () => {
    const same = await hopwise(["probe", `${base}/redirect`, "--json"]);
    expect(JSON.parse(same.out)).toMatchObject({ finalUrl: `${base}/one-by-one`, outcome: "fine" });
    const other = await hopwise(["probe", `${base}/elsewhere`]);
    expect({ ...other, err: other.err.replaceAll(/\d{4,5}/g, "<port>") }).toEqual({
      code: 3,
      out: "",
      err: "hopwise: http://127.0.0.1:<port>/elsewhere redirects (302) to another host, localhost:<port>, which is not followed: probe http://localhost:<port>/x?token=*** itself if you mean it\n",
    });
    expect(elsewhereAsked).toBe(0);
  });

  it("sends a body and fields of one's own, and prints none of them", async () => {
    seen.length = 0;
    const { code, out, err } = await hopwise([
      "probe",
      `${base}/one-by-one?api_key=topsecret`,
      "--data",
      '{"topsecret":1}',
      "--header",
      "Authorization: topsecret",
      "--once",
    ]);
    expect(code).toBe(3);
    expect(out + err).not.toContain("topsecret");
    expect(seen.length).toBe(1);
    expect(seen[0]?.request).toMatchObject({ method: "POST", headers: { authorization: "topsecret", "content-type": "application/json" } });
    expect(await seen[0]?.body).toBe('{"topsecret":1}');
    expect((await hopwise(["probe", `${base}/page`, "--json"])).out).not.toContain("topsecret");
  });

  it("writes the page that was asked for, also where there is nothing to judge, and no secret into it", async () => {
    const folder = await mkdtemp(join(tmpdir(), "hopwise-probe-"));
    const file = join(folder, "probe.html");
    const args = ["--header", "Authorization: topsecret", "--once", "--reporter", "pretty", "--reporter", `html=${file}`];
    const { code, out, err } = await hopwise(["probe", `${base}/page?api_key=topsecret`, ...args]);
    expect({ code, out }).toEqual({ code: 3, out: "" });
    expect(err).toMatch(/^hopwise: .*: status 403 after /);
    const page = await readFile(file, "utf8");
    await rm(folder, { recursive: true });
    expect(page).toContain("<h1>Status 403 after ");
    expect(page).not.toContain("topsecret");
  });

  it("Ctrl-C: what was seen until then, and exit code 130", async () => {
    const both = once(requests, "request").then(() => once(requests, "request"));
    const running = startHopwise(["probe", `${base}/endless`]);
    await both;
    process.kill(running.pid, "SIGINT");
    const { code, out, err } = await running.ended;
    expect(code).toBe(130);
    expect(out).toMatch(/^interrupted: this is what was seen until then$/m);
    expect(err).toBe("hopwise: stopping everything it started (press Ctrl-C again to quit immediately)\n");
  });

  it("hopwise origin ends at Ctrl-C, and says if its port is taken", async () => {
    const port = new URL(base).port;
    expect(await hopwise(["origin", "--port", port])).toEqual({
      code: 3,
      out: "",
      err: `hopwise: hopwise origin cannot listen on 127.0.0.1:${port}: something else listens there: choose another --port\n`,
    });
    const running = startHopwise(["origin", "--port", "0"]);
    await once(running.child.stdout ?? new EventEmitter(), "data");
    process.kill(running.pid, "SIGINT");
    expect((await running.ended).code).toBe(130);
  });
});

describe("bad input is one sentence", () => {
  it.for([
    [
      "a name without an address",
      3,
      () => ["http://no-such-name.invalid/"],
      /^The name no-such-name\.invalid cannot be resolved \(E\w+\): check/,
    ],
    ["a port where nothing listens", 3, () => ["http://127.0.0.1:1/"], /^127\.0\.0\.1:1 refuses connections: nothing listens there/],
    [
      "a certificate that does not verify",
      3,
      () => [`https://127.0.0.1:${securePort}/`],
      /^The certificate of \S+ does not verify \(DEPTH_ZERO_SELF_SIGNED_CERT: self-signed certificate\): with --insecure it is not verified, so anyone/,
    ],
    ["TLS where there is none", 3, () => [base.replace("http", "https")], /^\S+ does not speak TLS: try http:\/\//],
    ["HTTP where there is TLS", 3, () => [`http://127.0.0.1:${securePort}/`], /see whether the port speaks TLS \(https:\/\/\)/],
    [
      "HTTP/2 where there is none",
      3,
      () => [`https://127.0.0.1:${securePort}/`, "--insecure", "--http", "2"],
      /^\S+ does not offer HTTP\/2$/,
    ],
    ["a connection that is closed at once", 3, () => [`http://127.0.0.1:${mutePort}/`], /cut \(\w+\) .* before any header section/],
    ["no answer", 3, () => [`${base}/silent`, "--for", "1"], /\/silent: no header section within 1 s: wait longer with --for/],
    ["no stream", 3, () => [`${base}/page`], /\/page: no stream: status 200 with 12 bytes of text\/html, whole after/],
    ["a refusal", 3, () => [`${base}/forbidden`], /\/forbidden: status 403 after .*: an answer to this request, not a stream$/],
    ["redirects without end", 3, () => [`${base}/loop`], /\/loop leads on after 5 redirects: give the URL where it ends$/],
    ["nothing", 2, () => [], /^missing required argument 'url'; see npx hopwise --help$/],
    [
      "no URL",
      2,
      () => ["example.org"],
      /^The URL "example\.org" is not an http:\/\/ or https:\/\/ URL, e\.g\. https:\/\/example\.org\/events$/,
    ],
    ["another scheme", 2, () => ["ws://example.org/"], /^The URL "ws:\/\/example\.org\/" is not an http:\/\/ or https:\/\/ URL/],
    ["HTTP/2 without TLS", 2, () => ["http://example.org/", "--http", "2"], /^--http 2 needs an https:\/\/ URL/],
    ["a body for GET", 2, () => ["http://example.org/", "--method", "GET", "--data", "x"], /^--data is the body of a request/],
    ["a time that is none", 2, () => ["http://example.org/", "--for", "0"], /It must be a number of seconds from 1 to 3600/],
  ] as const)("%s", async ([, wanted, args, sentence]) => {
    const { code, out, err } = await hopwise(["probe", ...args()]);
    expect({ code, out }).toEqual({ code: wanted, out: "" });
    expect(err).toMatch(/^hopwise: [^\n]+\n$/);
    expect(err.trimEnd().replace(/^hopwise: /, "")).toMatch(sentence);
  });

  it("--insecure makes of the certificate a stream", async () => {
    const { code, out } = await hopwise(["probe", `https://127.0.0.1:${securePort}/`, "--insecure", "--json"]);
    const { responses, notChecked } = JSON.parse(out) as ProbeReport;
    expect(code).toBe(0);
    expect(responses.map(({ http }) => http)).toEqual(["1.1", "1.1"]);
    expect(notChecked[0]).toEqual({ what: "HTTP/2", why: expect.stringMatching(/does not offer HTTP\/2$/) as string });
  });
});
