# A Django project: a view for each way to write a response. Every record comes from the lab, which answers as soon as the trial
# wants it written.
from django.conf import settings
from django.core.asgi import get_asgi_application
from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse, StreamingHttpResponse
from django.template import Context, Template
from django.urls import path

import itertools
import os

from bulk import bulk, bulk_async, traced
from lab import AsyncRecords, Records

settings.configure(
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    SECRET_KEY="not a secret: nothing is signed",
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates"}],
    MIDDLEWARE=[name for name in os.environ.get("MIDDLEWARE", "").split(",") if name],
)

EVENTS = "text/event-stream"


def mark(request):
    return request.headers.get("hopwise-request") or request.GET.get("hopwise", "")


def stream(request):
    return StreamingHttpResponse(events(request), content_type=EVENTS)


def stream_async(request):
    return StreamingHttpResponse(async_events(request), content_type=EVENTS)


def whole(request):
    """Its iterator is read to its end before anything is sent."""
    return HttpResponse(events(request), content_type=EVENTS)


def stream_accel(request):
    return StreamingHttpResponse(events(request), content_type=EVENTS, headers={"X-Accel-Buffering": "no"})


def stream_with_length(request):
    """As for a file: the length is known before the content."""
    records = Records(mark(request))
    first = records.next()

    def events():
        yield first
        yield from iter(records.next, None)

    return StreamingHttpResponse(events(), content_type=EVENTS, headers={"Content-Length": records.length})


def with_head(request):
    """The status and the header fields are what the trial wants them to be."""
    records = Records(mark(request))
    first = records.next()
    items = itertools.chain([first], iter(records.next, None))
    return StreamingHttpResponse(items, content_type=EVENTS, status=records.status, headers=records.headers)


def template(request):
    """Django's templates are rendered as a whole."""
    text = Template("{% autoescape off %}{% for event in events %}{{ event }}{% endfor %}{% endautoescape %}")
    return StreamingHttpResponse([text.render(Context({"events": texts(request)}))], content_type=EVENTS)


def template_in_pieces(request):
    piece = Template("{% autoescape off %}{{ event }}{% endautoescape %}")
    return StreamingHttpResponse((piece.render(Context({"event": event})) for event in texts(request)), content_type=EVENTS)


def texts(request):
    return (event.decode() for event in events(request))


def json_list(request):
    return StreamingHttpResponse(events(request), content_type="application/json")


def rows(request):
    return StreamingHttpResponse(events(request), content_type="text/csv")


def chunked_by_hand(request):
    return StreamingHttpResponse(events(request), content_type=EVENTS, headers={"Transfer-Encoding": "chunked"})


async def chunked_by_hand_async(request):
    return StreamingHttpResponse(async_events(request), content_type=EVENTS, headers={"Transfer-Encoding": "chunked"})


def hung_on(request):
    """As one text has it: a function of the response's iterator, which is to be called when the client is gone."""

    class Content:
        def __init__(self):
            self.records = Records(mark(request))

        def __iter__(self):
            return iter(self.records.next, None)

        def disconnect(self):
            self.records.noticed("disconnect()")

    return StreamingHttpResponse(Content(), content_type=EVENTS)


def events(request):
    records = Records(mark(request))
    try:
        yield from iter(records.next, None)
    except GeneratorExit:
        records.noticed("GeneratorExit")
        raise


async def async_events(request):
    records = AsyncRecords(mark(request))
    try:
        while (record := await records.next()) is not None:
            yield record
    except BaseException as left:
        # GeneratorExit or CancelledError: what is being closed must not wait for anything.
        records.noticed(type(left).__name__)
        raise


urlpatterns = [
    path("ready", lambda request: HttpResponse("ready")),
    path("stream", stream),
    path("stream-async", stream_async),
    path("whole", whole),
    path("stream-accel", stream_accel),
    path("stream-with-length", stream_with_length),
    path("with-head", with_head),
    path("template", template),
    path("template-in-pieces", template_in_pieces),
    path("json", json_list),
    path("rows", rows),
    path("chunked-by-hand", chunked_by_hand),
    path("chunked-by-hand-async", chunked_by_hand_async),
    path("hung-on", hung_on),
    path("bulk", bulk),
    path("bulk-async", bulk_async),
    path("traced", traced),
]

wsgi = get_wsgi_application()
asgi = get_asgi_application()
