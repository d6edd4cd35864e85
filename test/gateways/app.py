# Served by uWSGI: what a stream's last path segment asks for.
import os
import time


def record(number, size):
    """With the time at which it is made."""
    line = f"{number} {time.time():.6f} "
    return (line + "." * (size - len(line) - 1) + "\n").encode()


def stream(kind, name):
    size = 5000 if kind == "large" else 100
    try:
        if kind == "endless":
            for number in range(60):
                yield record(number, size)
                time.sleep(0.1)
            return
        for number in range(8):
            if kind == "killed" and number == 4:
                os.kill(os.getpid(), 9)
            if kind == "failing" and number == 4:
                raise RuntimeError("the application fails")
            if kind == "short" and number == 4:
                return
            yield record(number, size)
            time.sleep(0.15)
    except GeneratorExit:
        with open("/tmp/noticed", "a") as lines:
            lines.write(f"{name}\n")


def application(environ, start_response):
    kind = environ["PATH_INFO"].rsplit("/", 1)[-1]
    length = [("Content-Length", "800")] if kind == "short" else []
    start_response("200 OK", [("Content-Type", "text/plain"), *length])
    return stream(kind, environ["QUERY_STRING"])
