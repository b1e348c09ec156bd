"""From a forked process to a kernel that clients can connect to, with as little imported as that takes: what it takes
to run cells is loaded while the client is still on its way.
"""

from __future__ import annotations

import fcntl
import json
import os
import socket
import sys

from .descriptors import keep
from .faults import previous
from .journal import Journal, new_id, write_atomically

PROTOCOL = 1

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def run(folder: str, report: int) -> None:
    """Becomes the folder's kernel; writes `ready` to `report` when clients can connect. Never returns."""
    lock = keep(os.open(os.path.join(folder, "lock"), os.O_RDWR | os.O_CREAT, 0o600))
    fcntl.lockf(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)  # held until the process ends
    connection_file = os.path.join(folder, "connection.json")
    try:
        os.unlink(connection_file)
    except FileNotFoundError:
        pass
    journal = Journal(os.path.join(folder, "journal"))
    os.makedirs(os.path.join(folder, "inbox"), mode=0o700, exist_ok=True)
    fifo = open_fifo(os.path.join(folder, "wake"))
    listener = listen(os.environ.get("SANDREPL_KERNEL_HOST") or "127.0.0.1")
    connection = describe(listener, journal, folder)
    write_atomically(connection_file, json.dumps(connection) + "\n")
    starting = {key: connection[key] for key in ("epoch", "python", "pid", "protocol")}
    ended = previous(folder, journal.found)
    if ended is not None:
        starting["previous"] = ended
    journal.append("status", None, {"execution_state": "starting", **starting})
    os.write(report, b"ready")
    os.close(report)

    from .kernel import Kernel
    from .output import Outbox
    from .requests import Taken
    from .server import Server

    outbox = Outbox()
    server = Server(journal, outbox, listener, os.path.join(folder, "inbox"), fifo)
    server.connection = connection
    taken = Taken(os.path.join(folder, "journal", "requests"))
    Kernel(folder, journal, taken, outbox, server).run()


def open_fifo(path: str) -> int:
    try:
        os.mkfifo(path, 0o600)
    except FileExistsError:
        pass
    return keep(os.open(path, os.O_RDWR | os.O_NONBLOCK))


def listen(host: str) -> socket.socket:
    while True:
        listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
        listener.bind((host, 0))
        if listener.getsockname()[1] not in (3000, *range(1024)):
            break
        listener.close()
    listener = socket.socket(fileno=keep(listener.detach()))
    listener.listen(64)
    listener.setblocking(False)
    return listener


def describe(listener: socket.socket, journal: Journal, folder: str) -> dict[str, Any]:
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
        "journal": journal.id,
        "pid": os.getpid(),
        "host": host,
        "port": port,
        "secret": os.urandom(32).hex(),
        "python": ".".join(map(str, sys.version_info[:3])),
        "executable": sys.executable,
        "hash": known,
        "cwd": cwd,
    }
