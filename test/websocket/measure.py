# Runs in a container: Django Channels under Daphne, alone and behind nginx and http-proxy, and a WebSocket client. Prints one line of JSON.
import asyncio
import json
import signal
import subprocess
import sys
import time
from importlib.metadata import version

from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

PATIENCE = 5.0
# Less than what a person, or a timeout of a second, would notice.
AT_ONCE = 0.5
HERE = "/websocket"

number = 0


def url(port, path):
    """Each connection has a name, which the application reports when it notices its end."""
    global number
    number += 1
    return f"ws://127.0.0.1:{port}{path}?{number}"


def socket(port, path="/ws", **more):
    return connect(url(port, path), proxy=None, max_size=None, open_timeout=PATIENCE, close_timeout=PATIENCE, ping_interval=None, **more)


async def noticed(name, within=PATIENCE):
    """The code with which the application noticed the end of a connection; None: it did not."""
    until = time.monotonic() + within
    while time.monotonic() < until:
        with open("/tmp/noticed") as lines:
            for line in lines:
                if line.split()[0] == name:
                    return line.split()[1]
        await asyncio.sleep(0.01)
    return None


async def text(ws, within=PATIENCE):
    return await asyncio.wait_for(ws.recv(), within)


async def upgrade(port, path="/ws"):
    try:
        async with socket(port, path):
            return "101"
    except InvalidStatus as refused:
        return str(refused.response.status_code)


async def echo(port):
    seen = 0
    async with socket(port) as ws:
        for each in range(8):
            await ws.send(f"echo {each}")
            seen += await text(ws) == str(each)
    return f"{seen} of 8 before the next was sent"


async def beside(port):
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n")
    await asyncio.wait_for(reader.readuntil(b"data: open\n\n"), PATIENCE)
    by_socket = by_stream = 0
    async with socket(port) as ws:
        for each in range(8):
            await ws.send(f"publish {each}")
            by_socket += await text(ws) == str(each)
            try:
                await asyncio.wait_for(reader.readuntil(f"data: {each}\n\n".encode()), PATIENCE)
                by_stream += 1
            except asyncio.TimeoutError:
                pass
    writer.close()
    return f"{by_socket} of 8 by WebSocket, {by_stream} of 8 by the stream"


async def large(port):
    async with socket(port) as ws:
        await ws.send("echo " + "x" * 1_000_000)
        return "comes back whole" if await text(ws) == "x" * 1_000_000 else "comes back otherwise"


def words(code, seconds):
    if code is None:
        return f"nothing within {PATIENCE:.0f} s"
    return f"{code} at once" if seconds < AT_ONCE else f"{code} after {seconds:.0f} s"


async def leaves(port, by_frame):
    name = str(number + 1)
    async with socket(port) as ws:
        await ws.send("echo here")
        await text(ws)
        left = time.monotonic()
        if by_frame:
            await ws.close()
        else:
            ws.transport.abort()
        return words(await noticed(name), time.monotonic() - left)


async def ends(ws, within=PATIENCE):
    """How a connection ends for the client, and after how many seconds."""
    began = time.monotonic()
    try:
        while True:
            await text(ws, within)
    except ConnectionClosed:
        return ws.close_code, time.monotonic() - began
    except asyncio.TimeoutError:
        return None, within


async def told(port, what):
    async with socket(port) as ws:
        await ws.send(what)
        code, _ = await ends(ws)
        return str(code) if code else f"nothing within {PATIENCE:.0f} s"


async def survives(port, path="/ws", every=None, word="survives", within=PATIENCE):
    """`every`: what the client does each half second."""
    name = str(number + 1)
    async with socket(port, path) as ws:
        await ws.send("echo here")
        await text(ws)
        doing = asyncio.ensure_future(each_half_second(ws, every)) if every else None
        code, seconds = await ends(ws, within)
        if doing:
            doing.cancel()
        if code is None:
            return word
        return await cut(code, seconds, name)


async def cut(code, seconds, name):
    return f"is cut after {seconds:.0f} s: {code} at the client, {await noticed(name)} at the application"


async def each_half_second(ws, what):
    while True:
        await (ws.ping() if what == "ping" else ws.send(what))
        await asyncio.sleep(0.5)


async def reload(port, nginx):
    name = str(number + 1)
    async with socket(port) as ws:
        await ws.send("echo here")
        await text(ws)
        nginx.send_signal(signal.SIGHUP)
        code, seconds = await ends(ws, 3.0)
        if code is not None:
            return await cut(code, seconds, name)
        await ws.send("echo still")
        return "goes on" if await text(ws) == "still" else "goes on otherwise"


async def killed(ports, daphne):
    async def seen(port):
        async with socket(port) as ws:
            await ws.send("echo here")
            await text(ws)
            open_ones.release()
            await gone.wait()
            return words(*await ends(ws))

    open_ones, gone = asyncio.Semaphore(0), asyncio.Event()
    asked = [asyncio.ensure_future(seen(port)) for port in ports]
    for _ in ports:
        await open_ones.acquire()
    daphne.kill()
    gone.set()
    return await asyncio.gather(*asked)


async def common(port):
    return {
        "the upgrade": await upgrade(port),
        "an echo of each message": await echo(port),
        "a group's messages, and a stream beside it": await beside(port),
        "a message of 1 MB": await large(port),
        "the client closes: the application notices": await leaves(port, True),
        "the client is gone without a close frame: the application notices": await leaves(port, False),
        "the application closes with 4001: the client sees": await told(port, "close"),
        "the application fails: the client sees": await told(port, "fail"),
    }


async def measure(daphne, nginx, ending):
    answers = {
        "Daphne": await common(8001),
        "nginx": {
            **await common(8080),
            "the upgrade without proxy_set_header Upgrade and Connection": await upgrade(8080, "/plain/ws"),
            "silence, with proxy_read_timeout 2s": await survives(8080, "/short/ws"),
            "silence of 8 s, with proxy_read_timeout 5s and Daphne's --ping-interval 1": await survives(8080, "/pinged/ws", within=8.0),
            "silence, with the client's ping each half second": await survives(8080, "/short/ws", "ping"),
            "messages of the client only, each half second": await survives(8080, "/short/ws", "quiet", "survive"),
            "a reload": await reload(8080, nginx),
            "a reload, with worker_shutdown_timeout 1s": await reload(8081, ending),
        },
        "http-proxy": {
            **await common(8090),
            "silence of 5 s, with proxyTimeout and timeout 2s": await survives(8091),
        },
    }
    for through, seen in zip(answers, await killed([8001, 8080, 8090], daphne)):
        answers[through]["the application's process is killed: the client sees"] = seen
    return answers


def start_nginx(port, main):
    with open(f"{HERE}/nginx.conf") as template:
        text = template.read().replace("PORT", str(port)).replace("MAIN", main).replace("PID", f"/tmp/nginx-{port}.pid")
    with open(f"/tmp/nginx-{port}.conf", "w") as file:
        file.write(text)
    return subprocess.Popen(["nginx", "-c", f"/tmp/nginx-{port}.conf"])


async def ready(port):
    for _ in range(400):
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.close()
            return
        except OSError:
            await asyncio.sleep(0.05)
    raise SystemExit(f"nothing listens on port {port}")


async def main():
    open("/tmp/noticed", "w").close()
    serve = lambda port, *more: subprocess.Popen(["daphne", "-v", "0", "-p", str(port), *more, "app:application"], cwd=HERE)
    proxy = lambda *arguments: subprocess.Popen(["node", f"{HERE}/proxy.mjs", *arguments])
    daphne, nginx, ending = serve(8001), start_nginx(8080, ""), start_nginx(8081, "worker_shutdown_timeout 1s;")
    programs = [daphne, nginx, ending, serve(8002, "--ping-interval", "1"), proxy("8090"), proxy("8091", "2000", "2000")]
    try:
        await asyncio.gather(*(ready(port) for port in (8001, 8002, 8080, 8081, 8090, 8091)))
        answers = await measure(daphne, nginx, ending)
        nginx_version = subprocess.run(["nginx", "-v"], capture_output=True, text=True, check=True).stderr.split("/")[1].split()[0]
        ran = {"nginx": nginx_version, **{name: version(name) for name in ("daphne", "channels", "Django")}}
        print(json.dumps({"ran": ran, "answers": answers}))
    finally:
        for program in programs:
            program.kill()
            program.wait(10)


asyncio.run(main())
sys.exit(0)
