// `hopwise origin`: serves streams whose events `hopwise probe` knows, until it is interrupted.
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { EnvironmentError } from "../errors.ts";
import { createOrigin } from "../probe/origin/server.ts";
import { exitCodes } from "./exit-code.ts";
import type { Screen } from "./screen.ts";

export interface OriginFlags {
  port: number;
  host: string;
}

export const originCommand = async ({ port, host }: OriginFlags, { out, signal }: Screen): Promise<number> => {
  const server = createOrigin();
  server.listen(port, host);
  await once(server, "listening").catch((error: NodeJS.ErrnoException) => {
    const why = error.code === "EADDRINUSE" ? "something else listens there: choose another --port" : error.message;
    throw new EnvironmentError(`hopwise origin cannot listen on ${host}:${port}: ${why}`, { cause: error });
  });
  const { port: chosen } = server.address() as AddressInfo;
  out.write(`hopwise origin listens on http://${host.includes(":") ? `[${host}]` : host}:${chosen}/events?every=1000&count=8\n`);
  if (!signal.aborted) await once(signal, "abort");
  server.close();
  server.closeAllConnections();
  return exitCodes.interrupted;
};
