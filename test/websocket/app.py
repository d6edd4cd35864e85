# Django Channels under Daphne: a WebSocket that is a member of a group, and a stream of the same group's messages.
import django
from django.conf import settings

settings.configure(
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    SECRET_KEY="not a secret: nothing is signed",
    INSTALLED_APPS=["channels"],
    CHANNEL_LAYERS={"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}},
)
django.setup()

from channels.generic.websocket import AsyncWebsocketConsumer
from channels.layers import get_channel_layer
from channels.routing import ProtocolTypeRouter, URLRouter
from django.core.asgi import get_asgi_application
from django.http import StreamingHttpResponse
from django.urls import path

GROUP = "news"


class Consumer(AsyncWebsocketConsumer):
    async def connect(self):
        await self.channel_layer.group_add(GROUP, self.channel_name)
        await self.accept()

    async def receive(self, text_data):
        what, _, text = text_data.partition(" ")
        if what == "echo":
            await self.send(text)
        elif what == "publish":
            await self.channel_layer.group_send(GROUP, {"type": "news", "text": text})
        elif what == "close":
            await self.close(4001)
        elif what == "fail":
            raise RuntimeError("the application fails here")

    async def news(self, event):
        await self.send(event["text"])

    async def disconnect(self, code):
        await self.channel_layer.group_discard(GROUP, self.channel_name)
        name = self.scope["query_string"].decode()
        with open("/tmp/noticed", "a") as noticed:
            noticed.write(f"{name} {code}\n")


async def events(request):
    layer = get_channel_layer()
    channel = await layer.new_channel()
    await layer.group_add(GROUP, channel)

    async def records():
        yield "data: open\n\n"
        while True:
            yield f"data: {(await layer.receive(channel))['text']}\n\n"

    return StreamingHttpResponse(records(), content_type="text/event-stream")


urlpatterns = [path("events", events)]

application = ProtocolTypeRouter(
    {"http": get_asgi_application(), "websocket": URLRouter([path("ws", Consumer.as_asgi())])}
)
