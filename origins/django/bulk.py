# Responses of any size, without the lab: what a response costs in memory and time (bench/applications.ts).
import csv
import tracemalloc

from django.http import HttpResponse, StreamingHttpResponse


def wanted(request):
    if "traced" in request.GET:
        tracemalloc.start()
        tracemalloc.reset_peak()
    else:
        tracemalloc.stop()
    return request.GET["how"], int(request.GET["bytes"]), int(request.GET["item"])


def bulk(request):
    how, size, item = wanted(request)
    content = csv_rows(size) if how == "csv" else (b"x" * item for _ in range(size // item))
    return HttpResponse(content) if how == "whole" else StreamingHttpResponse(content)


async def bulk_async(request):
    how, size, item = wanted(request)

    async def content():
        for _ in range(size // item):
            yield b"x" * item

    return HttpResponse([part async for part in content()]) if how == "whole" else StreamingHttpResponse(content())


def csv_rows(size):
    """As Django's documentation has it: a writer whose file returns what it is given."""

    class Echo:
        def write(self, value):
            return value

    writer = csv.writer(Echo())
    sent = number = 0
    while sent < size:
        number += 1
        row = writer.writerow([number, "a name", "a place", number * number])
        sent += len(row)
        yield row


def traced(request):
    return HttpResponse(str(tracemalloc.get_traced_memory()[1]))
