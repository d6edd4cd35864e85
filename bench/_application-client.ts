// One request to an application, as a plain client makes it: when the first byte of content came, when the last one, how many bytes there were.
import { execFile } from "node:child_process";
import { connect } from "node:net";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import type { Address } from "../harness/lab/protocol.ts";
import type { RunningServer } from "../harness/runtime/runtime.ts";
import { usualHost } from "../harness/model/usual-host.ts";

export interface Answer {
  status: number;
  firstByteMs: number;
  totalMs: number;
  /** After the header section, with all framing. */
  bodyBytes: number;
  text: string;
}

/** Of an answer that is short enough to be read. */
const kept = 10_000;

/** `bytesPerSecond`: how fast it reads; default: as fast as bytes come. */
export const request = async ({ host, port }: Address, target: string, bytesPerSecond = Infinity): Promise<Answer> => {
  const began = performance.now();
  const socket = connect({ host, port });
  socket.write(`GET ${target} HTTP/1.1\r\nHost: ${usualHost}\r\nConnection: close\r\n\r\n`);
  let head = "";
  let bodyBytes = 0;
  let firstByteMs: number | null = null;
  let text = "";
  for await (const bytes of socket as AsyncIterable<Buffer>) {
    let content = bytes;
    if (firstByteMs === null) {
      head += bytes.toString("latin1");
      const at = head.indexOf("\r\n\r\n");
      if (at === -1 || at + 4 === head.length) continue;
      content = Buffer.from(head.slice(at + 4), "latin1");
      firstByteMs = performance.now() - began;
    }
    bodyBytes += content.byteLength;
    if (text.length < kept) text += content.toString("latin1", 0, kept);
    if (bytesPerSecond !== Infinity) await delay((1000 * content.byteLength) / bytesPerSecond);
  }
  const totalMs = performance.now() - began;
  return { status: Number(head.split(" ", 2)[1] ?? 0), firstByteMs: firstByteMs ?? totalMs, totalMs, bodyBytes, text };
};

export interface Asked {
  address: Address;
  target: string;
  /** Null: as fast as bytes come. */
  bytesPerSecond: number | null;
}

const program = join(import.meta.dirname, "_application-request.ts");

/** The same, in the network of the server: that of a run's containers has no route from this machine. As root. */
export const requestBeside = async (server: RunningServer, target: string, bytesPerSecond: number | null = null): Promise<Answer> => {
  const [pid] = await server.pids();
  const asked: Asked = { address: server.address, target, bytesPerSecond };
  const { stdout } = await promisify(execFile)("nsenter", [`--net=/proc/${pid}/ns/net`, process.execPath, program, JSON.stringify(asked)]);
  return JSON.parse(stdout) as Answer;
};
