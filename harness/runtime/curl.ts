// curl as a client of HTTP/3: Node has none (node:quic is no part of its releases, and is a transport without HTTP/3). Times are those at which
// curl passes on what it has read. What it delivers is the response as HTTP/1.1 in chunked coding, one chunk per read, as over HTTP/2.
import { EventEmitter } from "node:events";
import { chunkOf } from "../lab/client-connection.ts";
import type { ClientConnection, Events, Sign } from "../lab/client-connection.ts";
import { CutOverHttp3, TimeOver } from "../probe/http3-client.ts";
import type { ConnectHttp3, Http3Asked } from "../probe/http3-client.ts";
import { runToEnd } from "./child.ts";
import { endedWell, wordsOfExit } from "./exit.ts";
import type { Exit } from "./exit.ts";
import { startGuarded } from "./guard.ts";
import { createLines } from "./lines.ts";
import { findBinary } from "./places.ts";

/** Null: there is no curl here, or it does not speak HTTP/3. */
export const findHttp3Client = async (): Promise<ConnectHttp3 | null> => {
  const file = await findBinary("curl");
  if (file === null) return null;
  const { text } = await runToEnd(file, ["--version"]);
  return /^Features:.*\bHTTP3\b/m.test(text) ? (asked) => connectByCurl(file, asked) : null;
};

/** As in a file of curl's settings: https://curl.se/docs/manpage.html#-K */
const setting = (name: string, value: string): string => {
  const escaped = value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n").replaceAll("\r", "\\r");
  return `${name} = "${escaped}"`;
};

/** Its time counts from its start, and that of a response from the request: usually that is over first. */
const lateMs = 200;
/** https://curl.se/libcurl/c/libcurl-errors.html, CURLE_OPERATION_TIMEDOUT */
const timedOut = 28;

/** curl sets them itself. */
const own = new Set(["host", "content-length"]);

/** By standard input: what is on a command line, all users of the machine can read. */
const configurationOf = ({ url, request, isInsecure, forMs, connectWithinMs }: Http3Asked): string => {
  const { method, headers, content } = request;
  const settings = [
    setting("url", url.href),
    setting("request", method),
    setting("connect-timeout", String(connectWithinMs / 1000)),
    // It says goodbye then, where a kill would not.
    setting("max-time", String((forMs + lateMs) / 1000)),
    ...(isInsecure ? ["insecure"] : []),
    ...headers
      .filter(([name]) => !own.has(name.toLowerCase()))
      .map(([name, value]) => setting("header", value === "" ? `${name};` : `${name}: ${value}`)),
    ...(content === undefined ? [] : [setting("data-raw", content)]),
  ];
  return settings.map((line) => `${line}\n`).join("");
};

/** `-q`: without the user's own settings. */
const args = [
  "-q",
  "--http3-only",
  "--no-buffer",
  "--silent",
  "--show-error",
  "--verbose",
  "--globoff",
  "--path-as-is",
  "--noproxy",
  "*",
  "--proto",
  "=https",
  "--config",
  "-",
];

const connectByCurl = (file: string, asked: Http3Asked): ClientConnection => {
  const events = new EventEmitter<Events>();
  const curl = startGuarded({ command: file, args, environment: process.env, hasInput: true });
  let isConnected = false;
  const response = new ResponseOfCurl((bytes) => events.emit("data", bytes));
  // It writes the header section to its standard output only with the content, but reports it at once: in Latin-1, as Node has it of the other versions.
  const said = createLines((line) => {
    if (line.startsWith("<") && response.readHead(line.slice(2))) curl.output.resume();
    if (isConnected || !line.startsWith("> ")) return;
    isConnected = true;
    events.emit("connect");
  }, "latin1");
  curl.errors.on("data", (piece: Buffer) => said.add(piece));
  curl.output.pause();
  curl.output.on("data", (piece: Buffer) => response.read(piece));
  const isRead = new Promise<void>((resolve) => void curl.output.once("close", resolve).once("end", resolve));
  const end = async (exit: Exit): Promise<void> => {
    if (response.hasHead) await isRead;
    if (response.hasHead && endedWell(exit)) response.end();
    else if (isConnected && exit !== "unknown" && "code" in exit && exit.code === timedOut) events.emit("error", new TimeOver());
    else events.emit("error", new CutOverHttp3(wordsIn(said.last(20)) ?? `curl ended with ${wordsOfExit(exit)}`));
    events.emit("close");
  };
  void curl.ended.then(end);
  curl.input?.end(configurationOf(asked));
  return Object.assign(events, {
    connecting: true,
    localPort: null,
    send: () => {},
    sendContent: () => {},
    leave: () => byFin,
    cancel: () => byFin,
    destroy: () => void curl.stop(),
    pause: () => void curl.output.pause(),
    resume: () => void curl.output.resume(),
    resetAndDestroy: () => void curl.stop(),
    blocked: () => [],
  });
};

const byFin: Sign = { how: "fin" };

/** Its last words, e.g. `curl: (7) Failed to connect to …`. */
const wordsIn = (lines: readonly string[]): string | null => lines.findLast((line) => line.startsWith("curl: (")) ?? null;

/** No longer of HTTP/3, and the length is said by the framing. */
const notKept = /^(content-length|transfer-encoding|connection):/i;

class ResponseOfCurl {
  readonly #say: (bytes: Buffer) => void;
  /** Of the header section that is being read, an interim or the final one. */
  #lines: string[] = [];
  hasHead = false;
  #hasBody = false;

  constructor(say: (bytes: Buffer) => void) {
    this.#say = say;
  }

  /** A line of a header section, empty at its end. Whether that was the final one. */
  readHead(line: string): boolean {
    if (line !== "") {
      this.#lines.push(line);
      return false;
    }
    const [first = "", ...fields] = this.#lines;
    this.#lines = [];
    const status = Number(first.split(" ")[1]);
    this.hasHead = status >= 200;
    this.#hasBody = this.hasHead && status !== 204 && status !== 304;
    const kept = [...fields.filter((field) => !notKept.test(field)), ...(this.#hasBody ? ["transfer-encoding: chunked"] : [])];
    this.#say(Buffer.from(`HTTP/1.1 ${status} \r\n${kept.map((field) => `${field}\r\n`).join("")}\r\n`, "latin1"));
    return this.hasHead;
  }

  read(bytes: Buffer): void {
    this.#say(chunkOf(bytes));
  }

  end(): void {
    if (this.#hasBody) this.#say(chunkOf(null));
  }
}
