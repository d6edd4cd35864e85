# The straight pipe of the control over HTTP/3: pipe.py HOST PORT PORT3 FILE URL
# Answers HTTP/3 on PORT3 with what URL answers, as it comes. FILE has its key and certificate. On PORT, as on PORT3, it takes connections of TCP:
# whether a port of UDP is open cannot be seen.
import asyncio
import sys
from urllib.parse import urlsplit

from aioquic.asyncio import serve
from aioquic.asyncio.protocol import QuicConnectionProtocol
from aioquic.h3.connection import H3_ALPN, ErrorCode, H3Connection
from aioquic.h3.events import HeadersReceived
from aioquic.quic.configuration import QuicConfiguration
from aioquic.quic.events import ConnectionTerminated

IDLE_SECONDS = 300


class Server(QuicConnectionProtocol):
    upstream = None

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.http = H3Connection(self._quic)
        self.answers = set()

    def quic_event_received(self, event):
        if isinstance(event, ConnectionTerminated):
            for answer in self.answers:
                answer.cancel()
        for one in self.http.handle_event(event):
            if isinstance(one, HeadersReceived):
                answer = asyncio.ensure_future(self.answer(one.stream_id, dict(one.headers)))
                self.answers.add(answer)
                answer.add_done_callback(self.answers.discard)

    async def answer(self, stream_id, headers):
        writer = None
        try:
            reader, writer = await asyncio.open_connection(self.upstream.hostname, self.upstream.port)
            # An answer in HTTP/1.0 is not chunked.
            writer.write(b"GET %s HTTP/1.0\r\nHost: %s\r\n\r\n" % (headers[b":path"], headers[b":authority"]))
            status = (await reader.readuntil(b"\r\n\r\n")).split(b" ")[1]
            self.http.send_headers(stream_id, [(b":status", status)])
            while data := await reader.read(65536):
                self.http.send_data(stream_id, data, end_stream=False)
                self.transmit()
            self.http.send_data(stream_id, b"", end_stream=True)
            self.transmit()
        except (asyncio.IncompleteReadError, OSError):
            self.close(error_code=ErrorCode.H3_INTERNAL_ERROR)
        finally:
            if writer:
                writer.close()


async def main(host, port, port3, certificate, url):
    Server.upstream = urlsplit(url)
    configuration = QuicConfiguration(is_client=False, alpn_protocols=H3_ALPN, idle_timeout=IDLE_SECONDS)
    configuration.load_cert_chain(certificate, certificate)
    await serve(host, int(port3), configuration=configuration, create_protocol=Server)
    ready = [await asyncio.start_server(lambda _, writer: writer.close(), host, int(one)) for one in (port, port3)]
    await asyncio.gather(*(one.serve_forever() for one in ready))


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
