"""KeyboardInterrupt: only in a cell, only in the cell that was meant, also where an event loop waits."""

from __future__ import annotations

import _thread
import os
import signal
import sys
import time

IDLE = "between cells"  # in place of a cell's id: what cells left on the event loop runs
FIRST_PAUSE, LAST_PAUSE = 0.02, 1.0  # seconds
IMPORT_SECONDS = 1.0  # what an import gets to come to where it may be cut short
SAME_SECONDS = 1.0  # within which a signal from outside and a request are one interrupt

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Interrupts:
    def __init__(self) -> None:
        self.coming: str | None = None  # the cell that is being made ready
        self.running: str | None = None  # the cell whose code runs now
        self.loop: Any = None  # the event loop and the task that the cell waits for
        self.task: Any = None
        self.cancelled = False
        self._target: str | None = None
        self._main = _thread.get_ident()
        self._owed: str | None = None  # the cell that was interrupted before its code ran
        self._put_off: float | None = None  # since when an import keeps the interrupt waiting
        self._outside: float | None = None  # when the running cell was last interrupted by a signal that nobody asked us for

    def arm(self) -> None:
        """Before each cell: whoever changed the handler in an earlier cell did so for that cell."""
        signal.signal(signal.SIGINT, self._strike)
        self.cancelled = False
        self._put_off = self._outside = None

    def send(self, cell: str | None = None) -> None:
        """From the I/O thread: interrupts the cell, or the one that runs, and, as a terminal would, the processes that it
        started."""
        running = self.running
        if running is None or cell not in (None, running):
            self._owed = cell or self.coming
            return
        since, self._outside = self._outside, None
        if since is not None and time.monotonic() - since < SAME_SECONDS:
            return  # a client that got no answer sent a signal, too, and C code let that through before this
        self._owed, self._target = None, running
        try:
            os.killpg(os.getpid(), signal.SIGINT)
        except OSError:
            signal.pthread_kill(self._main, signal.SIGINT)
        _thread.start_new_thread(self._insist, (self._target,))

    def _insist(self, target: str) -> None:
        """A signal that comes just before the main thread begins to wait in the system does not wake it, and its
        handler would run after the wait: so it is sent again until the handler has run. A user's own hears it once."""
        pause = FIRST_PAUSE
        while True:
            time.sleep(pause)
            if self._target is None or self.running != target or signal.getsignal(signal.SIGINT) != self._strike:
                return
            signal.pthread_kill(self._main, signal.SIGINT)
            pause = min(2 * pause, LAST_PAUSE)

    def begin(self, cell: str) -> None:
        """From here on the cell's code runs, unless it was interrupted already."""
        self.running = cell
        if self._owed == cell:
            self._owed = None
            raise KeyboardInterrupt

    def in_main_thread(self) -> bool:
        return _thread.get_ident() == self._main

    def _strike(self, number: int, frame: Any) -> None:
        if self.running is not None and self._target in (None, self.running) and self._imports(frame):
            if self._target is None:
                self._target = self.running
                _thread.start_new_thread(self._insist, (self._target,))
            return
        target, self._target, self._put_off = self._target, None, None
        if self.running is None or target not in (None, self.running):
            return
        if target is None:
            self._outside = time.monotonic()
        if self.running == IDLE and self._loop_waits():
            return
        if self.task is not None and self._loop_waits():
            self.cancelled = True
            self.task.cancel()
            self.loop.call_soon_threadsafe(lambda: None)
            return
        raise KeyboardInterrupt

    def _imports(self, frame: Any) -> bool:
        """Whether Python's own code of imports runs just now: cut short there it may keep its locks, and no thread
        imports anything any more. In a module that is being imported it does not."""
        if frame is None or not frame.f_code.co_filename.startswith("<frozen importlib"):
            return False
        now = time.monotonic()
        if self._put_off is None:
            self._put_off = now
        return now - self._put_off < IMPORT_SECONDS

    def _loop_waits(self) -> bool:
        """Whether no task runs just now: then there is no code to raise in, only a task to cancel."""
        return self.loop.is_running() and sys.modules["asyncio"].current_task(self.loop) is None
