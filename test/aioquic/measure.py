# Runs in a container: the lab's client for HTTP/3, ordered as the lab does, in front of a scripted server of aioquic. Prints one line of JSON.
import asyncio
import json
import os
import struct
import subprocess
import sys
import time

from aioquic.asyncio import serve
from aioquic.asyncio.protocol import QuicConnectionProtocol
from aioquic.h3.connection import H3_ALPN, FrameType, H3Connection, encode_frame
from aioquic.h3.events import DataReceived, HeadersReceived
from aioquic.quic.configuration import QuicConfiguration
from aioquic.quic.events import StopSendingReceived, StreamReset

PREFIX = struct.Struct(">II")
ORDERS, QUIC, NOTHING = 4445, 4444, 4999
seen = []


class Server(QuicConnectionProtocol):
    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.http = H3Connection(self._quic)

    def quic_event_received(self, event):
        if isinstance(event, (StopSendingReceived, StreamReset)):
            seen.append(type(event).__name__)
        for one in self.http.handle_event(event):
            if isinstance(one, HeadersReceived):
                asyncio.ensure_future(self.answer(one.stream_id, dict(one.headers)[b":path"].decode()))
            if isinstance(one, DataReceived):
                seen.append(len(one.data))

    def head(self, stream_id, *fields):
        return encode_frame(FrameType.HEADERS, self.http._encode_headers(stream_id, list(fields)))

    async def answer(self, stream_id, path):
        http, ok = self.http, [(b":status", b"200")]
        if path == "/length":
            http.send_headers(stream_id, [*ok, (b"content-length", b"100")], end_stream=True)
        elif path == "/304":
            http.send_headers(stream_id, [(b":status", b"304"), (b"content-length", b"100")], end_stream=True)
        elif path == "/interim":
            early = self.head(stream_id, (b":status", b"103"), (b"link", b"</a>"))
            self._quic.send_stream_data(stream_id, early + self.head(stream_id, *ok) + encode_frame(FrameType.DATA, b"hello"), True)
        elif path == "/trailers":
            http.send_headers(stream_id, ok)
            http.send_data(stream_id, b"hello", end_stream=False)
            http.send_headers(stream_id, [(b"x-after", b"1")], end_stream=True)
        elif path == "/broken":
            http.send_headers(stream_id, ok)
            self._quic.send_stream_data(stream_id, encode_frame(FrameType.SETTINGS, b""))
        elif path == "/small":
            http.send_headers(stream_id, ok)
            for _ in range(60_000):
                http.send_data(stream_id, b"x", end_stream=False)
            http.send_data(stream_id, b"", end_stream=True)
        else:
            http.send_headers(stream_id, ok)
            http.send_data(stream_id, b"hello", end_stream=path in ("/whole", "/upload"))
        self.transmit()
        if path == "/reset":
            await asyncio.sleep(0.05)
            self._quic.reset_stream(stream_id, 0x102)
        if path in ("/close", "/close-by-quic"):
            await asyncio.sleep(0.05)
            seen.append(time.monotonic())
            self._quic.close(error_code=0x102 if path == "/close" else 1, frame_type=None if path == "/close" else 0)
        self.transmit()


async def asked(path, method="GET", is_slow=False, port=QUIC, orders=(), within=8):
    """What the client reports of one request, in short; the time of its last report."""
    reader, writer = await asyncio.open_connection("127.0.0.1", ORDERS)

    def order(value, data=None):
        references = [] if data is None else [{"path": ["bytes"], "kind": "u8", "offset": 0, "length": len(data)}]
        text = json.dumps({"value": value, "references": references}).encode()
        writer.write(PREFIX.pack(len(text), len(data or b"")) + text + (data or b""))

    order({"do": "connect", "host": "127.0.0.1", "port": port, "serverName": "x.example", "isSlow": is_slow, "timeScale": 1})
    reports, count = [], 0
    headers = [[":method", method], [":scheme", "https"], [":authority", "x.example"], [":path", path]]
    try:
        while True:
            text_length, blob_length = PREFIX.unpack(await asyncio.wait_for(reader.readexactly(PREFIX.size), within))
            report = json.loads(await reader.readexactly(text_length))["value"]
            await reader.readexactly(blob_length)
            what = report["is"]
            if what == "connected":
                order({"do": "request", "number": 0, "headers": headers, "isLast": method != "POST"})
                if method == "POST":
                    order({"do": "content", "number": 0, "isLast": False}, b"x" * 10)
                    order({"do": "content", "number": 0, "isLast": True})
            elif what == "data":
                count += blob_length
                order({"do": "taken", "number": 0, "count": blob_length})
                if path == "/left":
                    order({"do": "cancel", "number": 0})
                    break
            elif what == "head":
                reports.append("head " + dict(report["fields"])[":status"])
            elif what not in ("blocked", "unblocked"):
                reports.append(" ".join([what, *([report["code"]] if "code" in report else [])]))
                break
    except (asyncio.IncompleteReadError, asyncio.TimeoutError) as error:
        reports.append(type(error).__name__)
    at = time.monotonic()
    await asyncio.sleep(0.2 if path == "/left" else 0)
    writer.close()
    return [*reports, f"{count} bytes"], at


async def main():
    certificate = "/tmp/certificate.pem"
    subprocess.run(
        f"openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=x -days 2 -keyout {certificate} -out /tmp/cert.pem".split(),
        check=True,
        capture_output=True,
    )
    configuration = QuicConfiguration(is_client=False, alpn_protocols=H3_ALPN)
    configuration.load_cert_chain("/tmp/cert.pem", certificate)
    await serve("127.0.0.1", QUIC, configuration=configuration, create_protocol=Server)
    client = subprocess.Popen([sys.executable, "/aioquic/client.py", "127.0.0.1", str(ORDERS)])
    try:
        for _ in range(200):
            try:
                (await asyncio.open_connection("127.0.0.1", ORDERS))[1].close()
                break
            except OSError:
                await asyncio.sleep(0.05)
        answers = {}
        for path in ("/whole", "/304", "/interim", "/trailers", "/broken", "/reset"):
            answers[path], _ = await asked(path)
        answers["HEAD"], _ = await asked("/length", method="HEAD")
        answers["upload"], _ = await asked("/upload", method="POST")
        answers["uploaded"] = sum(one for one in seen if isinstance(one, int))
        seen.clear()
        await asked("/left")
        answers["left"] = sorted(seen)
        for path in ("/close", "/close-by-quic"):
            seen.clear()
            answers[path], at = await asked(path)
            answers[f"{path} at once"] = at - seen[-1] < 0.08
        answers["nothing listens"], _ = await asked("/whole", port=NOTHING)
        answers["small and slow"], _ = await asked("/small", is_slow=True, within=30)
        descriptors = lambda: len(os.listdir(f"/proc/{client.pid}/fd"))
        before = descriptors()
        for _ in range(20):
            await asked("/whole")
        await asyncio.sleep(0.5)
        answers["descriptors left"] = descriptors() - before
        print(json.dumps(answers))
    finally:
        client.terminate()
        client.wait(10)


asyncio.run(main())
