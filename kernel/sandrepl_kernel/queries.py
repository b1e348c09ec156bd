"""Questions that change nothing, answered on a thread of their own while a cell runs.

What answers them reads the user's objects, so it may hang: then the asker hears so, the thread is left behind, and the
next question gets a new one. Nobody waits for this thread.
"""

from __future__ import annotations

import _thread
import sys
import time
import traceback
from queue import SimpleQueue

from .output import MUTED

DEADLINE = 2.0

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable

    from .output import Outbox
    from .requests import Request

    Answer = Callable[[dict[str, Any], dict[str, Any], Callable[[], bool]], dict[str, Any]]


class Query:
    def __init__(self, request: Request, asker: Any) -> None:
        self.request = request
        self.asker = asker
        self.began = time.monotonic()
        self.over = False  # answered, or given up: whatever comes now goes nowhere


class Queries:
    """All but `_run` and what it calls is the I/O thread's."""

    def __init__(
        self, namespace: dict[str, Any], outbox: Outbox, reply: Callable[[Any, str, dict[str, Any]], None]
    ) -> None:
        self._namespace = namespace
        self._outbox = outbox
        self._reply = reply
        self._open: list[Query] = []  # not answered yet, oldest first
        self._beside: set[Callable[[], None]] = set()
        self._work: SimpleQueue[Query | Callable[[], None]] = SimpleQueue()
        self._current: Query | None = None
        self._thread = 0  # which of the threads that were started is in charge; 0 before the first
        self._ident = 0

    @property
    def waiting(self) -> bool:
        return bool(self._open)

    def ask(self, request: Request, asker: Any) -> None:
        if request.method in OVERTAKEN:
            for earlier in self._open[:]:
                if earlier.asker is asker and earlier.request.method == request.method:
                    self._finish(earlier, {"status": "cancelled"})
        query = Query(request, asker)
        self._open.append(query)
        self._add(query)

    def beside(self, work: Callable[[], None]) -> None:
        """Has the query thread do something else that nobody waits for, unless it is to do that already."""
        if work not in self._beside:
            self._beside.add(work)
            self._add(work)

    def give_up_late(self, now: float) -> None:
        query = self._current
        if query is not None and now - query.began > DEADLINE:
            self._finish(query, {"status": "error", "error": f"{query.request.method}: no answer within 2 seconds"})
            stop(self._ident)
            self._current = None
            self._start()

    def answered(self, query: Query, content: dict[str, Any], _: float) -> None:
        self._finish(query, content)

    def _finish(self, query: Query, content: dict[str, Any]) -> None:
        if not query.over:
            query.over = True
            self._open.remove(query)
            self._reply(query.asker, query.request.id, content)

    def _add(self, work: Query | Callable[[], None]) -> None:
        self._work.put(work)
        if not self._thread:
            self._start()

    def _start(self) -> None:
        self._thread += 1
        self._ident = _thread.start_new_thread(self._run, (self._thread,))

    def _run(self, number: int) -> None:
        self._outbox.own(MUTED)
        while self._thread == number:
            work = self._work.get()
            if not isinstance(work, Query):
                self._beside.discard(work)
                try:
                    work()
                except Exception:
                    traceback.print_exc(file=sys.__stderr__)
            elif not work.over:
                self._perform(work, number)

    def _perform(self, query: Query, number: int) -> None:
        query.began = time.monotonic()
        self._current = query
        content = self._answer(query)
        if self._thread == number:
            self._current = None
            self._outbox.items.append(("answer", query, content, 0.0))
            self._outbox.wake()

    def _answer(self, query: Query) -> dict[str, Any]:
        try:
            answer = find(query.request.method)
            content = answer(self._namespace, query.request.params, lambda: query.over)
            return {"status": "ok", **content}
        except BaseException as error:
            return {"status": "error", "error": f"{query.request.method}: {type(error).__name__}: {said(error)}"}


def stop(thread: int) -> None:
    """Ends a thread that is left behind, where Python code runs in it: in C code it waits for whatever that does."""
    try:
        from ctypes import c_ulong, py_object, pythonapi

        pythonapi.PyThreadState_SetAsyncExc(c_ulong(thread), py_object(SystemExit))
    except ImportError:
        pass


def said(error: BaseException) -> str:
    try:
        return str(error)[:1000]
    except BaseException:
        return "its str() raises"


def load_completion() -> None:
    find("complete")


def find(method: str) -> Answer:
    """What answers a method; loaded when it is first asked."""
    if method == "complete":
        from .complete import complete

        return complete
    if method == "inspect":
        from .inspection import inspect

        return inspect
    if method == "expand":
        from .expand import expand

        return expand
    from .stack import stack

    return stack


OVERTAKEN = frozenset(("complete", "inspect"))
