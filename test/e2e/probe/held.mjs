// An application that writes an event every 0.8 s, behind a proxy whose interceptor needs the whole response; then hopwise probe on both.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import { createProxyMiddleware, responseInterceptor } from "http-proxy-middleware";

const application = createServer((request, response) => {
  response.writeHead(200, { "Content-Type": "text/event-stream" }).flushHeaders();
  let sent = 0;
  const timer = setInterval(() => {
    response.write(`data: ${++sent}\n\n`);
    if (sent === 12) response.end();
    if (sent === 12) clearInterval(timer);
  }, 800);
  response.on("close", () => clearInterval(timer));
}).listen(3000, "127.0.0.1");

const proxying = createProxyMiddleware({
  target: "http://127.0.0.1:3000",
  selfHandleResponse: true,
  on: { proxyRes: responseInterceptor(async (whole) => whole) },
});
const proxy = createServer((request, response) => void proxying(request, response)).listen(8080, "127.0.0.1");

await Promise.all([once(application, "listening"), once(proxy, "listening")]);
const hopwise = new URL("../../../bin/hopwise.cjs", import.meta.url).pathname;
const args = ["probe", "http://127.0.0.1:8080/events", "--origin", "http://127.0.0.1:3000/events", "--once"];
const [code] = await once(spawn(process.execPath, [hopwise, ...args], { stdio: "inherit" }), "close");
process.exit(code);
