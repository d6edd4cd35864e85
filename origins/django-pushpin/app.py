# A Django project behind Pushpin. A view answers at once, and its worker is free; Pushpin holds the response for the client, and whatever is
# published to its channel follows. What publishes is a thread here; it might be any program.
import json
import os
import threading
import time
import uuid
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.error import URLError
from urllib.request import Request, urlopen

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse, StreamingHttpResponse
from django.urls import path

from lab import Records

settings.configure(ALLOWED_HOSTS=["*"], ROOT_URLCONF=__name__, SECRET_KEY="not a secret: nothing is signed")

EVENTS = "text/event-stream"
CONTROL = os.environ["CONTROL"]


class Channel:
    def __init__(self):
        self.name = uuid.uuid4().hex

    def publish(self, message):
        item = {"channel": self.name, "formats": {"http-stream": message}}
        body = json.dumps({"items": [item]}).encode()
        urlopen(Request(CONTROL, body, {"Content-Type": "application/json"})).close()

    def publish_all(self, records):
        for record in iter(records.next, None):
            self.publish({"content": record.decode()})
        self.publish({"action": "close"})


class Held(HttpResponse):
    """A response that Pushpin passes on and keeps open."""

    def __init__(self, channel, records, content=b"", headers={}):
        grip = {"Grip-Hold": "stream", "Grip-Channel": channel.name}
        super().__init__(content, content_type=EVENTS, headers={**grip, **headers})
        self.publisher = threading.Thread(target=channel.publish_all, args=[records], daemon=True)

    def close(self):
        """The server calls it when it has written the response."""
        super().close()
        self.publisher.start()


def mark(request):
    return request.headers.get("hopwise-request") or request.GET.get("hopwise", "")


def stream(request):
    """Its first event is in the response: when the client has that, Pushpin knows the channel."""
    records = Records(mark(request))
    return Held(Channel(), records, records.next())


def published(request):
    return Held(Channel(), Records(mark(request)))


def published_too_early(request):
    """Its first event is published before Pushpin has the response."""
    channel, records = Channel(), Records(mark(request))
    channel.publish({"content": records.next().decode()})
    return Held(channel, records)


def kept_alive(request):
    records = Records(mark(request))
    return Held(Channel(), records, records.next(), {"Grip-Keep-Alive": r":\n\n; format=cstring; timeout=1"})


def passed(request):
    """Streams by itself, without GRIP."""
    return StreamingHttpResponse(iter(Records(mark(request)).next, None), content_type=EVENTS)


class Probe(BaseHTTPRequestHandler):
    """Its response has an instruction of GRIP."""

    def do_GET(self):
        self.send_response(200)
        self.send_header("Grip-Status", "200")
        self.send_header("Content-Length", "0")
        self.end_headers()


def ready(request):
    """Pushpin's parts find each other some time after it listens: until then it answers 500 to every response with an instruction."""
    probe = HTTPServer(("127.0.0.1", int(os.environ["PROBE"])), Probe)
    threading.Thread(target=probe.serve_forever, daemon=True).start()
    try:
        while True:
            try:
                urlopen(f"http://127.0.0.1:{os.environ['PORT']}/probe").close()
                return HttpResponse("ready")
            except URLError:
                time.sleep(0.05)
    finally:
        probe.shutdown()
        probe.server_close()


urlpatterns = [
    path("ready", ready),
    path("stream", stream),
    path("published", published),
    path("published-too-early", published_too_early),
    path("kept-alive", kept_alive),
    path("passed", passed),
]

wsgi = get_wsgi_application()
