"""Questions that change nothing, answered on a thread of their own while a cell runs.

What answers them reads the user's objects, so it may hang: then the asker hears so, the thread is left behind, and the
next question gets a new one. Nobody waits for this thread.
"""

from __future__ import annotations

import _thread
import time
from collections import deque

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
        self.began = 0.0
        self.over = False  # answered, or given up: whatever comes now goes nowhere


class Queries:
    """`ask`, `waiting` and `give_up_late` are the I/O thread's."""

    def __init__(self, namespace: dict[str, Any], outbox: Outbox, reply: Callable[[Any, str, dict[str, Any]], None]):
        self._namespace = namespace
        self._outbox = outbox
        self._reply = reply
        self._waiting: deque[Query] = deque()
        self._current: Query | None = None
        self._ready = _thread.allocate_lock()
        self._ready.acquire()
        self._thread = 0  # which of the threads that were started is in charge; 0 before the first

    @property
    def waiting(self) -> bool:
        return self._current is not None or bool(self._waiting)

    def ask(self, request: Request, asker: Any) -> None:
        if request.method in OVERTAKEN:
            for earlier in (*self._waiting, *((self._current,) if self._current else ())):
                if earlier.asker == asker and earlier.request.method == request.method:
                    self._finish(earlier, {"status": "cancelled"})
        self._waiting.append(Query(request, asker))
        if not self._thread:
            self._start()
        self._wake()

    def give_up_late(self) -> None:
        query = self._current
        if query is not None and query.began and time.monotonic() - query.began > DEADLINE:
            self._finish(query, {"status": "error", "error": f"{query.request.method}: no answer within 2 seconds"})
            self._current = None
            self._start()
            self._wake()

    def answered(self, query: Query, content: dict[str, Any]) -> None:
        self._finish(query, content)

    def _finish(self, query: Query, content: dict[str, Any]) -> None:
        if not query.over:
            query.over = True
            self._reply(query.asker, query.request.id, content)

    def _wake(self) -> None:
        try:
            self._ready.release()
        except RuntimeError:  # it is awake already
            pass

    def _start(self) -> None:
        self._thread += 1
        _thread.start_new_thread(self._run, (self._thread,))

    # The query thread.

    def _run(self, number: int) -> None:
        self._outbox.own(MUTED)
        while self._thread == number:
            try:
                query = self._waiting.popleft()
            except IndexError:
                self._ready.acquire()
                continue
            if query.over:
                continue
            query.began = time.monotonic()
            self._current = query
            content = self._answer(query)
            if self._thread != number:
                return
            self._current = None
            self._outbox.items.append(("answer", query, content, 0))
            self._outbox.wake()

    def _answer(self, query: Query) -> dict[str, Any]:
        try:
            answer = find(query.request.method)
            content = answer(self._namespace, query.request.params, lambda: query.over)
            return {"status": "ok", **content}
        except BaseException as error:
            return {"status": "error", "error": f"{query.request.method}: {type(error).__name__}: {said(error)}"}


def said(error: BaseException) -> str:
    try:
        return str(error)[:1000]
    except BaseException:
        return "its str() raises"


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
