"""KeyboardInterrupt: only in a cell, only in the cell that was meant, also where an event loop waits."""

from __future__ import annotations

import os
import signal
import sys

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
        self._owed: str | None = None  # the cell that was interrupted before its code ran

    def arm(self) -> None:
        """Before each cell: whoever changed the handler in an earlier cell did so for that cell."""
        signal.signal(signal.SIGINT, self._strike)
        self.cancelled = False

    def send(self) -> None:
        """From the I/O thread: interrupts the running cell and, as a terminal would, the processes that it started."""
        self._owed = None if self.running else self.coming
        self._target = self.running
        if self._target is None:
            return
        try:
            os.killpg(os.getpid(), signal.SIGINT)
        except OSError:
            import threading

            signal.pthread_kill(threading.main_thread().ident, signal.SIGINT)  # type: ignore[arg-type]

    def begin(self, cell: str) -> None:
        """From here on the cell's code runs, unless it was interrupted already."""
        self.running = cell
        if self._owed == cell:
            self._owed = None
            raise KeyboardInterrupt

    def _strike(self, number: int, frame: Any) -> None:
        target, self._target = self._target, None
        if self.running is None or target not in (None, self.running):
            return
        if self.task is not None and self._loop_waits():
            self.cancelled = True
            self.task.cancel()
            self.loop.call_soon_threadsafe(lambda: None)
            return
        raise KeyboardInterrupt

    def _loop_waits(self) -> bool:
        """Whether no task runs just now: then there is no code to raise in, only a task to cancel."""
        return self.loop.is_running() and sys.modules["asyncio"].current_task(self.loop) is None
