// The endings that the lab's clients must distinguish: what a server sends, and how it closes.
import type { FurtherProtocol } from "../model/script.ts";
import { frameTypes } from "../decode/http2-frames.ts";

export const body = "x".repeat(600);

/** How the server ends the connection, after its bytes. */
type Closing = "close_notify" | "fin" | "reset" | "nothing";

export interface Case {
  name: string;
  /** HTTP/3 is another program's. */
  protocol: Exclude<FurtherProtocol, "h3">;
  answer: Buffer[];
  closing: Closing;
  expected: string;
}

const frame = (type: number, flags: number, stream: number, payload: Buffer): Buffer => {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head[3] = type;
  head[4] = flags;
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
};

const stream = 1;
export const settings = frame(frameTypes.settings, 0, 0, Buffer.alloc(0));
/** `:status: 200` of HPACK's static table (RFC 7541, appendix A). */
const headers = frame(frameTypes.headers, 0x4, stream, Buffer.from([0x88]));
const data = (flags: number): Buffer => frame(frameTypes.data, flags, stream, Buffer.from(body));
const reset = (code: number): Buffer => frame(frameTypes.rstStream, 0, stream, Buffer.from([0, 0, 0, code]));
const goaway = frame(frameTypes.goaway, 0, 0, Buffer.from([0, 0, 0, stream, 0, 0, 0, 0]));
const message = (fields: string, content: string): Buffer[] => [Buffer.from(`HTTP/1.1 200 OK\r\n${fields}\r\n${content}`)];
const chunked = message("Transfer-Encoding: chunked\r\n", `258\r\n${body}\r\n0\r\n\r\n`);

const ends: (Omit<Case, "expected"> & Partial<Case>)[] = [
  { name: "responses that end with a connection of TLS", protocol: "h1-tls", answer: message("", body), closing: "close_notify" },
  {
    name: "the same without close_notify",
    protocol: "h1-tls",
    answer: message("", body),
    closing: "fin",
    expected: "fin, no close_notify",
  },
  { name: "the same, ended by a reset", protocol: "h1-tls", answer: message("", body), closing: "reset", expected: "reset" },
  { name: "chunked responses without close_notify", protocol: "h1-tls", answer: chunked, closing: "fin" },
  { name: "streams with END_STREAM", protocol: "h2", answer: [headers, data(1)], closing: "nothing" },
  { name: "streams reset with NO_ERROR after END_STREAM", protocol: "h2", answer: [headers, data(1), reset(0)], closing: "nothing" },
  {
    name: "streams reset with NO_ERROR",
    protocol: "h2",
    answer: [headers, data(0), reset(0)],
    closing: "nothing",
    expected: "RST_STREAM(NO_ERROR)",
  },
  {
    name: "streams reset with INTERNAL_ERROR",
    protocol: "h2",
    answer: [headers, data(0), reset(2)],
    closing: "nothing",
    expected: "RST_STREAM(INTERNAL_ERROR)",
  },
  {
    name: "streams cut by GOAWAY and FIN",
    protocol: "h2",
    answer: [headers, data(0), goaway],
    closing: "close_notify",
    expected: "GOAWAY(NO_ERROR)",
  },
  { name: "streams cut by FIN", protocol: "h2", answer: [headers, data(0)], closing: "close_notify", expected: "fin" },
  { name: "streams cut by a reset of the connection", protocol: "h2", answer: [headers, data(0)], closing: "reset", expected: "reset" },
];

/** HTTP/2 has the same ends without TLS. */
export const cases: Case[] = ends.flatMap((one) => {
  const whole: Case = { expected: "complete", ...one };
  return one.protocol === "h2" ? [whole, { ...whole, protocol: "h2c", name: `${one.name}, without TLS` }] : [whole];
});
