// Checks whether a server accepts connections, and GETs small resources.
import { get } from "node:http";
import { connect } from "node:net";
import { now } from "./clock.ts";
import type { Address } from "./protocol.ts";

const retryMs = 5;
const largestText = 64 * 1024 * 1024;

/** Waits until the address accepts connections; returns how long that took. */
export const awaitPort = async ({ host, port }: Address, withinMs: number): Promise<number> => {
  const startedAt = now();
  for (;;) {
    const leftMs = startedAt + withinMs - now();
    const refusal = await tryPort(host, port, Math.max(1, leftMs));
    const afterMs = now() - startedAt;
    if (refusal === null) return afterMs;
    if (afterMs + retryMs >= withinMs) throw new Error(`Nothing accepted connections on ${host}:${port} within ${withinMs} ms: ${refusal}`);
    await new Promise((resolve) => setTimeout(resolve, retryMs));
  }
};

const tryPort = (host: string, port: number, withinMs: number): Promise<string | null> =>
  new Promise((resolve) => {
    const socket = connect({ host, port });
    const finish = (refusal: string | null): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(refusal);
    };
    const timer = setTimeout(() => finish("no answer"), withinMs);
    socket.on("connect", () => finish(null));
    socket.on("error", (error: NodeJS.ErrnoException) => finish(error.code ?? error.message));
  });

export const fetchText = ({ host, port }: Address, path: string, withinMs: number): Promise<{ status: number; text: string }> =>
  new Promise((resolve, reject) => {
    const fail = (why: string): void => {
      clearTimeout(timer);
      request.destroy();
      reject(new Error(`GET http://${host}:${port}${path} failed: ${why}`));
    };
    const request = get({ host, port, path, agent: false }, (response) => {
      const parts: Buffer[] = [];
      let bytes = 0;
      response.on("data", (part: Buffer) => {
        parts.push(part);
        if ((bytes += part.length) > largestText) fail(`more than ${largestText} bytes`);
      });
      response.on("end", () => {
        clearTimeout(timer);
        resolve({ status: response.statusCode ?? 0, text: Buffer.concat(parts).toString() });
      });
      response.on("error", (error) => fail(error.message));
    });
    request.on("error", (error) => fail(error.message));
    const timer = setTimeout(() => fail(`no complete answer within ${withinMs} ms`), withinMs);
  });
