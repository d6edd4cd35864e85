from fastapi import FastAPI, Request
from fastapi.responses import StreamingResponse

from lab import AsyncRecords

app = FastAPI()


async def events(mark):
    records = AsyncRecords(mark)
    try:
        while (record := await records.next()) is not None:
            yield record
    except BaseException as left:
        records.noticed(type(left).__name__)
        raise


@app.get("/stream")
async def stream(request: Request):
    mark = request.headers.get("hopwise-request") or request.query_params.get("hopwise", "")
    return StreamingResponse(events(mark), media_type="text/event-stream")


@app.get("/ready")
async def ready():
    return "ready"
