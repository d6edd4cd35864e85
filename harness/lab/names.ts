// A name server for configurations with a resolver of their own (nginx's `resolver`): every name resolves to the lab.
import { createSocket } from "node:dgram";
import type { Address } from "./protocol.ts";

export interface NameServer {
  close: () => void;
}

const typeA = 1;
const classIn = 1;
const secondsToLive = 60;

/** Answers A queries for these names with `address` or their entry in `others`, other types without data, and other names with NXDOMAIN
 *  (RFC 1035 §4.1). */
export const openNames = async (
  listen: Address,
  names: readonly string[],
  address: string,
  others: Record<string, string> = {},
): Promise<NameServer> => {
  const known = new Map(
    names.map((name) => [name.toLowerCase().replace(/\.$/, ""), Object.hasOwn(others, name) ? (others[name] as string) : address]),
  );
  const socket = createSocket("udp4");
  socket.on("message", (message, from) => {
    const answer = answerTo(message, known);
    if (answer) socket.send(answer, from.port, from.address);
  });
  socket.on("error", () => {});
  await new Promise<void>((resolve, reject) => {
    socket.once("error", (error) => reject(new Error(`Cannot listen on ${listen.host}:${listen.port} (UDP): ${error.message}`)));
    socket.bind(listen.port, listen.host, resolve);
  });
  return { close: () => socket.close() };
};

const headBytes = 12;

/** Null unless it is a query for one name. */
export const answerTo = (message: Buffer, known: ReadonlyMap<string, string>): Buffer | null => {
  if (message.length < headBytes || (message.readUInt16BE(2) & 0x80_00) !== 0 || message.readUInt16BE(4) !== 1) return null;
  const labels: string[] = [];
  let at = headBytes;
  for (;;) {
    const length = message[at];
    if (length === undefined || length > 63) return null;
    at += 1;
    if (length === 0) break;
    if (at + length > message.length) return null;
    labels.push(message.toString("latin1", at, at + length));
    at += length;
  }
  if (at + 4 > message.length) return null;
  const address = known.get(labels.join(".").toLowerCase());
  const isKnown = address !== undefined;
  const hasAddress = isKnown && message.readUInt16BE(at) === typeA && message.readUInt16BE(at + 2) === classIn;
  const question = message.subarray(headBytes, at + 4);
  const head = Buffer.alloc(headBytes);
  message.copy(head, 0, 0, 2);
  // QR, AA, RA, and RD as in the query; 3 is NXDOMAIN.
  head.writeUInt16BE(0x84_80 | (message.readUInt16BE(2) & 0x01_00) | (isKnown ? 0 : 3), 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt16BE(hasAddress ? 1 : 0, 6);
  if (!hasAddress) return Buffer.concat([head, question]);
  const record = Buffer.alloc(16);
  record.writeUInt16BE(0xc0_0c, 0);
  record.writeUInt16BE(typeA, 2);
  record.writeUInt16BE(classIn, 4);
  record.writeUInt32BE(secondsToLive, 6);
  record.writeUInt16BE(4, 10);
  record.set(address.split(".").map(Number), 12);
  return Buffer.concat([head, question, record]);
};
