import { createServer } from "node:http";
import httpProxy from "http-proxy";

const [port, ...timeouts] = process.argv.slice(2);
const [proxyTimeout, timeout] = timeouts.map(Number);
const proxy = httpProxy.createProxyServer({ target: "http://127.0.0.1:8001", ...(timeout ? { proxyTimeout, timeout } : {}) });
proxy.on("error", () => {});
createServer((request, response) => proxy.web(request, response))
  .on("upgrade", (request, socket, head) => proxy.ws(request, socket, head))
  .listen(Number(port), "127.0.0.1");
