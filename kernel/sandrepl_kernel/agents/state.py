"""The agent's variables: what its cells did to them, and what is to be written there for its next cells.

A cell of the agent's reads the file when it begins and overwrites it when it ends. What is pushed meanwhile is lost
then, so it is written again, until a cell that has begun after the push has ended. And one that had opened the file
just before a push put another in its place writes into the old one, which is therefore looked at a while longer.
"""

from __future__ import annotations

import json
import os
import threading
from time import monotonic

from ..descriptors import keep
from .files import Torn, Unreadable, clock, digest, mark_of, open_file, read_state, replace

ORPHAN_SECONDS = 5.0
DEAD_SECONDS = 2.0  # a half of a file that has not grown for so long is all that there will be
STARTS = 8

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Container, Iterable

    from .files import Mark


class Save:
    """What a cell of the agent's did to its variables: new and changed ones with their digests, and deleted ones."""

    def __init__(self, saved: int, number: int) -> None:
        self.saved = saved  # when, in nanoseconds
        self.number = number  # of pushes before it
        self.values: dict[str, tuple[Any, int]] = {}
        self.deleted: list[str] = []
        self.contested: set[str] = set()  # of the changed ones, those that were pushed while the cell ran
        self.problem = ""


class Pushed:
    """A value that is written for the agent until one of its cells has begun with it."""

    def __init__(self, value: Any, before: set[int | None], agents: bool = False) -> None:
        self.value = value
        self.digest = digest(value)
        self.before = before  # digests of what the agent had until now, and of nothing
        self.agents = agents  # its own value, which it wrote where nobody reads
        self.at: int | None = None  # when it was written last, in nanoseconds; None: it is due


class Orphan:
    """A file that a push took the name from. Who had it open before may write into it still."""

    def __init__(self, file: int, mark: Mark) -> None:
        self.file = file
        self.mark = mark
        self.until = monotonic() + ORPHAN_SECONDS


class State:
    """Any thread may call its methods; none that must not wait."""

    def __init__(self, folder: str, ignored: Container[str]) -> None:
        self.path = os.path.join(folder, "rlm_state.json")
        self.script = os.path.join(folder, "rlm_exec.py")
        self.saves: list[Save] = []  # not told yet, oldest first
        self.number = 0
        self._ignored = ignored
        self._lock = threading.Lock()
        self._theirs: dict[str, int] = {}  # digests of the agent's variables
        self._mark: Mark | None = None
        self._torn: tuple[Mark | None, float] = None, 0.0  # since when there is half of a file
        self._told: Mark | None = None  # the half that is said to be all that there will be
        self._refused: Mark | None = None  # the file that could not be written again
        self._starts: list[int] = []  # when the agent's latest cells began
        self._pushed: dict[str, Pushed] = {}
        self._orphans: list[Orphan] = []

    @property
    def _still(self) -> bool:
        """Whether a look is not worth the lock."""
        return not (self._orphans or self._pushed or self.saves) and mark_of(self.path) == self._mark

    @property
    def torn(self) -> bool:
        return self._torn[0] is not None and self._torn[0] == mark_of(self.path)

    @property
    def _dead(self) -> bool:
        """Of a half that is still there: whether nobody writes the rest."""
        return monotonic() - self._torn[1] > DEAD_SECONDS

    @property
    def awaited(self) -> bool:
        """Whether what the agent's running cell saves will have to be mended."""
        return bool(self._pushed)

    def began(self, when: int) -> None:
        """A cell of the agent's has begun. It has nothing of what the one before, which was ended, saved in part."""
        with self._lock:
            self._starts = self._starts[1 - STARTS :] + [when]
            if self.torn:
                self._theirs = {}

    def look(self) -> list[Save]:
        """What was saved since last time, oldest first. Writes what is due."""
        if self._still:
            return []
        with self._lock:
            self._take()
            if self._mark != self._refused and any(pushed.at is None for pushed in self._pushed.values()):
                self._write_again()
            saves, self.saves = self.saves, []
            return saves

    def push(self, values: dict[str, Any]) -> bool:
        """Writes values for the agent; False: once its cell, which is saving, has done so. Raises Unreadable."""
        with self._lock:
            self._take()  # what was saved before this push came before it
            self.number += 1
            for name, value in values.items():
                earlier = self._pushed.get(name)
                before = {self._theirs.get(name)} | (earlier.before if earlier is not None else set())
                self._pushed[name] = Pushed(value, before)
            try:
                return self._write()
            except (Unreadable, OSError):
                for name in values:
                    del self._pushed[name]
                raise

    def arrived(self, names: Iterable[str]) -> bool:
        """Whether what was pushed under these names is written."""
        with self._lock:
            return not any(name in self._pushed and self._pushed[name].at is None for name in names)

    def _take(self) -> None:
        for orphan in self._orphans[:]:
            self._look_at(orphan)
        mark = mark_of(self.path)
        if mark is None:
            self._mark, self._theirs = None, {}
            return
        if mark in (self._mark, self._torn[0]):
            if mark not in (self._mark, self._told) and self._dead:
                self._told = mark
                self._problem("the file is not whole: a cell was ended while it saved")
            return
        try:
            self._read(open_file(self.path))
        except FileNotFoundError:
            return
        except Torn:
            self._torn = mark, monotonic()
        except Unreadable as problem:
            self._mark, self._theirs = mark, {}
            self._problem(str(problem), mark[0])

    def _read(self, file: int) -> None:
        try:
            values, self._mark = read_state(file)
            self._found(values, self._mark[0])
        finally:
            os.close(file)

    def _problem(self, why: str, saved: int = 0) -> None:
        save = Save(saved, self.number)
        save.problem = f"the agent's variables in {self.path} could not be read: {why}; yours stay as they are"
        self.saves.append(save)

    def _found(self, values: dict[str, Any], saved: int) -> None:
        save = Save(saved, self.number)
        self._meet_pushed(values, save)
        digests = {name: digest(value) for name, value in values.items() if self._wanted(name)}
        for name, found in digests.items():
            pushed = self._pushed.get(name)
            if pushed is not None and name not in save.contested:
                continue
            if self._theirs.get(name) != found:
                save.values[name] = values[name], found
        save.deleted = [name for name in self._theirs if name not in digests and name not in self._pushed]
        self._theirs = {**digests, **{name: pushed.digest for name, pushed in self._pushed.items()}}
        self.saves.append(save)

    def _wanted(self, name: str) -> bool:
        return name.isidentifier() and not name.startswith("_") and name not in self._ignored

    def _meet_pushed(self, values: dict[str, Any], save: Save) -> None:
        """Compares what was saved with what was pushed: it arrived, or it is due again."""
        began = self._began(save.saved)
        for name, pushed in list(self._pushed.items()):
            found = digest(values[name]) if name in values else None
            knew = pushed.at is not None and began is not None and began >= pushed.at
            if knew or found == pushed.digest:
                del self._pushed[name]
            elif found in pushed.before or found is None:
                pushed.at = None
            elif pushed.agents:
                del self._pushed[name]
            else:
                pushed.at = None
                pushed.before.add(found)
                save.contested.add(name)

    def _began(self, saved: int) -> int | None:
        """When the cell that saved then began; None if that is not known."""
        script = mark_of(self.script)
        starts = self._starts if script is None else [*self._starts, script[0]]
        return max((start for start in starts if start <= saved), default=None)

    def _write(self) -> bool:
        """Adds what was pushed to the variables. False where they are being written."""
        while True:
            try:
                file = open_file(self.path)
            except FileNotFoundError:
                self._put({}, 0o644)
                return True
            try:
                mode = os.fstat(file).st_mode & 0o777
                values, mark = read_state(file)
            except Torn:
                mark = mark_of(file)
                os.close(file)
                if mark == self._torn[0] and self._dead:
                    self._put({}, mode)
                    return True
                return False
            except BaseException:
                os.close(file)
                raise
            if mark == self._mark:
                break
            os.close(file)
            self._torn = None, 0.0
            self._take()
        self._put(values, mode)
        self._orphans.append(Orphan(keep(file), mark))
        self._look_at(self._orphans[-1])
        return True

    def _write_again(self) -> None:
        try:
            self._write()
        except (OSError, Unreadable) as problem:
            self._refused = self._mark
            save = Save(0, self.number)
            save.problem = f"{', '.join(self._pushed)} could not be written again for the agent: {problem}"
            self.saves.append(save)

    def _put(self, values: dict[str, Any], mode: int) -> None:
        values.update((name, pushed.value) for name, pushed in self._pushed.items())
        self._mark = replace(self.path, json.dumps(values).encode("ascii"), mode)
        now = clock()
        for name, pushed in self._pushed.items():
            pushed.at = now
            self._theirs[name] = pushed.digest

    def _look_at(self, orphan: Orphan) -> None:
        try:
            mark = mark_of(orphan.file)
            if mark is not None and mark != orphan.mark:
                orphan.mark, orphan.until = mark, monotonic() + ORPHAN_SECONDS
                values, orphan.mark = read_state(orphan.file)
                self._rescue(values, orphan.mark[0])
            if monotonic() < orphan.until:
                return
            os.close(orphan.file)
        except Torn:
            return
        except (Unreadable, OSError):  # a cell closed it
            pass
        self._orphans.remove(orphan)

    def _rescue(self, values: dict[str, Any], saved: int) -> None:
        """What a cell saved where its next ones do not look is pushed for it. What it deleted is back."""
        before = self._theirs
        self._found(values, saved)
        save = self.saves[-1]
        for name, (value, _) in save.values.items():
            if name not in self._pushed:
                self._pushed[name] = Pushed(value, {before.get(name)}, agents=True)
        self._theirs = {**before, **self._theirs}
        save.deleted = []
