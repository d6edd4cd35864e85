# A Django project that caches: whole responses (cache_page), or the items of a stream as they are made.
import os
from pathlib import Path

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse, StreamingHttpResponse
from django.urls import path
from django.views.decorators.cache import cache_page

from lab import Records

SOCKET = Path(__file__).with_name("cache.sock")
LOCATIONS = {
    "django.core.cache.backends.redis.RedisCache": f"unix://{SOCKET}",
    "django.core.cache.backends.memcached.PyMemcacheCache": f"unix:{SOCKET}",
}
BACKEND = os.environ["CACHE_BACKEND"]

settings.configure(
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    SECRET_KEY="not a secret: nothing is signed",
    MIDDLEWARE=[],
    # Without DEBUG, Django writes errors to nobody.
    LOGGING={
        "version": 1,
        "disable_existing_loggers": False,
        "handlers": {"console": {"class": "logging.StreamHandler"}},
        "root": {"handlers": ["console"], "level": "WARNING"},
    },
    CACHES={"default": {"BACKEND": BACKEND, "LOCATION": LOCATIONS.get(BACKEND, "")}},
)

from django.core.cache import cache  # noqa: E402, once there are settings

EVENTS = "text/event-stream"


def mark(request):
    return request.headers.get("hopwise-request") or request.GET.get("hopwise", "")


def events(request):
    return iter(Records(mark(request)).next, None)


def stream(request):
    return StreamingHttpResponse(events(request), content_type=EVENTS)


def whole(request):
    return HttpResponse(events(request), content_type=EVENTS)


def stream_cached_by_item(request):
    """Each item is stored as it is made, by one request at a time. Once all of them are there, none is made again."""
    key = request.get_full_path()
    return StreamingHttpResponse(items(request, key, stores=cache.add(f"{key}:maker", True)), content_type=EVENTS)


def stream_cached_by_item_unlocked(request):
    """As above, but whoever comes stores."""
    return StreamingHttpResponse(items(request, request.get_full_path(), stores=True), content_type=EVENTS)


def items(request, key, stores):
    if (stored := cache.get(f"{key}:items")) is not None:
        yield from (cache.get(f"{key}:{number}") for number in range(stored))
        return
    made = 0
    for item in events(request):
        if stores:
            cache.set(f"{key}:{made}", item)
        made += 1
        yield item
    if stores:
        cache.set(f"{key}:items", made)


urlpatterns = [
    path("ready", lambda request: HttpResponse("ready")),
    path("stream", cache_page(600)(stream)),
    path("whole", cache_page(600)(whole)),
    path("by-item", stream_cached_by_item),
    path("by-item-unlocked", stream_cached_by_item_unlocked),
]

wsgi = get_wsgi_application()
