"""Watching the agent's files, on a thread of its own: nothing else waits while a large state is read."""

from __future__ import annotations

import _thread
import os
import sys
import traceback
from time import monotonic

from ..journal import new_id
from ..output import MUTED
from ..variables import HIDDEN
from . import pushing
from .files import SCRIPT_BYTES, Torn, Unreadable, cell_in, clock, mark_of, open_file, read
from .merging import Merging
from .process import Process
from .state import State

SHORTEST_PAUSE, LONGEST_PAUSE = 0.01, 0.08  # seconds between two looks: few cells of an agent's take less
PAUSE_SHARE = 0.01  # of the time in which nothing has happened
LOST = "the agent's cell did not save its variables: it was killed, or timed out, or ended its process"

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable

    from ..loop import Tasks
    from ..output import Outbox
    from ..variables import Variables
    from .files import Mark
    from .state import Save


class Running:
    """A cell of the agent's that has not saved its variables yet."""

    def __init__(self, began: int, script: str) -> None:
        self.id = new_id()
        self.began = began
        self.process = Process(script)


class Watcher:
    """`changed` has the names told that a cell changed; like `merge`, it is the main thread's."""

    def __init__(
        self,
        folder: str,
        namespace: dict[str, Any],
        variables: Variables,
        outbox: Outbox,
        tasks: Tasks,
        changed: Callable[[str | None, set[str]], None],
    ) -> None:
        self.state = State(folder, {*variables.helpers, *HIDDEN})
        self.merging = Merging(namespace, variables, outbox)
        self._namespace = namespace
        self._outbox = outbox
        self._tasks = tasks
        self._changed = changed
        self._script: Mark | None = None
        self._running: Running | None = None
        self._latest: str | None = None  # the cell that began last
        self._lively = 0.0  # when something happened last
        self._trouble = ""

    def greet(self, tell: bool) -> None:
        """At the kernel's start, on the main thread: binds what an agent left, and tells its latest cell."""
        for save in self.state.look():
            self.merging.apply(save)
            self._say(save.problem)
        cell = self._new_cell()
        if cell is not None and tell:
            self._tell(*cell)
            self._end("ok", 0.0)
        self._running = None

    def push(self, names: list[str]) -> str:
        """Writes variables of ours for the agent's next cells. Returns what there is to say; raises UsageError."""
        values, report = pushing.prepare(self._namespace, names)
        done = pushing.write(self.state, values)
        self.merging.pushed(names, self.state.number)
        return pushing.told(names, report, done)

    def run(self) -> None:
        """The thread's life."""
        self._outbox.own(MUTED)
        pause = _thread.allocate_lock()
        pause.acquire()
        while True:
            try:
                self._turn()
                self._trouble = ""
            except Exception as error:
                self._complain(error)
            if self._running is not None and self.state.awaited:
                self._lively = monotonic()
            seconds = PAUSE_SHARE * (monotonic() - self._lively)
            pause.acquire(timeout=min(max(seconds, SHORTEST_PAUSE), LONGEST_PAUSE))

    def _turn(self) -> None:
        gone = self._running is not None and self._running.process.gone()
        cell = self._new_cell()
        saves = self.state.look()  # it saves before it goes
        if cell is None and not saves:
            if gone:
                self._lose(clock())
                self._outbox.wake()
            return
        self._lively = monotonic()
        while cell is not None and saves and saves[0].saved < cell[0]:
            self._take(saves.pop(0))
        if cell is not None:
            self._lose(cell[0])
            self._tell(*cell)
        for save in saves:
            self._take(save)
        self._outbox.wake()

    def _new_cell(self) -> tuple[int, str] | None:
        """When the agent's cell began, and its code, if it is another one than before."""
        mark = mark_of(self.state.script)
        if mark is None or mark == self._script:
            return None
        try:
            data, self._script = self._read_script()
        except (Torn, FileNotFoundError):
            return None
        except Unreadable:
            self._script = mark
            return None
        code = cell_in(data)
        return None if code is None else (self._script[0], code)

    def _read_script(self) -> tuple[bytes, Mark]:
        file = open_file(self.state.script)
        try:
            return read(file, SCRIPT_BYTES)
        finally:
            os.close(file)

    def _tell(self, began: int, code: str) -> None:
        self.state.began(began)
        self._running = Running(began, self.state.script)
        self._latest = self._running.id
        self._outbox.emit("execute_input", self._latest, {"code": code, "execution_count": None, "author": "agent"})

    def _take(self, save: Save) -> None:
        running = self._running
        if running is not None and save.saved >= running.began:
            self._end("ok", (save.saved - running.began) / 1e9)
        self._say(save.problem)
        cell = self._latest
        self._tasks.put(lambda: self._merge(save, cell))

    def _lose(self, when: int) -> None:
        """The cell that runs has saved nothing, and its process is gone, or another cell begins."""
        running = self._running
        if running is not None:
            lost = {"ename": "AgentCellLost", "evalue": LOST, "traceback": [f"AgentCellLost: {LOST}"], "lineno": None}
            self._outbox.emit("error", running.id, lost)
            self._end("error", (when - running.began) / 1e9)

    def _end(self, status: str, seconds: float) -> None:
        reply = {"status": status, "execution_count": None, "duration": round(seconds, 6)}
        self._outbox.emit("execute_reply", self._latest, reply)
        self._running = None

    def _merge(self, save: Save, cell: str | None) -> None:
        conflicts = self.merging.apply(save)
        for name, kept in conflicts.items():
            self._outbox.emit("conflict", cell, {"name": name, "kept": kept})
        self._changed(cell, {*save.values, *conflicts.values()})

    def _say(self, text: str) -> None:
        if text:
            self._outbox.items.append(("stderr", self._latest, text + "\n"))

    def _complain(self, error: Exception) -> None:
        trouble = "".join(traceback.format_exception(type(error), error, error.__traceback__))
        if trouble != self._trouble:
            self._trouble = trouble
            print(trouble, file=sys.__stderr__)
