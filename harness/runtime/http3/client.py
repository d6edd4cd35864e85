# Speaks HTTP/3 for the lab, because Node does not: client.py HOST PORT
# It takes orders by TCP, in the frames of harness/lab/frames.ts: one TCP connection for each connection of HTTP/3.
import asyncio
import fcntl
import json
import os
import socket
import ssl
import struct
import sys
import termios

from aioquic.asyncio.protocol import QuicConnectionProtocol
from aioquic.buffer import UINT_VAR_MAX_SIZE
from aioquic.h3.connection import H3_ALPN, ErrorCode, H3Connection, HeadersState
from aioquic.h3.events import DataReceived, HeadersReceived
from aioquic.quic.configuration import QuicConfiguration
from aioquic.quic.connection import QuicConnection
from aioquic.quic.events import HandshakeCompleted, StreamReset
from aioquic.quic.packet import QuicErrorCode, QuicFrameType

# Those of Chrome: a client that reads immediately never exhausts them.
STREAM_WINDOW = 6 * 1024 * 1024
CONNECTION_WINDOW = 15 * 1024 * 1024
# For a slow reader, so that the other side is blocked early.
SMALL_WINDOW = 64 * 1024
# As much as the system allows: what does not fit is lost, and comes late.
RECEIVE_BUFFER = 8 * 1024 * 1024
# So much may be lost before it is looked for.
LOSS_CHECK_BYTES = 64 * 1024
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


def name_in(codes, code):
    return codes(code).name if code in [one.value for one in codes] else hex(code)


class Http3(H3Connection):
    """aioquic takes what follows an interim response for trailers, and ends the connection if a content length is not met, though a response to
    HEAD has one and no content."""

    def _handle_request_or_push_frame(self, **frame):
        events = super()._handle_request_or_push_frame(**frame)
        for event in events:
            if isinstance(event, HeadersReceived) and dict(event.headers).get(b":status", b"").startswith(b"1"):
                frame["stream"].headers_recv_state = HeadersState.INITIAL
        return events

    def _check_content_length(self, stream):
        pass


class Connection(QuicConnection):
    """Extends the window of a stream only as its reader takes data, where aioquic extends it on receipt. Knows who closed the connection."""

    def __init__(self, **options):
        super().__init__(**options)
        self.window = self.configuration.max_stream_data
        # By stream: the bytes passed on, and those of them that the reader has not taken.
        self.untaken = {}
        # The highest limit that was ever sent.
        self.limits = {}
        self.closed_by_peer = None
        self.closed_here = None
        self.on_extended = lambda stream_id: None

    def _write_stream_limits(self, builder, space, stream):
        stream_id = stream.stream_id
        if stream_id not in self.untaken:
            return super()._write_stream_limits(builder, space, stream)
        limit = stream.receiver.starting_offset() - self.untaken[stream_id] + self.window
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
        buffer.push_uint_var(stream_id)
        buffer.push_uint_var(stream.max_stream_data_local)
        stream.max_stream_data_local_sent = stream.max_stream_data_local
        self.limits[stream_id] = stream.max_stream_data_local
        self.on_extended(stream_id)

    def is_exhausted(self, stream_id):
        stream = self._streams.get(stream_id)
        return stream is not None and stream.receiver.highest_offset >= self.limits.get(stream_id, self.window)

    def has_gap(self, stream_id):
        """Something later than what is missing has come."""
        stream = self._streams.get(stream_id)
        return stream is not None and len(stream.receiver._ranges) > 0

    # aioquic reports a close only when the draining period is over.
    def _handle_connection_close_frame(self, context, frame_type, buf):
        super()._handle_connection_close_frame(context, frame_type, buf)
        event = self._close_event
        if self.closed_by_peer is None and self.closed_here is None:
            # RFC 9000 section 19.19: only a close by QUIC itself has a frame type.
            codes = ErrorCode if event.frame_type is None else QuicErrorCode
            self.closed_by_peer = name_in(codes, event.error_code)

    def close(self, error_code=QuicErrorCode.NO_ERROR, frame_type=None, reason_phrase=""):
        if self._close_event is None and self.closed_here is None:
            self.closed_here = reason_phrase or name_in(ErrorCode if frame_type is None else QuicErrorCode, error_code)
        super().close(error_code=error_code, frame_type=frame_type, reason_phrase=reason_phrase)


class Client(QuicConnectionProtocol):
    """One connection of HTTP/3. `say` passes on what happens."""

    def __init__(self, quic, say):
        super().__init__(quic)
        self.http = Http3(quic)
        self.say = say
        # The lab numbers its requests. Those that still expect something, by their stream.
        self.ids = {}
        self.numbers = {}
        self.blocked = set()
        self.is_over = False
        self.is_behind = False
        self.unchecked_bytes = 0
        self.lost = 0
        quic.on_extended = lambda stream_id: self.say_blocked(stream_id, False)

    # What the lab orders.

    def request(self, number, headers, isLast, bytes=None):
        stream_id = self._quic.get_next_available_stream_id()
        self.ids[number] = stream_id
        self.numbers[stream_id] = number
        self._quic.untaken[stream_id] = 0
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
        self._quic.untaken[self.ids[number]] -= count
        self.transmit()

    def cancel(self, number):
        stream_id = self.ids.get(number)
        if self.numbers.pop(stream_id, None) is None:
            return
        # RFC 9114 section 4.1.1. Chrome sends both, whether or not its request is complete.
        self._quic.reset_stream(stream_id, ErrorCode.H3_REQUEST_CANCELLED)
        self._quic.stop_stream(stream_id, ErrorCode.H3_REQUEST_CANCELLED)
        self.transmit()

    def leave(self, isInOrder):
        self.is_over = True
        self.close(error_code=ErrorCode.H3_NO_ERROR if isInOrder else ErrorCode.H3_INTERNAL_ERROR)

    def ping(self):
        self._quic.send_ping(0)
        self.transmit()

    def dispose(self):
        if not self.is_over:
            self.leave(isInOrder=True)
        if self._timer is not None:
            self._timer.cancel()
        self._transport.close()

    # What the other side does.

    def datagram_received(self, data, addr):
        super().datagram_received(data, addr)
        self.say_closed()
        self.unchecked_bytes += len(data)
        socket_here = self._transport.get_extra_info("socket")
        is_waiting = struct.unpack("i", fcntl.ioctl(socket_here, termios.FIONREAD, b"\0" * 4))[0] > 0
        is_behind = is_waiting or any(map(self._quic.has_gap, self.numbers)) or self.has_lost(socket_here)
        if is_behind != self.is_behind:
            # Until all that has come is read, this client is late, and not the hop.
            self.is_behind = is_behind
            self.say({"is": "blocked" if is_behind else "unblocked", "number": None})

    def has_lost(self, socket_here):
        """Whether datagrams were dropped since the last look: then the other side will send them again."""
        if self.unchecked_bytes < LOSS_CHECK_BYTES:
            return False
        self.unchecked_bytes = 0
        before, self.lost = self.lost, drops_of(socket_here)
        return self.lost > before

    def error_received(self, error):
        if not self.is_over and not self.http_is_open():
            self.is_over = True
            self.say({"is": "refused", "why": str(error)})

    def http_is_open(self):
        return self._quic._handshake_complete

    def _handle_timer(self):
        super()._handle_timer()
        self.say_closed()

    def say_closed(self):
        quic = self._quic
        if self.is_over or quic._close_event is None:
            return
        self.is_over = True
        if quic.closed_by_peer is not None:
            self.say({"is": "closed", "code": quic.closed_by_peer})
        elif quic.closed_here is not None:
            self.say({"is": "unreadable", "why": quic.closed_here})
        else:
            self.say({"is": "idle"})

    def quic_event_received(self, event):
        if isinstance(event, HandshakeCompleted):
            self.say({"is": "connected", "port": self._transport.get_extra_info("sockname")[1]})
        elif isinstance(event, StreamReset) and event.stream_id in self.numbers:
            self.say({"is": "reset", "number": self.numbers.pop(event.stream_id), "code": name_in(ErrorCode, event.error_code)})
        for one in self.http.handle_event(event):
            self.take(one)
        stream_id = getattr(event, "stream_id", None)
        if stream_id in self.numbers and self._quic.is_exhausted(stream_id):
            self.say_blocked(stream_id, True)

    def take(self, one):
        number = self.numbers.get(getattr(one, "stream_id", None))
        if number is None:
            return
        # Trailers have no status.
        if isinstance(one, HeadersReceived) and dict(one.headers).get(b":status"):
            self.say({"is": "head", "number": number, "fields": [[name.decode("latin-1"), value.decode("latin-1")] for name, value in one.headers]})
        if isinstance(one, DataReceived) and one.data:
            self._quic.untaken[one.stream_id] += len(one.data)
            self.say({"is": "data", "number": number}, one.data)
        if getattr(one, "stream_ended", False):
            del self.numbers[one.stream_id]
            self.say({"is": "end", "number": number})

    def say_blocked(self, stream_id, is_blocked):
        if is_blocked == (stream_id in self.blocked) or stream_id not in self.numbers:
            return
        (self.blocked.add if is_blocked else self.blocked.discard)(stream_id)
        self.say({"is": "blocked" if is_blocked else "unblocked", "number": self.numbers[stream_id]})


def drops_of(socket_here):
    """The last column of https://www.kernel.org/doc/html/latest/networking/proc_net_tcp.html, for UDP."""
    inode = str(os.fstat(socket_here.fileno()).st_ino)
    with open("/proc/net/udp") as table:
        return next((int(line.split()[-1]) for line in table if line.split()[9] == inode), 0)


async def pinging(client, every_seconds):
    while True:
        await asyncio.sleep(every_seconds)
        client.ping()


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
    address = (order["host"], order["port"])
    # Connected, so that the system reports when nothing listens there.
    _, client = await asyncio.get_running_loop().create_datagram_endpoint(
        lambda: Client(Connection(configuration=configuration), say), remote_addr=address
    )
    client._transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER)
    client.connect(address)
    return client


async def take_orders(reader, writer):
    say = lambda value, data=None: writer.is_closing() or writer.write(encoded(value, data))
    client = pings = None
    try:
        async for order in orders_from(reader):
            does = order.pop("do")
            if does == "connect":
                client = await connected(order, say)
                pings = asyncio.ensure_future(pinging(client, PING_SECONDS / order["timeScale"]))
            else:
                getattr(client, does)(**order)
    except Exception as error:
        # It is none of the hop's doing.
        say({"is": "failed", "why": f"{type(error).__name__}: {error}"})
    finally:
        if pings:
            pings.cancel()
        if client:
            client.dispose()
        writer.close()


async def main(host, port):
    async with await asyncio.start_server(take_orders, host, int(port)) as server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
