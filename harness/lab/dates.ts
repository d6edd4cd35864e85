// The dates of two responses of a server, some time apart.
import { connect } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { now } from "./clock.ts";
import type { Address, Dates } from "./protocol.ts";

interface Dated {
  askedAt: number;
  gotAt: number;
  /** Milliseconds since 1970. */
  date: number;
}

const withinMs = 8000;
const longestHead = 64 * 1024;

/** Without a Host field: servers refuse it with a Date field and without contacting an upstream (RFC 9112 §3.2, RFC 9110 §6.6.1). */
const request = "GET / HTTP/1.1\r\nConnection: close\r\n\r\n";

/** Asks the first port whose responses have a Date field; null if none has one. */
export const datesOf = async (host: string, ports: readonly number[], apartMs: number): Promise<Dates | null> => {
  for (const port of ports) {
    const first = await dateAt({ host, port });
    if (first === null) continue;
    await delay(apartMs);
    const second = await dateAt({ host, port });
    if (second !== null)
      return { leastMs: second.askedAt - first.gotAt, mostMs: second.gotAt - first.askedAt, saidMs: second.date - first.date };
  }
  return null;
};

const dateAt = ({ host, port }: Address): Promise<Dated | null> =>
  new Promise((resolve) => {
    const askedAt = now();
    const socket = connect({ host, port }, () => socket.write(request));
    let text = "";
    const end = (): void => {
      const [head = ""] = text.split("\r\n\r\n", 1);
      const date = Date.parse(/^date: (.*)$/im.exec(head)?.[1] ?? "");
      resolve(Number.isNaN(date) ? null : { askedAt, gotAt: now(), date });
      socket.destroy();
    };
    socket.setTimeout(withinMs, end);
    socket.on("data", (piece) => {
      text += piece.toString("latin1");
      if (text.includes("\r\n\r\n") || text.length > longestHead) end();
    });
    socket.on("error", end).on("close", end);
  });
