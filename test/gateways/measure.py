# Runs in a container: the same nginx in front of uWSGI and PHP-FPM, and of the lab's relays. Prints one line of JSON.
import glob
import json
import os
import socket
import subprocess
import time

HERE = "/gateways"
PATIENCE = 10.0
# The records are 150 ms apart.
ON_TIME = 0.1
number = 0


def connect(port, path, method="GET"):
    global number
    number += 1
    client = socket.create_connection(("127.0.0.1", port), PATIENCE)
    client.settimeout(PATIENCE)
    client.sendall(f"{method} {path}?{number} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
    return client, str(number)


def read(port, path, method="GET"):
    """The content, when each of its reads came, and how it ended."""
    client, _ = connect(port, path, method)
    raw, reads, end = b"", [], "open"
    try:
        while not is_whole(raw, method):
            got = client.recv(65536)
            if got == b"":
                end = "cut"
                break
            raw += got
            reads.append((time.time(), len(raw)))
        else:
            end = "complete"
    except (ConnectionResetError, TimeoutError) as error:
        end = "cut" if isinstance(error, ConnectionResetError) else "open"
    client.close()
    return raw, reads, end


def parts(raw):
    head, _, body = raw.partition(b"\r\n\r\n")
    return head.lower(), body


def is_whole(raw, method):
    if b"\r\n\r\n" not in raw:
        return False
    head, body = parts(raw)
    if method == "HEAD":
        return True
    if b"transfer-encoding: chunked" in head:
        return body.endswith(b"0\r\n\r\n")
    for line in head.split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return len(body) >= int(line.split(b":")[1])
    return False


def held(port, path):
    """For each record whether it came before the next one was made; the header section, too."""
    raw, reads, end = read(port, path)
    late, at = [], 0
    for each in range(8):
        at = raw.find(f"{each} ".encode() + b"1", at)
        if at < 0:
            return f"{each} records, {end}"
        after = raw.index(b"\n", at)
        made = float(raw[at:after].split()[1])
        came = next(when for when, total in reads if total > after)
        late.append(came - made)
        at = after
    on_time = sum(one < ON_TIME for one in late)
    return f"{on_time} of 8 on time, {end}"


def ending(port, path):
    raw, _, end = read(port, path)
    return f"{raw.count(b'.' + bytes([10]))} records, {end}"


def leaving(port, path):
    client, name = connect(port, path)
    client.recv(65536)
    client.close()
    until = time.monotonic() + 3
    while time.monotonic() < until:
        if os.path.exists("/tmp/noticed") and name in open("/tmp/noticed").read().split():
            return "noticed"
        time.sleep(0.02)
    return "not noticed"


def head(port, path):
    raw, _, end = read(port, path, "HEAD")
    return f"{raw.split()[1].decode()}, {end}"


def asked(port, pass_):
    answers = {}
    for way in ("buffered", "unbuffered"):
        at = f"/{pass_}/{way}/"
        answers[f"{way}: records of 100 B"] = held(port, f"{at}events")
        answers[f"{way}: records of 5000 B"] = held(port, f"{at}large")
        answers[f"{way}: the application fails"] = ending(port, f"{at}failing")
        answers[f"{way}: its process is killed"] = ending(port, f"{at}killed")
        answers[f"{way}: less than its Content-Length"] = ending(port, f"{at}short")
        if way == "unbuffered":
            answers[f"{way}: the client leaves"] = leaving(port, f"{at}endless")
        answers[f"{way}: HEAD"] = head(port, f"{at}events")
    return answers


def listening(port):
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError(f"nothing listens on port {port}")


def version(command):
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return (done.stdout + done.stderr).split("\n")[0]


quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
fpm = glob.glob("/usr/sbin/php-fpm*")[0]
uwsgi = "uwsgi --plugins python3 --socket 127.0.0.1:3031 --wsgi-file app.py --master --processes 4 --need-app".split()
open("/tmp/noticed", "w").close()
os.chmod("/tmp/noticed", 0o666)
servers = [
    subprocess.Popen(uwsgi, cwd=HERE, **quiet),
    subprocess.Popen([fpm, "--nodaemonize", "--fpm-config", f"{HERE}/fpm.conf"], **quiet),
    subprocess.Popen(["node", f"{HERE}/scripted.mjs"], **quiet),
    subprocess.Popen(["nginx", "-c", f"{HERE}/nginx.conf"], **quiet),
]
try:
    for port in (3031, 9000, 4031, 4900, 8081, 8082):
        listening(port)
    answers = {
        name: {"real": asked(8081, name), "scripted": asked(8082, name)} for name in ("uwsgi", "fastcgi")
    }
finally:
    for server in servers:
        server.kill()
ran = {"nginx": version(["nginx", "-v"]), "uwsgi": version(["uwsgi", "--version"]), "php": version([fpm, "-v"])}
print(json.dumps({"ran": ran, "answers": answers}))
