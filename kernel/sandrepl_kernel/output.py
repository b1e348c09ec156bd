"""What cells print, and the outbox that carries it and every event to the I/O thread, in order.

`sys.stdout` and `sys.stderr` append text to a deque: an append is atomic, so no lock is held when a signal handler, a
finaliser or another thread prints too. File descriptors 1 and 2 are pipes that the I/O thread alone reads; a Python
write waits for it whenever they hold something older. One limit stays: C code that writes more than a pipe holds
(1 MiB where the system allows it) without ever releasing the interpreter's lock blocks, for nobody can read then.
"""

from __future__ import annotations

import _thread
import fcntl
import io
import os
import select
import sys
import threading
import time
from collections import deque
from functools import wraps

from .descriptors import identity, keep, leads_to
from .intact import __builtins__  # noqa: F401

BACKLOG = 4 << 20  # characters in texts that are not small, and
BACKLOG_ITEMS = 20_000  # items, that the outbox may hold before those who print wait
SMALL = 512
DRAIN_SECONDS = 0.1
CALM, STIRRED, BUSY = 2, 1, 0
PROMPT_LINES = 100  # lines that are waited for until they are written: so many at once,
PROMPT_REFILL = 2  # and so many more each time that the I/O thread comes round
SYNC_SECONDS = 0.005
PIPE_BYTES = 1 << 20
F_SETPIPE_SZ = 1031

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable

MUTED: Any = object()  # the owner of text that nobody shall see
NAMES = {1: "stdout", 2: "stderr"}


class Outbox:
    """Items for the I/O thread, told apart by their length: (kind, parent, content, time) is an event,
    (name, parent, str or bytes) is text, (lock,) is a sync, released when all before it is written and sent."""

    def __init__(self) -> None:
        self.items: deque[tuple[Any, ...]] = deque()
        self.size = 0
        self.calm = CALM
        self.parent: str | None = None  # the running or latest cell: it owns text that has no other owner
        self.owners = threading.local()
        self.reader, self.writer = map(keep, os.pipe())
        self._pipe = identity(self.reader)
        os.set_blocking(self.reader, False)
        os.set_blocking(self.writer, False)
        self.pipes: dict[int, tuple[str, str | None]] = {}  # what each is for, and its owner once that cell is over
        self.prompt = PROMPT_LINES
        self.draining = False  # the I/O thread has read from a pipe what is not yet in the deque
        self.io_thread = 0
        self.awaited = 0  # how many wait in sync
        self._awake = False
        self._ends: dict[int, int] = {}  # the kernel's own ends of what descriptors 1 and 2 write into
        self._readers: dict[int, int] = {}
        self.poll = select.poll()

    def emit(self, kind: str, parent: str | None, content: Any) -> None:
        self.items.append((kind, parent, content, time.time()))

    def wake(self) -> None:
        """Makes the I/O thread look; any number of calls before it does costs one system call."""
        if not self._awake:
            self._awake = True
            try:
                os.write(self.writer, b"\0")
            except BlockingIOError:
                pass

    def woken(self) -> bytes:
        """For the I/O thread: takes the wake-ups, and the numbers of signals that came."""
        try:
            data = os.read(self.reader, 4096)
        except BlockingIOError:
            data = b""
        self._awake = False
        return data

    def severed(self) -> bool:
        """Whether a cell closed the pipe that wakes the I/O thread. Its number may lead elsewhere by now."""
        try:
            return identity(self.reader) != self._pipe
        except OSError:
            return True

    def sync(self, seconds: float = SYNC_SECONDS) -> None:
        """Lets the I/O thread write and send what there is, for at most so long."""
        if _thread.get_ident() == self.io_thread:
            return
        lock = _thread.allocate_lock()
        lock.acquire()
        self.awaited += 1
        try:
            self.items.append((lock,))
            self.wake()
            lock.acquire(timeout=seconds)
        finally:
            self.awaited -= 1

    def own(self, parent: str | None) -> None:
        """From now on, what this thread and the threads that it starts print belongs to `parent`."""
        self.owners.parent = parent

    def owner(self) -> str | None:
        try:
            return self.owners.parent
        except AttributeError:
            parent = getattr(threading.current_thread(), "_sandrepl_parent", self.parent)
            self.owners.parent = parent
            return parent

    def stir(self, text: str) -> None:
        """Text shows at once unless there is a flood of it: at its line's end, wait until it is on its way, for the
        next statement may be one that never lets the I/O thread run, or ends the process."""
        if self.calm == CALM:
            self.calm = STIRRED
            self.wake()
        if text[-1:] in ("\n", "\r"):
            self.calm = BUSY
            self.sync()
            self.prompt -= 1
            if self.prompt > 0:
                self.calm = STIRRED

    def settle(self, took: bool) -> None:
        """For the I/O thread, that has come round with text on its way: a flood is not waited for line by line."""
        if took:
            self.prompt = min(self.prompt + PROMPT_REFILL, PROMPT_LINES)
            self.calm = STIRRED if self.prompt > 0 else BUSY
            return
        self.prompt = PROMPT_LINES
        self.calm = CALM
        if self.items:  # came between the take and the calm: nobody would wake us for it
            self.wake()

    def hold_back(self, size: int) -> None:
        """Before `size` more: waits until the backlog has shrunk, so that a flood costs time and not memory."""
        self.size += size
        while self.size > BACKLOG or len(self.items) > BACKLOG_ITEMS:
            if _thread.get_ident() == self.io_thread:
                return
            self.wake()
            time.sleep(0.0005)

    def older_bytes(self) -> bool:
        """Whether a pipe may hold bytes that were written before this call."""
        try:
            return self.draining or bool(self.poll.poll(0))
        except RuntimeError:  # in use by another thread
            return True

    def capture_descriptors(self) -> None:
        for number in NAMES:
            self._capture(number)

    def begin(self, parent: str) -> None:
        """A new cell. What the children of earlier ones write from now on stays theirs: they keep the old pipes."""
        if self.parent is not None and has_children():
            for number in NAMES:
                self._release(number)
                self._capture(number)
        self.parent = parent
        self.own(parent)

    def recapture(self) -> list[int]:
        """Takes the descriptors back that a cell closed or led elsewhere; returns them."""
        lost = [number for number in NAMES if not leads_to(number, self._ends[number])]
        for number in lost:
            try:
                os.dup2(self._ends[number], number)
            except OSError:  # it closed even that
                self._capture(number)
        return lost

    def _capture(self, number: int) -> None:
        reader, writer = os.pipe()
        try:
            fcntl.fcntl(writer, F_SETPIPE_SZ, PIPE_BYTES)
        except OSError:
            pass  # not Linux, or a limit: the usual 64 KiB
        os.set_blocking(reader, False)
        os.dup2(writer, number)
        self._ends[number] = keep(writer)
        self._readers[number] = reader = keep(reader)
        self.pipes[reader] = NAMES[number], None
        self.poll.register(reader, select.POLLIN)
        self.items.append(("pipe", None, None, reader))

    def _release(self, number: int) -> None:
        """From now on the pipe is its children's alone: it is lost when the last of them has ended."""
        self.pipes[self._readers[number]] = NAMES[number], self.parent
        os.close(self._ends[number])

    def own_descriptors(self) -> set[int]:
        """What a forked child has no use for."""
        return {self.reader, self.writer, *self.pipes, *self._ends.values()}

    def lose_pipe(self, reader: int) -> None:
        """A pipe whose last writer is gone."""
        self.poll.unregister(reader)
        del self.pipes[reader]
        os.close(reader)

    def capture_python(self) -> None:
        sys.stdout = sys.__stdout__ = Stream(self, "stdout", 1)  # type: ignore[misc]
        sys.stderr = sys.__stderr__ = Stream(self, "stderr", 2)  # type: ignore[misc]
        start = threading.Thread.start

        @wraps(start)
        def start_owned(thread: threading.Thread) -> None:
            thread._sandrepl_parent = self.owner()  # type: ignore[attr-defined]
            start(thread)

        threading.Thread.start = start_owned  # type: ignore[method-assign]


class Stream(io.TextIOBase):
    """`sys.stdout` or `sys.stderr`. It cannot be closed, and never raises for what the text holds."""

    encoding = "utf-8"
    errors = "replace"
    line_buffering = False

    def __init__(self, outbox: Outbox, name: str, descriptor: int) -> None:
        self.name = f"<{name}>"
        self.mode = "w"
        self._outbox = outbox
        self._stream = name
        self._descriptor = descriptor
        self.write = fast_write(outbox, name)  # type: ignore[method-assign]
        self.buffer = Bytes(outbox, name, descriptor)

    def flush(self) -> None:
        if self._outbox.calm == STIRRED:
            self._outbox.stir("\n")

    def fileno(self) -> int:
        return self._descriptor

    def writable(self) -> bool:
        return True

    def isatty(self) -> bool:
        return False

    def close(self) -> None:
        """Nothing: cells print on, whoever closed it."""

    def reconfigure(self, **options: Any) -> None:
        """Accepted and without effect: the encoding is UTF-8, and buffering is the kernel's affair."""


def fast_write(outbox: Outbox, name: str) -> Callable[[str], int]:
    """A stream's `write`, as a closure: what print() costs is this function, and attributes cost most of it."""
    items, owners, poll = outbox.items, outbox.owners, outbox.poll.poll
    append = items.append

    def write(text: str) -> int:
        if type(text) is not str:
            if not isinstance(text, str):
                raise TypeError(f"write() argument must be str, not {type(text).__name__}")
            text = str.__str__(text)
        if text != "\n":  # print's own line end follows its text too soon to look for older bytes again
            if not text:
                return 0
            try:
                if outbox.draining or poll(0):
                    outbox.sync(DRAIN_SECONDS)
            except RuntimeError:  # another thread, or what a signal handler interrupted, is in poll just now
                outbox.sync(DRAIN_SECONDS)
        if len(items) > BACKLOG_ITEMS or len(text) > SMALL:
            outbox.hold_back(len(text))
        try:
            parent = owners.parent
        except AttributeError:
            parent = outbox.owner()
        append((name, parent, text))
        if outbox.calm:
            outbox.stir(text)
        return len(text)

    return write


class Bytes(io.BufferedIOBase):
    """`sys.stdout.buffer`."""

    def __init__(self, outbox: Outbox, name: str, descriptor: int) -> None:
        self.name = f"<{name}>"
        self.mode = "wb"
        self._outbox = outbox
        self._stream = name
        self._descriptor = descriptor

    def write(self, data: Any) -> int:
        outbox = self._outbox
        copy = bytes(memoryview(data).cast("B"))
        if outbox.older_bytes():
            outbox.sync(DRAIN_SECONDS)
        outbox.hold_back(len(copy))
        outbox.items.append((self._stream, outbox.owner(), copy))
        if outbox.calm:
            outbox.stir("\n" if copy[-1:] == b"\n" else "")
        return len(copy)

    def flush(self) -> None:
        if self._outbox.calm == STIRRED:
            self._outbox.stir("\n")

    def fileno(self) -> int:
        return self._descriptor

    def writable(self) -> bool:
        return True

    def close(self) -> None:
        """Nothing, as for the text stream above it."""


def become_forked(*streams: Any) -> None:
    """In a forked child, the streams write whole lines to the pipes that the kernel reads."""
    for stream in streams:
        if type(stream) is Stream:
            lines = _Lines(stream.fileno())
            stream.write, stream.flush = lines.write, lines.flush  # type: ignore[method-assign]
            stream.buffer.write, stream.buffer.flush = lines.write_bytes, lines.flush  # type: ignore[method-assign]


class _Lines:
    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._parts: list[bytes] = []

    def write(self, text: str) -> int:
        self.write_bytes(text.encode("utf-8", "backslashreplace"))
        return len(text)

    def write_bytes(self, data: Any) -> int:
        copy = bytes(data)
        self._parts.append(copy)
        if b"\n" in copy:
            self.flush()
        return len(copy)

    def flush(self) -> None:
        data, self._parts = b"".join(self._parts), []
        view = memoryview(data)
        while view:
            view = view[os.write(self._descriptor, view) :]


def has_children() -> bool:
    """Whether this process has children, ended or not; True where the system cannot tell."""
    try:
        os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    except ChildProcessError:
        return False
    except (AttributeError, OSError):
        pass
    return True


def flush_c() -> None:
    """Empties C's own buffers, which only code that came through ctypes or an extension fills."""
    ctypes = sys.modules.get("ctypes")
    if ctypes is not None:
        try:
            ctypes.CDLL(None).fflush(None)
        except Exception:
            pass
