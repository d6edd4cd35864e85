// Raw TCP. Gathers what its upstream sends for 350 ms, so that small pieces share a packet (Nagle, with a clock instead of an ACK).
import { connect, createServer } from "node:net";

const { hostname, port } = new URL(process.env.UPSTREAM);
const gatherMs = 350;

createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
  const upstream = connect({ host: hostname, port: Number(port), allowHalfOpen: true, noDelay: true });
  client.pipe(upstream);
  let gathered = [];
  let timer;
  const release = () => {
    clearTimeout(timer);
    timer = undefined;
    if (gathered.length > 0) client.write(Buffer.concat(gathered));
    gathered = [];
  };
  upstream.on("data", (piece) => {
    gathered.push(piece);
    timer ??= setTimeout(release, gatherMs);
  });
  upstream.on("end", () => {
    release();
    client.end();
  });
  for (const [one, other] of [
    [client, upstream],
    [upstream, client],
  ]) {
    one.on("error", () => other.resetAndDestroy());
    one.on("close", () => other.destroy());
  }
}).listen(Number(process.env.PORT), process.env.HOST);
