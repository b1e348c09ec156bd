"""What the tests drive the real kernel with: a folder, a small WebSocket client, and the journal's files."""

from __future__ import annotations

import base64
import fcntl
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest
import uuid

KERNEL = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PATIENCE = 20.0  # seconds; reached only by a test that fails


def wait_until(condition, what: str):
    """Polls until the condition gives something true, and returns it."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        found = condition()
        if found:
            return found
        time.sleep(0.005)
    raise AssertionError(f"waited {PATIENCE:.0f} s for {what}")


class Sandbox:
    """A folder with room for one kernel."""

    def __init__(self) -> None:
        self.root = tempfile.mkdtemp(prefix="kernel-test-")
        self.folder = os.path.join(self.root, "k")
        self.environment = dict(os.environ, SANDREPL_DIR=self.folder, PYTHONPATH=KERNEL)

    def ensure(self) -> dict:
        done = subprocess.run(self.command(), env=self.environment, cwd=self.root, stdout=subprocess.PIPE, timeout=60)
        return json.loads(done.stdout)

    def command(self) -> list:
        return [sys.executable, "-m", "sandrepl_kernel", "ensure"]

    def connect(self, journal: str = "", after: int = 0) -> Client:
        return Client(self.ensure(), journal, after)

    def path(self, *parts: str) -> str:
        return os.path.join(self.folder, *parts)

    def events(self) -> list:
        """The whole journal, from its files."""
        found = []
        names = sorted(name for name in os.listdir(self.path("journal")) if name.endswith(".ndjson"))
        for name in names:
            with open(self.path("journal", name), encoding="ascii") as file:
                text = file.read()
            found += [json.loads(line) for line in text[: text.rfind("\n") + 1].splitlines()]
        return found

    def post(self, request: dict) -> None:
        """Leaves a request in the inbox, as a client without a socket does."""
        with open(self.path("inbox", request["id"] + ".json"), "w", encoding="utf-8") as file:
            json.dump(request, file)
        self.poke()

    def poke(self) -> None:
        fifo = os.open(self.path("wake"), os.O_RDWR | os.O_NONBLOCK)
        os.write(fifo, b"x")
        os.close(fifo)

    def lives(self) -> bool:
        lock = os.open(self.path("lock"), os.O_RDWR | os.O_CREAT)
        try:
            fcntl.lockf(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return False
        except OSError:
            return True
        finally:
            os.close(lock)

    def log(self) -> str:
        with open(self.path("kernel.log"), encoding="utf-8", errors="replace") as file:
            return file.read()

    def close(self) -> None:
        try:
            with open(self.path("connection.json"), encoding="ascii") as file:
                pid = json.load(file)["pid"]
        except OSError:
            pid = 0
        if pid and self.lives():
            os.kill(pid, signal.SIGKILL)
            wait_until(lambda: not self.lives(), "the kernel to end")
        shutil.rmtree(self.root, ignore_errors=True)


def request(method: str, **params) -> dict:
    return {"id": str(uuid.uuid4()), "method": method, "params": params}


class Closed(Exception):
    def __init__(self, code: int) -> None:
        super().__init__(f"closed with {code}")
        self.code = code


class Socket:
    """The client's half of RFC 6455, as much as the tests need."""

    def __init__(self, host: str, port: int) -> None:
        self.socket = socket.create_connection((host, port), timeout=PATIENCE)
        key = base64.b64encode(os.urandom(16)).decode()
        head = (
            f"GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n"
        )
        self.socket.sendall(head.encode())
        self.buffer = b""
        while b"\r\n\r\n" not in self.buffer:
            self.buffer += self._recv()
        self.head, _, self.buffer = self.buffer.partition(b"\r\n\r\n")

    def send(self, payload: bytes, opcode: int = 1, final: bool = True) -> None:
        size = len(payload)
        head = bytes([(0x80 if final else 0) | opcode])
        if size < 126:
            head += bytes([0x80 | size])
        elif size < 65536:
            head += bytes([0x80 | 126]) + size.to_bytes(2, "big")
        else:
            head += bytes([0x80 | 127]) + size.to_bytes(8, "big")
        mask = os.urandom(4)
        key = (mask * (size // 4 + 1))[:size]
        masked = (int.from_bytes(payload, "big") ^ int.from_bytes(key, "big")).to_bytes(size, "big")
        self.socket.sendall(head + mask + masked)

    def receive(self) -> tuple:
        """The next frame as (opcode, payload); pings are answered, a close raises Closed."""
        while True:
            head = self._exactly(2)
            size = head[1] & 0x7F
            if size == 126:
                size = int.from_bytes(self._exactly(2), "big")
            elif size == 127:
                size = int.from_bytes(self._exactly(8), "big")
            payload = self._exactly(size)
            opcode = head[0] & 0x0F
            if opcode == 8:
                raise Closed(int.from_bytes(payload[:2], "big"))
            if opcode == 9:
                self.send(payload, 10)
                continue
            return opcode, payload

    def _exactly(self, size: int) -> bytes:
        while len(self.buffer) < size:
            self.buffer += self._recv()
        data, self.buffer = self.buffer[:size], self.buffer[size:]
        return data

    def _recv(self) -> bytes:
        data = self.socket.recv(1 << 20)
        if not data:
            raise Closed(1006)
        return data

    def close(self) -> None:
        self.socket.close()


class Client(Socket):
    def __init__(self, connection: dict, journal: str = "", after: int = 0) -> None:
        super().__init__(connection["host"], connection["port"])
        self.connection = connection
        hello = {"secret": connection["secret"], "journal": journal, "after": after}
        self.send(json.dumps({"method": "hello", "params": hello}).encode())
        self.hello = json.loads(self.receive()[1])["content"]
        self.events: list = []
        self.replies: dict = {}
        self._chunks: list = []
        self._read = 0

    def ask(self, method: str, **params) -> str:
        made = request(method, **params)
        self.send(json.dumps(made).encode())
        return made["id"]

    def query(self, method: str, **params) -> dict:
        """Asks a query, and returns its reply's content."""
        id = self.ask(method, **params)
        while id not in self.replies:
            self._receive()
        return self.replies.pop(id)

    def next(self) -> dict:
        """The next event that was not returned yet."""
        while self._read >= len(self.events):
            self._receive()
        self._read += 1
        return self.events[self._read - 1]

    def _receive(self) -> None:
        opcode, data = self.receive()
        if opcode == 2:
            reply = json.loads(data)
            self.replies[reply["to"]] = reply["content"]
            return
        self._chunks.append(data)
        if b"\n" in data:
            *lines, rest = b"".join(self._chunks).split(b"\n")
            self._chunks = [rest]
            self.events += [json.loads(line) for line in lines]

    def until(self, kind: str, parent=None, **content) -> dict:
        while True:
            event = self.next()
            if event["type"] == kind and (parent is None or event["parent"] == parent):
                if all(event["content"].get(key) == value for key, value in content.items()):
                    return event

    def run(self, code: str, **params) -> Cell:
        """Runs a cell to the `locals` behind its reply."""
        return self.finish(self.ask("execute", code=code, **params))

    def finish(self, id: str, replied: bool = False) -> Cell:
        """Waits for the cell's reply, unless it came, and for the `locals` behind it."""
        if not replied:
            self.until("execute_reply", id)
        self.until("locals", id)
        return Cell([event for event in self.events if event["parent"] == id])


class Cell:
    """The events of one cell, by what the tests ask about."""

    def __init__(self, events: list) -> None:
        self.events = events

    def of(self, kind: str) -> list:
        return [event["content"] for event in self.events if event["type"] == kind]

    def text(self, name: str = "stdout") -> str:
        return "".join(content["text"] for content in self.of("stream") if content["name"] == name)

    @property
    def result(self):
        found = self.of("execute_result")
        return found[0]["data"]["text/plain"] if found else None

    @property
    def error(self):
        found = self.of("error")
        return found[0] if found else None

    @property
    def reply(self) -> dict:
        return self.of("execute_reply")[0]

    @property
    def rows(self) -> dict:
        return {row["name"]: row for content in self.of("locals") for row in content["changed"]}

    @property
    def deleted(self) -> list:
        return [name for content in self.of("locals") for name in content["deleted"]]


class InOneSandbox(unittest.TestCase):
    """Tests that share one kernel and one client of it."""

    @classmethod
    def setUpClass(cls) -> None:
        cls.sandbox = Sandbox()
        cls.client = cls.sandbox.connect()

    @classmethod
    def tearDownClass(cls) -> None:
        cls.client.close()
        cls.sandbox.close()


class InCells(InOneSandbox):
    """Tests that look at what one cell comes to."""

    def text(self, code: str) -> str:
        cell = self.client.run(code)
        self.assertIsNone(cell.error, cell.error)
        return cell.text()

    def result(self, code: str):
        cell = self.client.run(code)
        self.assertIsNone(cell.error, cell.error)
        return cell.result

    def fails(self, code: str) -> dict:
        error = self.client.run(code).error
        self.assertIsNotNone(error, code)
        self.assertNotIn("sandrepl_kernel", "\n".join(error["traceback"]))
        return error
