import os

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import PlainTextResponse, StreamingResponse
from starlette.routing import Route

from lab import AsyncRecords, Records


def mark(request):
    return request.headers.get("hopwise-request") or request.query_params.get("hopwise", "")


async def events(request):
    records = AsyncRecords(mark(request))
    try:
        while (record := await records.next()) is not None:
            yield record
    except BaseException as left:
        records.noticed(type(left).__name__)
        raise


def sync_events(request):
    records = Records(mark(request))
    try:
        yield from iter(records.next, None)
    except GeneratorExit:
        records.noticed("GeneratorExit")
        raise


app = Starlette(
    routes=[
        Route("/ready", lambda request: PlainTextResponse("ready")),
        Route("/stream", lambda request: StreamingResponse(events(request), media_type="text/event-stream")),
        Route("/stream-sync", lambda request: StreamingResponse(sync_events(request), media_type="text/event-stream")),
        Route("/lines", lambda request: StreamingResponse(events(request), media_type="text/plain")),
    ],
    middleware=[Middleware(GZipMiddleware)] if os.environ["GZIP"] else [],
)
