// Raw TCP. Fills a buffer of 16 kB before it writes, as a proxy does that was built for files.
import { connect, createServer } from "node:net";

const { hostname, port } = new URL(process.env.UPSTREAM);
const size = 16 * 1024;

createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
  const upstream = connect({ host: hostname, port: Number(port), allowHalfOpen: true, noDelay: true });
  client.pipe(upstream);
  let held = Buffer.alloc(0);
  upstream.on("data", (piece) => {
    held = Buffer.concat([held, piece]);
    const whole = held.length - (held.length % size);
    if (whole > 0) client.write(held.subarray(0, whole));
    held = held.subarray(whole);
  });
  upstream.on("end", () => client.end(held));
  for (const [one, other] of [
    [client, upstream],
    [upstream, client],
  ]) {
    one.on("error", () => other.resetAndDestroy());
    one.on("close", () => other.destroy());
  }
}).listen(Number(process.env.PORT), process.env.HOST);
