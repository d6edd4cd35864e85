# The lab's HTTP/3, which Node does not speak. One program with two roles:
#   client PORT                    takes the lab's orders by TCP, in the frames of harness/lab/frames.ts: one TCP connection for each connection of HTTP/3
#   server PORT PORT3 FILE URL     for the control: answers HTTP/3 on PORT3 with what URL answers, with the certificate and key in FILE
import asyncio
import fcntl
import json
import ssl
import struct
import sys
import termios
from urllib.parse import urlsplit

from aioquic.asyncio import serve
from aioquic.asyncio.protocol import QuicConnectionProtocol
from aioquic.buffer import UINT_VAR_MAX_SIZE
from aioquic.h3.connection import H3_ALPN, ErrorCode, H3Connection, HeadersState
from aioquic.h3.events import DataReceived, HeadersReceived
from aioquic.quic.configuration import QuicConfiguration
from aioquic.quic.connection import QuicConnection
from aioquic.quic.events import ConnectionTerminated, HandshakeCompleted, StopSendingReceived, StreamReset
from aioquic.quic.packet import QuicErrorCode, QuicFrameType

# Those of Chrome: a client that reads immediately never exhausts them.
STREAM_WINDOW = 6 * 1024 * 1024
CONNECTION_WINDOW = 15 * 1024 * 1024
# For a slow reader, so that the other side is blocked early.
SMALL_WINDOW = 64 * 1024
# As Chrome does while it waits for a response.
PING_SECONDS = 15
IDLE_SECONDS = 300
PREFIX = struct.Struct(">II")


def encoded(value, data=None):
    references = [] if data is None else [{"path": ["bytes"], "kind": "u8", "offset": 0, "length": len(data)}]
    text = json.dumps({"value": {**value, "bytes": None}, "references": references}).encode()
    return PREFIX.pack(len(text), len(data or b"")) + text + (data or b"")


async def orders_from(reader):
    while True:
        try:
            text_length, blob_length = PREFIX.unpack(await reader.readexactly(PREFIX.size))
            frame = json.loads(await reader.readexactly(text_length))
            blob = await reader.readexactly(blob_length)
        except (asyncio.IncompleteReadError, ConnectionError):
            return
        order = frame["value"]
        for reference in frame["references"]:
            order[reference["path"][0]] = blob[reference["offset"] : reference["offset"] + reference["length"]]
        yield order


def name_of(code):
    """RFC 9114 section 8.1 for what HTTP/3 says, RFC 9000 section 20.1 for what QUIC says."""
    for names in (ErrorCode, QuicErrorCode):
        if code in [one.value for one in names]:
            return names(code).name if names is QuicErrorCode else "H3_" + names(code).name.removeprefix("H3_")
    return hex(code)


class Connection(QuicConnection):
    """Gives a stream as much as its reader has taken, and a window on top: aioquic by itself gives more whether it is read or not."""

    window = STREAM_WINDOW

    def __init__(self, **options):
        super().__init__(**options)
        self.taken = {}
        self.on_window = lambda stream_id, is_open: None

    def _write_stream_limits(self, builder, space, stream):
        if not stream.max_stream_data_local or stream.stream_id not in self.taken:
            return super()._write_stream_limits(builder, space, stream)
        limit = self.taken[stream.stream_id] + self.window
        if limit - stream.max_stream_data_local >= self.window // 2:
            stream.max_stream_data_local = limit
        if stream.max_stream_data_local == stream.max_stream_data_local_sent:
            return
        buffer = builder.start_frame(
            QuicFrameType.MAX_STREAM_DATA,
            capacity=1 + 2 * UINT_VAR_MAX_SIZE,
            handler=self._on_max_stream_data_delivery,
            handler_args=(stream,),
        )
        buffer.push_uint_var(stream.stream_id)
        buffer.push_uint_var(stream.max_stream_data_local)
        stream.max_stream_data_local_sent = stream.max_stream_data_local
        self.on_window(stream.stream_id, True)

    def is_exhausted(self, stream_id):
        stream = self._streams.get(stream_id)
        return stream is not None and stream.receiver.highest_offset >= stream.max_stream_data_local_sent


class Client(QuicConnectionProtocol):
    """One connection of HTTP/3. `say` passes on what happens."""

    def __init__(self, quic, say):
        super().__init__(quic)
        self.http = H3Connection(quic)
        self.say = say
        # The lab numbers its requests.
        self.ids = {}
        self.numbers = {}
        self.blocked = set()
        self.is_behind = False
        quic.on_window = self.window_changed

    # What the lab orders.

    def request(self, number, headers, isLast, bytes=None):
        stream_id = self._quic.get_next_available_stream_id()
        self.ids[number] = stream_id
        self.numbers[stream_id] = number
        self._quic.taken[stream_id] = 0
        fields = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers]
        self.http.send_headers(stream_id, fields, end_stream=isLast and not bytes)
        if bytes:
            self.http.send_data(stream_id, bytes, end_stream=isLast)
        self.transmit()

    def content(self, number, isLast, bytes=None):
        try:
            self.http.send_data(self.ids[number], bytes or b"", end_stream=isLast)
        except AssertionError:
            # The other side takes no more (STOP_SENDING).
            return
        self.transmit()

    def taken(self, number, count):
        self._quic.taken[self.ids[number]] += count
        self.transmit()

    def cancel(self, number):
        if self.numbers.pop(self.ids[number], None) is None:
            return
        self._quic.stop_stream(self.ids[number], ErrorCode.H3_REQUEST_CANCELLED)
        self.transmit()

    def leave(self, isInOrder):
        self.close(error_code=ErrorCode.H3_NO_ERROR if isInOrder else ErrorCode.H3_INTERNAL_ERROR)

    # What the other side does.

    def datagram_received(self, data, addr):
        super().datagram_received(data, addr)
        # More has come than was read: until it is, it is this client that is late.
        pending = fcntl.ioctl(self._transport.get_extra_info("socket"), termios.FIONREAD, b"\0" * 4)
        is_behind = struct.unpack("i", pending)[0] > 0
        if is_behind != self.is_behind:
            self.is_behind = is_behind
            self.say({"is": "blocked" if is_behind else "unblocked", "number": None})

    def quic_event_received(self, event):
        if isinstance(event, HandshakeCompleted):
            self.say({"is": "connected", "port": self._transport.get_extra_info("sockname")[1]})
        elif isinstance(event, StreamReset) and event.stream_id in self.numbers:
            self.say({"is": "reset", "number": self.numbers.pop(event.stream_id), "code": name_of(event.error_code)})
        elif isinstance(event, ConnectionTerminated):
            is_idle = event.frame_type == QuicFrameType.PADDING
            self.say({"is": "closed", "code": None if is_idle else name_of(event.error_code)})
        for one in self.http.handle_event(event):
            self.take(one)
        stream_id = getattr(event, "stream_id", None)
        if stream_id in self.numbers and self._quic.is_exhausted(stream_id):
            self.window_changed(stream_id, False)

    def take(self, one):
        number = self.numbers.get(getattr(one, "stream_id", None))
        if number is None:
            return
        if isinstance(one, HeadersReceived) and one.headers and one.headers[0][0] == b":status":
            if one.headers[0][1].startswith(b"1"):
                # It takes what follows an interim response for trailers.
                self.http._stream[one.stream_id].headers_recv_state = HeadersState.INITIAL
            self.say({"is": "head", "number": number, "fields": [[name.decode("latin-1"), value.decode("latin-1")] for name, value in one.headers]})
        if isinstance(one, DataReceived) and one.data:
            self.say({"is": "data", "number": number}, one.data)
        if getattr(one, "stream_ended", False):
            del self.numbers[one.stream_id]
            self.say({"is": "end", "number": number})

    def window_changed(self, stream_id, is_open):
        if is_open == (stream_id not in self.blocked) or stream_id not in self.numbers:
            return
        (self.blocked.discard if is_open else self.blocked.add)(stream_id)
        self.say({"is": "unblocked" if is_open else "blocked", "number": self.numbers[stream_id]})


async def pinging(client):
    while True:
        await asyncio.sleep(PING_SECONDS)
        await client.ping()


async def connected(order, say):
    configuration = QuicConfiguration(
        is_client=True,
        alpn_protocols=H3_ALPN,
        verify_mode=ssl.CERT_NONE,
        server_name=order["serverName"],
        max_data=CONNECTION_WINDOW,
        max_stream_data=SMALL_WINDOW if order["isSlow"] else STREAM_WINDOW,
        idle_timeout=IDLE_SECONDS,
    )
    quic = Connection(configuration=configuration)
    quic.window = configuration.max_stream_data
    loop = asyncio.get_running_loop()
    _, client = await loop.create_datagram_endpoint(lambda: Client(quic, say), local_addr=("0.0.0.0", 0))
    client.connect((order["host"], order["port"]))
    return client


async def take_orders(reader, writer):
    say = lambda value, data=None: writer.is_closing() or writer.write(encoded(value, data))
    client = pings = None
    try:
        async for order in orders_from(reader):
            does = order.pop("do")
            if does == "connect":
                client = await connected(order, say)
                pings = asyncio.ensure_future(pinging(client))
            else:
                getattr(client, does)(**order)
    finally:
        if pings:
            pings.cancel()
        if client:
            client.leave(isInOrder=True)
            client.transmit()
        writer.close()


class Server(QuicConnectionProtocol):
    upstream = None

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.http = H3Connection(self._quic)

    def quic_event_received(self, event):
        for one in self.http.handle_event(event):
            if isinstance(one, HeadersReceived):
                asyncio.ensure_future(self.answer(one.stream_id, dict(one.headers)))

    async def answer(self, stream_id, headers):
        reader, writer = await asyncio.open_connection(self.upstream.hostname, self.upstream.port)
        # An answer in HTTP/1.0 is not chunked.
        writer.write(b"GET %s HTTP/1.0\r\nHost: %s\r\n\r\n" % (headers[b":path"], headers[b":authority"]))
        try:
            status = (await reader.readuntil(b"\r\n\r\n")).split(b" ")[1]
            self.http.send_headers(stream_id, [(b":status", status)])
            while data := await reader.read(65536):
                self.http.send_data(stream_id, data, end_stream=False)
                self.transmit()
            self.http.send_data(stream_id, b"", end_stream=True)
            self.transmit()
        except (asyncio.IncompleteReadError, ConnectionError):
            self.close(error_code=ErrorCode.H3_INTERNAL_ERROR)
        finally:
            writer.close()


async def main(role, port, *more):
    accept = lambda on, how: asyncio.start_server(how, "0.0.0.0", on)
    if role == "client":
        listening = [await accept(int(port), take_orders)]
    else:
        port3, certificate, url = more
        Server.upstream = urlsplit(url)
        configuration = QuicConfiguration(is_client=False, alpn_protocols=H3_ALPN, idle_timeout=IDLE_SECONDS)
        configuration.load_cert_chain(certificate, certificate)
        await serve("0.0.0.0", int(port3), configuration=configuration, create_protocol=Server)
        # Whether a port of UDP is open cannot be seen.
        listening = [await accept(int(one), lambda _, writer: writer.close()) for one in (port, port3)]
    await asyncio.gather(*(one.serve_forever() for one in listening))


asyncio.run(main(*sys.argv[1:]))
