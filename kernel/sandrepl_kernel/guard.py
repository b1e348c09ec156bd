"""Calling a stranger's code with a deadline: its `__repr__` may hang, print, raise or lie."""

from __future__ import annotations

import os
import signal
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable


class _Deadline(BaseException):
    """Not an Exception, so that `except Exception` in the stranger's code does not swallow it."""


class TookTooLong(Exception):
    pass


class Guard:
    """A context in which `call` has a deadline, kept by SIGALRM: main thread only. It strikes again and again, for
    code that catches everything; C code that never returns to the interpreter cannot be stopped by anything.
    A timer and a handler that the user's code had set go on afterwards."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._armed = False
        self._calling = False
        self._pid = os.getpid()

    def __enter__(self) -> Guard:
        return self

    def __exit__(self, *error: Any) -> None:
        if not self._armed:
            return
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, self._handler if self._handler is not None else signal.SIG_DFL)
        left, interval = self._timer
        if left:
            left = max(left - (time.monotonic() - self._since), 0.001)
            signal.setitimer(signal.ITIMER_REAL, left, interval)

    def call(self, function: Callable[..., Any], *arguments: Any) -> Any:
        if not self._armed:
            self._arm()
        try:
            try:
                self._calling = True
                signal.setitimer(signal.ITIMER_REAL, self._seconds, self._seconds)
                return function(*arguments)
            finally:
                self._calling = False
                signal.setitimer(signal.ITIMER_REAL, 0)
                if os.getpid() != self._pid:
                    os._exit(0)  # the stranger's code forked, and its child came back here
        except _Deadline:
            self._calling = False
            signal.setitimer(signal.ITIMER_REAL, 0)
            raise TookTooLong from None

    def _arm(self) -> None:
        self._timer = signal.getitimer(signal.ITIMER_REAL)
        self._since = time.monotonic()
        signal.setitimer(signal.ITIMER_REAL, 0)
        self._handler = signal.signal(signal.SIGALRM, self._strike)
        self._armed = True

    def _strike(self, number: int, frame: Any) -> None:
        if self._calling:
            raise _Deadline
