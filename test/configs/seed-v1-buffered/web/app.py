"""Counts seconds at the client: /events as Server-Sent Events, all else as a page."""

import os
import time

PAGE = b"""<!doctype html>
<title>Ticks</title>
<p id="tick">waiting</p>
<script>
  new EventSource("/events").onmessage = ({ data }) => {
    document.getElementById("tick").textContent = data;
  };
</script>
"""


def ticks():
    for tick in range(int(os.environ.get("TICKS", "30"))):
        yield b"data: %d\n\n" % tick
        time.sleep(1)


def application(environ, start_response):
    if environ["PATH_INFO"] == "/events":
        start_response("200 OK", [("Content-Type", "text/event-stream"), ("Cache-Control", "no-cache")])
        return ticks()
    start_response("200 OK", [("Content-Type", "text/html; charset=utf-8")])
    return [PAGE]
