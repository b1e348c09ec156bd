"""The I/O thread: journals what the outbox holds, sends it, and takes requests from sockets and the inbox."""

from __future__ import annotations

import _thread
import codecs
import os
import select
import signal
import socket
import sys
import time
import traceback

from . import requests, websocket
from .client import Client
from .descriptors import keep
from .files import write_atomically
from .intact import __builtins__  # noqa: F401
from .journal import encode
from .output import BUSY, CALM, MUTED, STIRRED

CLIENTS = 64
TICK_MS = 10  # text waits at most so long for more of it,
LINGER_MS = 1  # and the first text after a quiet time so long for the end of its line
FULL_DISK_TICK = 0.2
CLIENT_TICK = 1.0
FAREWELL_SECONDS = 0.5
POLLER_SECONDS = 10.0
READ_BYTES = 1 << 16

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable

    from .journal import Journal
    from .output import Outbox


class Server:
    def __init__(self, journal: Journal, outbox: Outbox, listener: socket.socket, inbox: str, fifo: int) -> None:
        self.journal = journal
        self.outbox = outbox
        self.request: Callable[[bytes, Client | None], str] = lambda data, asker: ""
        self.tick: Callable[[float], float | None] = lambda now: None  # called each turn; when it wants to be again
        self.terminate: Callable[[], None] = lambda: None
        self.mend: Callable[[], None] = lambda: None  # called when a turn failed: a cell may have broken what it needs
        self.special: dict[str, Callable[[str | None, Any, Any], None]] = {}  # items that are more than an event
        self.connection: dict[str, Any] = {}
        self._listener = listener
        self._inbox = inbox
        self._replies = os.path.join(os.path.dirname(inbox), "replies")
        self._poked_at = float("-inf")
        self._next_tick: float | None = None
        self._clients: dict[int, Client] = {}
        self._syncs: list[Any] = []
        self._decoders: dict[tuple[str, str | None], Any] = {}
        self._ticked = 0.0
        self._lingering = False
        self._poller = select.poll()
        self._handlers: dict[int, Callable[[int], None]] = {
            outbox.reader: self._woken,
            listener.fileno(): self._accept,
            fifo: self._poked,
        }

    def run(self) -> None:
        """The thread's whole life. Nothing that goes wrong with one client or one item ends it."""
        self.outbox.io_thread = _thread.get_ident()
        signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())  # they are for the main thread, to wake it
        for descriptor in self._handlers:
            self._poller.register(descriptor, select.POLLIN)
        self._poked(-1)
        while True:
            try:
                self._turn()
            except Exception:
                self.mend()
                try:
                    traceback.print_exc(file=sys.__stderr__)
                except Exception:  # the log is closed or full
                    pass
                time.sleep(0.01)

    def end(self, connection_file: str) -> None:
        """The kernel's end: writes and sends what is left, for at most FAREWELL_SECONDS, and leaves the process."""
        self.special = {}
        self._drain_all()
        self._take()
        self.journal.append("status", None, {"execution_state": "dead"})
        try:
            os.unlink(connection_file)
        except FileNotFoundError:
            pass
        deadline = time.monotonic() + FAREWELL_SECONDS
        clients = list(self._clients.values())
        for client in clients:
            client.pump()
        while any(client.alive and client.blocked for client in clients) and time.monotonic() < deadline:
            time.sleep(0.005)
            for client in clients:
                client.pump()
        for client in clients:
            client.leave(websocket.GOING_AWAY, "the kernel ended")
        os._exit(0)

    @property
    def watched(self) -> bool:
        """Whether a client is there, or polled just now."""
        return bool(self._clients) or time.monotonic() - self._poked_at < POLLER_SECONDS

    def reply(self, asker: Client | None, id: str, content: dict[str, Any]) -> None:
        """Answers a query: over the socket that it came by, or in a file where it came by the inbox."""
        data = encode({"type": "reply", "to": id, "content": content})
        if asker is not None:
            asker.reply(data.encode("ascii"))
            return
        try:
            requests.forget_old_replies(self._replies)
            write_atomically(os.path.join(self._replies, id + ".json"), data)
        except OSError as error:
            print(f"the reply to {id}: {error}", file=sys.__stderr__)

    def close_all(self) -> None:
        """For a forked child: lets go of everything that is the kernel's."""
        for descriptor in set(self._handlers) | self.outbox.own_descriptors():
            try:
                os.close(descriptor)
            except OSError:
                pass

    def _turn(self) -> None:
        for descriptor, events in self._poller.poll(self._timeout()):
            handler = self._handlers.get(descriptor)
            if handler is not None:
                handler(events)
        if self.outbox.awaited:
            self._drain_all()
        elif self.outbox.calm == STIRRED and not self._lingering:
            self._lingering = True  # a line has begun: its end is likely to come within the next moment
            return
        self._lingering = False
        took = self._take()
        if self.journal.waiting:
            self.journal.retry()
        self._next_tick = self.tick(time.monotonic())
        for client in list(self._clients.values()):
            client.pump()
        self._watch_clients()
        syncs, self._syncs = self._syncs, []
        for lock in syncs:
            lock.release()
        if self.outbox.calm != CALM and not syncs:
            self.outbox.settle(took)

    def _timeout(self) -> int | None:
        if self._lingering:
            return LINGER_MS
        if self.outbox.calm != CALM:
            return TICK_MS
        waits = [] if self._next_tick is None else [self._next_tick]
        if self.journal.waiting:
            waits.append(FULL_DISK_TICK)
        elif self._clients:
            waits.append(CLIENT_TICK)
        return int(min(waits) * 1000) if waits else None

    def _take(self) -> bool:
        """Moves the outbox into the journal; neighbouring texts become one event."""
        items = self.outbox.items
        count = len(items)
        self.outbox.size = 0
        name: str = ""
        parent: Any = None
        texts: list[str] = []
        for _ in range(count):
            item = items.popleft()
            if len(item) != 3:
                self._write_text(name, parent, texts)
                name, texts = "", []
                self._handle(item)
                continue
            if item[0] is not name or item[1] is not parent:
                self._write_text(name, parent, texts)
                name, parent, text = item
                texts = []
            else:
                text = item[2]
            texts.append(text if type(text) is str else self._decode(name, parent, text))
        self._write_text(name, parent, texts)
        return count > 0

    def _handle(self, item: tuple[Any, ...]) -> None:
        if len(item) == 1:
            self._syncs.append(item[0])
        elif item[0] == "pipe":
            self._watch_pipe(item[3])
        elif item[0] in self.special:
            self.special[item[0]](*item[1:])
        else:
            self.journal.append(*item)

    def _write_text(self, name: str, parent: Any, texts: list[str]) -> None:
        if texts and parent is not MUTED:
            self.journal.stream(name, parent, "".join(texts), time.time())

    def _decode(self, name: str, parent: str | None, data: bytes) -> str:
        """A character that comes in parts waits for the rest of it."""
        source = name, parent
        decoder = self._decoders.pop(source, None) or codecs.getincrementaldecoder("utf-8")("replace")
        text: str = decoder.decode(data)
        if decoder.getstate()[0]:
            self._decoders[source] = decoder
        return text

    def _watch_pipe(self, reader: int) -> None:
        if reader in self.outbox.pipes:
            self._handlers[reader] = self._drain
            self._poller.register(reader, select.POLLIN)

    def _drain_all(self) -> None:
        for reader in list(self.outbox.pipes):
            self._drain_one(reader, rounds=PIPE_ROUNDS)

    def _drain(self, events: int) -> None:
        for reader in list(self.outbox.pipes):
            self._drain_one(reader, rounds=4)

    def _drain_one(self, reader: int, rounds: int) -> None:
        outbox = self.outbox
        for _ in range(rounds):
            outbox.draining = True
            try:
                data = os.read(reader, READ_BYTES)
                if data:
                    name, owner = outbox.pipes[reader]
                    outbox.items.append((name, owner or outbox.parent, data))
                    if outbox.calm == CALM:
                        outbox.calm = BUSY
            except BlockingIOError:
                return
            finally:
                outbox.draining = False
            if not data:
                self._poller.unregister(reader)
                del self._handlers[reader]
                outbox.lose_pipe(reader)
                return

    def _woken(self, events: int) -> None:
        if signal.SIGTERM in self.outbox.woken():
            self.terminate()

    def _poked(self, events: int) -> None:
        if events >= 0:
            self._poked_at = time.monotonic()
            try:
                os.read(self._fifo(), 4096)
            except BlockingIOError:
                pass
        for data in requests.inbox(self._inbox):
            problem = self.request(data, None)
            if problem:
                print(f"a request in the inbox: {problem}", file=sys.__stderr__)

    def _fifo(self) -> int:
        return next(number for number, handler in self._handlers.items() if handler == self._poked)

    def _accept(self, events: int) -> None:
        try:
            sock, _ = self._listener.accept()
        except BlockingIOError:
            return
        except OSError:  # no descriptor is left: let those who wait, wait
            time.sleep(0.01)
            return
        sock = socket.socket(fileno=keep(sock.detach()))
        sock.setblocking(False)
        if len(self._clients) >= CLIENTS:
            sock.close()
            return
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        number = sock.fileno()
        self._clients[number] = Client(sock, self.journal, self.connection, self.request)
        self._handlers[number] = lambda events: self._serve(number, events)
        self._poller.register(number, select.POLLIN)

    def _serve(self, number: int, events: int) -> None:
        client = self._clients[number]
        if client.alive and events & ~select.POLLOUT:
            client.readable()

    def _watch_clients(self) -> None:
        now = time.monotonic()
        ticking = now - self._ticked >= CLIENT_TICK
        if ticking:
            self._ticked = now
        for number, client in list(self._clients.items()):
            if ticking and client.alive:
                client.tick(now)
            if not client.alive:
                self._poller.unregister(number)
                del self._clients[number], self._handlers[number]
            else:
                self._poller.modify(number, select.POLLIN | (select.POLLOUT if client.blocked else 0))


PIPE_ROUNDS = 64
