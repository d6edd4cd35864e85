# The lab, as an application in Python asks it.
import asyncio
import json
import os
import urllib.request
import uuid
from urllib.parse import quote, urlsplit

LAB = os.environ["HOPWISE_LAB"]


class Records:
    """The records of one response. `mark` is the request's header field hopwise-request."""

    def __init__(self, mark):
        self.query = f"request={quote(mark)}&stream={uuid.uuid4().hex}"

    def next(self):
        # An answer of 500 raises: so a trial has the application fail.
        with urllib.request.urlopen(f"{LAB}/next?{self.query}") as response:
            self.length = response.headers["hopwise-length"]
            self.status = int(response.headers["hopwise-status"] or 200)
            self.headers = dict(json.loads(response.headers["hopwise-headers"] or "[]"))
            return response.read() if response.status == 200 else None

    def noticed(self, what):
        urllib.request.urlopen(f"{LAB}/noticed?{self.query}&what={quote(what)}").close()


class AsyncRecords(Records):
    async def next(self):
        lab = urlsplit(LAB)
        reader, writer = await asyncio.open_connection(lab.hostname, lab.port)
        try:
            writer.write(f"GET {lab.path}/next?{self.query} HTTP/1.0\r\n\r\n".encode())
            head, _, body = (await reader.read()).partition(b"\r\n\r\n")
        finally:
            writer.close()
        status = int(head.split()[1])
        if status >= 400:
            raise RuntimeError(f"the lab answered {status}")
        return body if status == 200 else None
