# Runs in a container: an origin, nginx or Caddy with HTTP/3 in front of it, and an HTTP/3 client, in lock-step: the origin writes the next record when
# the client has it, or after a patience. Prints one line of JSON.
import asyncio
import json
import os
import re
import ssl
import subprocess
import sys
import zlib

from aioquic.asyncio import connect
from aioquic.asyncio.protocol import QuicConnectionProtocol
from aioquic.h3.connection import H3_ALPN, H3Connection
from aioquic.h3.events import DataReceived, HeadersReceived
from aioquic.quic.configuration import QuicConfiguration
from aioquic.quic.events import StreamReset

SERVERS = {
    "nginx": {"run": ["nginx", "-c", "/http3/nginx.conf"], "version": ["nginx", "-v"]},
    "caddy": {"run": ["caddy", "run", "--config", "/http3/Caddyfile", "--adapter", "caddyfile"], "version": ["caddy", "version"]},
}
PATIENCE = 2.0
# More than the 512 bytes from which Caddy compresses.
RECORD_BYTES = 600
# RFC 9114, section 8.1
H3_REQUEST_CANCELLED = 0x010C


class Stream:
    """What the origin and the client know of one request."""

    def __init__(self):
        self.records = []
        self.arrived = asyncio.Condition()
        self.ended = asyncio.get_running_loop().create_future()
        self.upstream_ended = asyncio.get_running_loop().create_future()
        self.seen = 0


current = None


async def serve(reader, writer):
    stream = current
    head = await reader.readuntil(b"\r\n\r\n")
    path = head.split(b" ")[1].decode()
    many, ending = int(path.split("/")[2]), path.split("/")[3]
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n")
    left = asyncio.ensure_future(reader.read())
    for record in range(many):
        event = f"data: {record} ".encode().ljust(RECORD_BYTES - 2, b"x") + b"\n\n"
        writer.write(b"%x\r\n%s\r\n" % (len(event), event))
        await writer.drain()
        async with stream.arrived:
            try:
                await asyncio.wait_for(stream.arrived.wait_for(lambda: len(stream.records) > record), PATIENCE)
                stream.seen += 1
            except asyncio.TimeoutError:
                pass
    if ending in ("leave", "close"):
        stream.upstream_ended.set_result(await noticed(left, writer))
    if ending == "end":
        writer.write(b"0\r\n\r\n")
        await writer.drain()
    left.cancel()
    if ending == "cut":
        writer.transport.abort()
    else:
        writer.close()


async def noticed(left, writer):
    """Whether the server closes the connection to the origin when its client leaves, or when there is something to send again."""
    for when in ("at once", "on the next write"):
        done, _ = await asyncio.wait([left], timeout=PATIENCE)
        if done:
            return when
        writer.write(b"6\r\n: on\n\n\r\n")
        await writer.drain()
    done, _ = await asyncio.wait([left], timeout=PATIENCE)
    return "on the write after that" if done else "not at all"


class Client(QuicConnectionProtocol):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.http = H3Connection(self._quic)
        self.stream = None
        self.text = b""
        self.status = None
        self.decode = lambda data: data

    def ask(self, stream, path, accept_encoding):
        self.stream = stream
        self.id = self._quic.get_next_available_stream_id()
        headers = [(b":method", b"GET"), (b":scheme", b"https"), (b":authority", b"localhost"), (b":path", path.encode())]
        if accept_encoding:
            headers.append((b"accept-encoding", accept_encoding.encode()))
        self.http.send_headers(self.id, headers, end_stream=True)
        self.transmit()

    def leave(self):
        self._quic.stop_stream(self.id, H3_REQUEST_CANCELLED)
        self.transmit()

    def quic_event_received(self, event):
        if isinstance(event, StreamReset):
            self.end("reset")
        for one in self.http.handle_event(event):
            if isinstance(one, HeadersReceived):
                headers = dict(one.headers)
                self.status = headers[b":status"].decode()
                if headers.get(b"content-encoding") == b"gzip":
                    self.decode = zlib.decompressobj(zlib.MAX_WBITS | 16).decompress
            if isinstance(one, DataReceived):
                self.text += self.decode(one.data)
                asyncio.ensure_future(self.note())
            if getattr(one, "stream_ended", False):
                self.end("ended")

    def end(self, how):
        if not self.stream.ended.done():
            self.stream.ended.set_result(how)

    async def note(self):
        async with self.stream.arrived:
            self.stream.records = self.text.split(b"\n\n")[:-1]
            self.stream.arrived.notify_all()


async def measure(path, many, ending, accept_encoding=None):
    global current
    current = stream = Stream()
    configuration = QuicConfiguration(is_client=True, alpn_protocols=H3_ALPN, verify_mode=ssl.CERT_NONE, server_name="localhost")
    async with connect("127.0.0.1", 8443, configuration=configuration, create_protocol=Client) as client:
        client.ask(stream, f"/{path}/{many}/{ending}", accept_encoding)
        if ending in ("leave", "close"):
            async with stream.arrived:
                await asyncio.wait_for(stream.arrived.wait_for(lambda: len(stream.records) == many), 30)
            client.leave() if ending == "leave" else client.close()
            return {"noticed": await asyncio.wait_for(stream.upstream_ended, 30)}
        how = await asyncio.wait_for(stream.ended, 60)
        return {"status": client.status, "seen": stream.seen, "of": many, "how": how}


async def ready():
    for _ in range(100):
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", 8443)
            writer.close()
            return
        except OSError:
            await asyncio.sleep(0.05)
    raise SystemExit("the server does not listen")


async def main(name):
    subprocess.run(
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=localhost -days 2 -keyout /tmp/key.pem -out /tmp/cert.pem".split(),
        check=True,
        capture_output=True,
    )
    environment = {**os.environ, "HOME": "/tmp", "XDG_CONFIG_HOME": "/tmp", "XDG_DATA_HOME": "/tmp"}
    server = subprocess.Popen(SERVERS[name]["run"], env=environment)
    try:
        await ready()
        async with await asyncio.start_server(serve, "127.0.0.1", 8000):
            answers = {
                "unbuffered": await measure("unbuffered", 8, "end"),
                "buffered": await measure("buffered", 3, "end"),
                "gzip": await measure("gzip", 3, "end", "gzip"),
                "cut": await measure("unbuffered", 3, "cut"),
                "leave": await measure("unbuffered", 3, "leave"),
                "close": await measure("unbuffered", 3, "close"),
            }
        said = subprocess.run(SERVERS[name]["version"], capture_output=True, text=True, check=True)
        version = re.search(r"\d+(\.\d+)+", said.stdout + said.stderr).group()
        print(json.dumps({"server": f"{name}/{version}", "answers": answers}))
    finally:
        server.terminate()
        server.wait(10)


asyncio.run(main(sys.argv[1]))
sys.exit(0)
