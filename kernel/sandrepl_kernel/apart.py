"""Strangers' code off the main thread: each call has a deadline, and one that misses it is left behind in its thread.

A signal reaches the main thread alone, so this is what `Guard` is elsewhere: the calls are made one after another in a
thread of their own, and whoever asked watches how far it got. Where it stays, that thread is told to stop, which it
does once it runs Python code again, and another goes on with the next call. A thread that waits for the interpreter's
lock is not late: only what the watcher sees several times in a row counts.
"""

from __future__ import annotations

import os
import threading
import time

from .queries import stop

LATE = object()  # in place of a result
LOOKS = 4  # the times that the watcher must find a call where it was
STRIKES = 3

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Sequence


class Unguarded:
    """What calls strangers' code in such a thread: the watcher is its guard."""

    def call(self, function: Callable[..., Any], *arguments: Any) -> Any:
        return function(*arguments)


def each(calls: Sequence[Callable[[], Any]], seconds: float, until: float, late: Callable[[int], None]) -> list[Any]:
    """The results of the calls, an exception being one too. `late` hears which call was left behind, before the next
    is made. What was not called until the time `until` is LATE as well."""
    results = [LATE] * len(calls)
    first = 0
    while first < len(calls):
        run = _Run(calls, first, results)
        if run.watch(seconds, until):
            break
        late(run.stuck)
        first = run.stuck + 1
        if time.monotonic() > until:
            break
    return results


class _Run:
    def __init__(self, calls: Sequence[Callable[[], Any]], first: int, results: list[Any]) -> None:
        self.stuck = first  # the call that was left behind
        self._at = first
        self._calls = calls
        self._results = results
        self._left_behind = False
        self._pid = os.getpid()
        self._done = threading.Lock()
        self._done.acquire()
        self._thread = threading.Thread(target=self._go, name="sandrepl-expand", daemon=True)
        self._thread.start()

    def _go(self) -> None:
        try:
            for self._at in range(self._at, len(self._calls)):
                result = outcome(self._calls[self._at])
                if os.getpid() != self._pid:
                    os._exit(0)  # the stranger's code forked, and its child came back here
                if self._left_behind:
                    return
                self._results[self._at] = result
        except SystemExit:  # how it is told to stop
            pass
        finally:
            self._done.release()

    def watch(self, seconds: float, until: float) -> bool:
        """Whether all was done; otherwise the call `stuck` was left behind."""
        looks = 0
        done = False
        try:
            while True:
                done = self._done.acquire(timeout=seconds / LOOKS)
                if done:
                    return True
                if self._at != self.stuck:
                    self.stuck, looks = self._at, 0
                looks += 1
                if looks >= LOOKS or time.monotonic() > until:
                    return False
        finally:
            if not done:
                self._left_behind = True
                self._strike()

    def _strike(self) -> None:
        """Again and again, for code that catches everything."""
        for _ in range(STRIKES):
            if not self._thread.is_alive() or self._thread.ident is None:
                return
            stop(self._thread.ident)
            self._thread.join(0.001)


def outcome(call: Callable[[], Any]) -> Any:
    try:
        return call()
    except BaseException as error:
        return error
