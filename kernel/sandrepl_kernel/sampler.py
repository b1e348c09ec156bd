"""What changed in the namespace while a cell runs, as far as it is cheap to tell.

Plain values, how long builtin containers are, and names that are gone. This runs on the query thread while the cell
rebinds whatever it likes, so nothing of the user's is called, and nothing but builtin values is held for longer than a
step of C code takes: the last reference to an object of the user's must not end here. The names are looked at by
identity first and in slices, for as long as the budget lasts; the next sample goes on where this one stopped.
"""

from __future__ import annotations

import sys
import time
from itertools import compress, filterfalse, repeat
from operator import is_not

from .bounded import PLAIN_IDS, Writer
from .rows import SIZED_IDS, bare, length, one_line

CPU_SECONDS = 0.003
SLICE = 500
ROWS = 100
BYTES_PER_SECOND = 16 << 10  # what samples may add to the journal
ROW_COST = 250
VALUE_LENGTH = 200
KEPT_PLAIN = 4096
_ABSENT = object()

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable


class Sampler:
    """The samples of one cell. `rows` and `known` are how things were before it."""

    def __init__(
        self,
        namespace: dict[str, Any],
        rows: dict[str, dict[str, Any]],
        known: dict[str, Any],
        listed: Callable[[str, Any], bool],
        same: Callable[[Any, Any], bool],
    ) -> None:
        self.told: dict[str, dict[str, Any] | None] = {}  # the latest row of each name; None where it is gone
        self._namespace = namespace
        self._rows = rows
        self._known = known
        self._listed = listed
        self._same = same
        self._seen: dict[str, Any] = {}  # a plain value, or the type and length of a container
        self._at = 0
        self._rest_until = 0.0

    def sample(self) -> dict[str, Any] | None:
        """The content of a `locals` event; None when there is nothing to tell."""
        if time.monotonic() < self._rest_until:
            return None
        deleted = self._gone()
        changed: list[dict[str, Any]] = []
        end = time.thread_time() + CPU_SECONDS
        names = list(self._namespace)
        if self._at >= len(names):
            self._at = 0
        names = names[self._at :] + names[: self._at]
        for start in range(0, len(names), SLICE):
            if time.thread_time() > end or len(changed) >= ROWS:
                break
            self._look_at([name for name in names[start : start + SLICE] if type(name) is str], changed)
            self._at = (self._at + SLICE) % len(names)
        if not changed and not deleted:
            return None
        spent = sum(ROW_COST + len(one["value"]) for one in changed) + sum(map(len, deleted))
        self._rest_until = time.monotonic() + spent / BYTES_PER_SECOND
        total = len(self._rows) + sum((row is not None) - (name in self._rows) for name, row in self.told.items())
        return {"full": False, "total": total, "truncated": False, "changed": changed, "deleted": deleted}

    def _gone(self) -> list[str]:
        there = self._namespace.__contains__
        deleted = [name for name in filterfalse(there, list(self._rows)) if self.told.get(name, True) is not None]
        deleted += [name for name in filterfalse(there, list(self.told)) if self.told[name] and name not in self._rows]
        deleted = deleted[:ROWS]
        for name in deleted:
            self.told[name] = None
            self._seen[name] = _ABSENT
        return deleted

    def _look_at(self, names: list[str], changed: list[dict[str, Any]]) -> None:
        get = self._namespace.get
        others = list(compress(names, map(is_not, map(get, names, repeat(_ABSENT)), map(self._known.get, names))))
        back = [name for name in names if name in self._seen] if self._seen else []  # it may be as it was before
        due = list(dict.fromkeys(others + back))
        kinds = list(map(id, map(type, map(get, due, repeat(_ABSENT)))))
        for name, kind in zip(due, kinds):
            if kind in PLAIN_IDS or kind in SIZED_IDS:
                value = get(name, _ABSENT)
                if id(type(value)) == kind and self._listed(name, value):
                    self._tell(name, value, kind, changed)

    def _tell(self, name: str, value: Any, kind: int, changed: list[dict[str, Any]]) -> None:
        before = self._seen.get(name, self._known.get(name, _ABSENT))
        if kind in PLAIN_IDS and not (type(value) in (str, bytes) and len(value) > KEPT_PLAIN):
            now = value
            if self._same(before, value):
                return
        else:
            now = (kind, len(value))
            if type(before) is tuple and before[:2] == now:
                return
        self._seen[name] = now
        one = bare(name, value)
        one["length"] = length(value) if kind in SIZED_IDS else None
        writer = Writer(VALUE_LENGTH, lambda item, limit: f"<{bare('', item)['type']}>")
        one["value"] = one_line(writer.text(value), VALUE_LENGTH)
        one["size"] = sys.getsizeof(value)
        one["mark"] = "changed" if name in self._rows else "new"
        self.told[name] = one
        changed.append(one)
