// Passes half-closes, resets and backpressure on as they come, so that both ends are treated as if they were connected to each other.
import { connect, createServer } from "node:net";
import type { Socket } from "node:net";
import { defineServer } from "../harness/define.ts";

export default defineServer({
  kind: "node",
  title: "A straight TCP pipe: knows nothing of HTTP",
  link: "https://www.rfc-editor.org/rfc/rfc9293#section-3.6",
  server: ({ upstream }) =>
    createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
      const origin = connect({ host: upstream.hostname, port: Number(upstream.port), allowHalfOpen: true, noDelay: true });
      join(client, origin);
      join(origin, client);
    }),
  variants: { default: { title: "allowHalfOpen, noDelay, no buffer of its own" } },
});

const join = (from: Socket, to: Socket): void => {
  // `pipe` ends `to` when `from` ends, and stops reading while `to` is full.
  from.pipe(to);
  // Node ≥ 24 reports a reset behind the data that came before; the empty write waits until that data has left.
  from.on("error", () => to.write("", () => to.resetAndDestroy()));
};
