// A healthy stranger: a straight TCP pipe.
import { connect, createServer } from "node:net";

const { hostname, port } = new URL(process.env.UPSTREAM);

createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
  const upstream = connect({ host: hostname, port: Number(port), allowHalfOpen: true, noDelay: true });
  for (const [from, to] of [
    [client, upstream],
    [upstream, client],
  ]) {
    from.pipe(to);
    from.on("error", () => to.resetAndDestroy());
    from.on("close", () => to.destroy());
  }
}).listen(Number(process.env.PORT), process.env.HOST);
