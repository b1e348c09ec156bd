"""From a forked process to a kernel that clients can connect to, with as little imported and compiled as that takes:
what it takes to run cells is loaded while the client is still on its way.
"""

import os
import sys
import time
from _socket import AF_INET, AF_INET6, SOCK_STREAM, socket as Listener

try:
    from _json import encode_basestring_ascii as quoted
except ImportError:
    from json.encoder import encode_basestring_ascii as quoted

from .descriptors import keep
from .files import new_id, write_atomically

PROTOCOL = 1
LOG_LIMIT = 1 << 20

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def run(folder: str, report: int) -> None:
    """Becomes the folder's kernel; writes `ready` to `report` when clients can connect. Never returns."""
    os.setsid()
    detach(os.path.join(folder, "kernel.log"), report)
    lock = keep(os.open(os.path.join(folder, "lock"), os.O_RDWR | os.O_CREAT, 0o600))
    os.lockf(lock, os.F_TLOCK, 0)  # held until the process ends
    connection_file = os.path.join(folder, "connection.json")
    try:
        os.unlink(connection_file)
    except FileNotFoundError:
        pass
    inbox = os.path.join(folder, "inbox")
    os.makedirs(inbox, mode=0o700, exist_ok=True)
    fifo = open_fifo(os.path.join(folder, "wake"))
    listener = listen(os.environ.get("SANDREPL_KERNEL_HOST") or "127.0.0.1")
    connection = describe(listener)
    journal = os.path.join(folder, "journal")
    connection["journal"] = begin_journal(journal, connection) or resume_journal(journal, connection)
    write_atomically(connection_file, to_json(connection) + "\n")
    os.write(report, b"ready")
    os.close(report)

    import socket

    from .journal import Journal
    from .kernel import Kernel
    from .output import Outbox
    from .requests import Taken
    from .server import Server

    outbox = Outbox()
    opened = Journal(journal)
    server = Server(opened, outbox, socket.socket(fileno=keep(listener.detach())), inbox, keep(fifo))
    server.connection = connection
    taken = Taken(os.path.join(journal, "requests"))
    Kernel(folder, opened, taken, outbox, server).run()


def detach(log: str, report: int) -> None:
    """Points stdin at /dev/null, stdout and stderr at the log, and closes all else: an exec waits for its pipes."""
    try:
        if os.path.getsize(log) > LOG_LIMIT:
            os.truncate(log, 0)
    except FileNotFoundError:
        pass
    null = os.open(os.devnull, os.O_RDWR)
    file = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    os.dup2(null, 0)
    os.dup2(file, 1)
    os.dup2(file, 2)
    for number in open_descriptors():
        if number > 2 and number != report:
            try:
                os.close(number)
            except OSError:
                pass


def open_descriptors() -> "list[int]":
    for folder in ("/proc/self/fd", "/dev/fd"):
        try:
            return [int(name) for name in os.listdir(folder)]
        except OSError:
            continue
    return list(range(3, 1024))


def open_fifo(path: str) -> int:
    try:
        os.mkfifo(path, 0o600)
    except FileExistsError:
        pass
    return os.open(path, os.O_RDWR | os.O_NONBLOCK)


def listen(host: str) -> Listener:
    while True:
        listener = Listener(AF_INET6 if ":" in host else AF_INET, SOCK_STREAM)
        listener.bind((host, 0))
        if listener.getsockname()[1] not in (3000, *range(1024)):
            break
        listener.close()
    listener.listen(64)
    listener.setblocking(False)
    return listener


def describe(listener: Listener) -> "dict[str, Any]":
    """The content of connection.json, but for the journal's id."""
    host, port = listener.getsockname()[:2]
    try:
        cwd = os.getcwd()
    except OSError:
        os.chdir("/")
        cwd = "/"
    archive = os.path.basename(os.path.dirname(os.path.dirname(__file__)))
    known = archive[len("kernel-") : -len(".pyz")] if archive.startswith("kernel-") and archive.endswith(".pyz") else ""
    return {
        "protocol": PROTOCOL,
        "epoch": new_id(),
        "journal": "",
        "pid": os.getpid(),
        "host": host,
        "port": port,
        "secret": os.urandom(32).hex(),
        "python": ".".join(map(str, sys.version_info[:3])),
        "executable": sys.executable,
        "hash": known,
        "cwd": cwd,
    }


def begin_journal(folder: str, connection: "dict[str, Any]") -> str:
    """Makes a journal with its first event by hand, and returns its id; nothing where there is one already."""
    try:
        os.mkdir(folder, 0o700)
    except FileExistsError:
        return ""
    id = new_id()
    with open(os.path.join(folder, "id"), "wb") as file:
        file.write(id.encode("ascii") + b"\n")
    event = '{"seq": 1, "time": %.6f, "type": "status", "parent": null, "content": %s}\n'
    with open(os.path.join(folder, "000000000001.ndjson"), "wb") as file:
        file.write((event % (time.time(), to_json(starting(connection)))).encode("ascii"))
    return id


def resume_journal(folder: str, connection: "dict[str, Any]") -> str:
    """Adds to an earlier kernel's journal, and returns its id."""
    from .faults import previous
    from .journal import Journal

    journal = Journal(folder)
    content = starting(connection)
    ended = previous(os.path.dirname(folder), journal.found)
    if ended is not None:
        content["previous"] = ended
    journal.append("status", None, content)
    journal.close()
    return journal.id


def starting(connection: "dict[str, Any]") -> "dict[str, Any]":
    return {"execution_state": "starting", **{key: connection[key] for key in ("epoch", "python", "pid", "protocol")}}


def to_json(values: "dict[str, Any]") -> str:
    """An object of strings and integers, without the cost of importing json."""
    pairs = (f'"{key}": {quoted(value) if isinstance(value, str) else value}' for key, value in values.items())
    return "{" + ", ".join(pairs) + "}"
