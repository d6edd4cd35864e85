// Passes half-closes, resets and backpressure on immediately, as if both ends were connected directly.
import { connect, createServer } from "node:net";
import type { Socket } from "node:net";
import { defineServer } from "../harness/define.ts";

export default defineServer({
  kind: "node",
  title: "A straight TCP pipe, without HTTP",
  link: "https://www.rfc-editor.org/rfc/rfc9293#section-3.6",
  clients: ["h1"],
  server: ({ upstream }) =>
    createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
      const origin = connect({ host: upstream.hostname, port: Number(upstream.port), allowHalfOpen: true, noDelay: true });
      join(client, origin);
      join(origin, client);
    }),
  variants: { default: { title: "allowHalfOpen, noDelay, no additional buffer" } },
});

const join = (from: Socket, to: Socket): void => {
  // `pipe` ends `to` when `from` ends, and stops reading while `to` is full.
  from.pipe(to);
  // Node ≥ 24 reports a reset after the data that precedes it; the empty write waits until that data is sent.
  from.on("error", () => to.write("", () => to.resetAndDestroy()));
};
