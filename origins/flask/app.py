from flask import Flask, Response, request

from lab import Records

app = Flask(__name__)


def events(mark):
    records = Records(mark)
    try:
        yield from iter(records.next, None)
    except GeneratorExit:
        records.noticed("GeneratorExit")
        raise


@app.get("/stream")
def stream():
    mark = request.headers.get("hopwise-request") or request.args.get("hopwise", "")
    return Response(events(mark), mimetype="text/event-stream")


@app.get("/ready")
def ready():
    return "ready"
