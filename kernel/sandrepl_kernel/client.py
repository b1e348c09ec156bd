"""One client's connection: the WebSocket's states, and its place in the journal."""

from __future__ import annotations

import time
from _operator import _compare_digest as same_secret  # what hmac offers, without importing OpenSSL
from json import dumps, loads

from . import websocket
from .intact import __builtins__  # noqa: F401
from .journal import Cursor
from .requests import MESSAGE_LIMIT

CHUNK = 1 << 20
PUMP_BYTES = 8 << 20
HELLO_SECONDS = 5.0
PING_SECONDS = 20.0
SILENT_SECONDS = 65.0
HELLO_LIMIT = 64 << 10

TYPE_CHECKING = False
if TYPE_CHECKING:
    import socket
    from typing import Any, Callable

    from .journal import Journal


class Client:
    def __init__(
        self,
        sock: socket.socket,
        journal: Journal,
        connection: dict[str, Any],
        request: Callable[[bytes, Any], str],
    ) -> None:
        self.socket = sock
        self.alive = True
        self.blocked = False  # the socket would not take more
        self._journal = journal
        self._connection = connection
        self._request = request
        self._head: bytearray | None = bytearray()  # the HTTP request, until it is answered
        self._parser = websocket.Parser(HELLO_LIMIT)
        self._cursor: Cursor | None = None
        self._leaving = False
        self._sending = memoryview(b"")
        self._control: list[bytes] = []
        self._opened = self._heard = self._pinged = time.monotonic()

    def readable(self) -> None:
        try:
            data = self.socket.recv(1 << 18)
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            data = b""
        if not data:
            self.drop()
            return
        self._heard = time.monotonic()
        try:
            if self._head is not None:
                data = self._open(data)
            self._parser.feed(data)
            while self.alive and not self._leaving and self._head is None:
                message = self._parser.next()
                if message is None:
                    break
                self._message(*message)
        except websocket.ProtocolError as error:
            self.leave(error.code, str(error))

    def pump(self) -> None:
        """Sends until the socket is full or the client has all there is."""
        self.blocked = False
        left = PUMP_BYTES
        try:
            while self.alive and (self._sending or self._next()):
                sent = self.socket.send(self._sending)
                self._sending = self._sending[sent:]
                left -= sent
                if left <= 0:
                    self.blocked = True
                    return
            if self._leaving:
                self.drop()
        except (BlockingIOError, InterruptedError):
            self.blocked = True
        except OSError:
            self.drop()

    def leave(self, code: int, reason: str = "") -> None:
        """Says goodbye after what is being sent."""
        if not self._leaving:
            self._control.append(websocket.close_frame(code, reason))
            self._leaving = True
        self.pump()

    def reply(self, data: bytes) -> None:
        """Sends the reply to a query, between two pieces of the journal."""
        if self.alive and not self._leaving:
            self._control.append(websocket.frame(websocket.BINARY, data))

    def tick(self, now: float) -> None:
        if self._cursor is None and now - self._opened > HELLO_SECONDS:
            self.leave(websocket.REFUSED, "no hello within 5 seconds")
            if self.alive:
                self.drop()
        elif now - self._heard > SILENT_SECONDS:
            self.drop()
        elif self._cursor is not None and now - self._pinged > PING_SECONDS:
            self._pinged = now
            self._control.append(websocket.frame(websocket.PING, b""))

    def drop(self) -> None:
        self.alive = False
        if self._cursor is not None:
            self._cursor.close()
        self.socket.close()

    def _next(self) -> bool:
        """Puts the next frame into `_sending`."""
        if self._control:
            self._sending = memoryview(self._control.pop(0))
        elif self._cursor is None or self._leaving:
            return False
        else:
            data = self._cursor.read(CHUNK)
            if not data:
                return False
            self._sending = memoryview(websocket.frame(websocket.TEXT, data))
        return True

    def _open(self, data: bytes) -> bytes:
        """Reads the HTTP request; returns the bytes after it."""
        assert self._head is not None
        self._head += data
        end = self._head.find(b"\r\n\r\n")
        if end < 0:
            if len(self._head) > websocket.HEADER_LIMIT:
                self.drop()
            return b""
        answer, opened = websocket.handshake(bytes(self._head[:end]))
        rest = bytes(self._head[end + 4 :])
        self._control.append(answer)
        if opened:
            self._head = None
        else:
            self._leaving = True
        self.pump()
        return rest

    def _message(self, opcode: int, payload: bytes) -> None:
        if opcode == websocket.PING:
            self._control.append(websocket.frame(websocket.PONG, payload))
            self.pump()
        elif opcode == websocket.CLOSE:
            self.leave(int.from_bytes(payload[:2], "big") if len(payload) >= 2 else websocket.NORMAL)
        elif opcode == websocket.BINARY:
            self.leave(websocket.NOT_TEXT, "requests are text messages")
        elif opcode == websocket.TEXT and self._cursor is None:
            self._hello(payload)
        elif opcode == websocket.TEXT:
            problem = self._request(payload, self)
            if problem:
                self.leave(websocket.REFUSED, problem)

    def _hello(self, payload: bytes) -> None:
        try:
            params = loads(payload)["params"]
            secret, journal, after = params["secret"], params.get("journal", ""), params.get("after", 0)
            known = same_secret(secret, self._connection["secret"])
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            self.leave(websocket.REFUSED, "the first message is a hello with the secret")
            return
        if not known:
            self.leave(websocket.REFUSED, "wrong secret: read connection.json again")
            return
        self._parser.limit = MESSAGE_LIMIT
        if type(after) is not int or journal != self._journal.id:
            after = 0  # from the oldest event kept
        self._cursor = Cursor(self._journal, after)
        content = {key: value for key, value in self._connection.items() if key != "secret"}
        content["after"] = self._cursor.after
        answer = dumps({"type": "hello", "content": content}).encode("ascii")
        self._control.append(websocket.frame(websocket.TEXT, answer))
        self.pump()
