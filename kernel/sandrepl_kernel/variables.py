"""The namespace as the panel shows it: what changed since last time, within a budget of time and bytes.

What is looked at after a cell: every name whose value is plain; every name that the cell mentions or that is new;
then the others in turn, until the time is up. What is left over is looked at when the kernel is idle.
"""

from __future__ import annotations

import time

from .bounded import BRACKETS_IDS, PLAIN_IDS
from .guard import Guard
from .output import MUTED
from .rows import fingerprint, row

VALUE_LENGTH = 200
SECONDS = 0.05
OTHERS_SECONDS = 0.008  # of these, at most so much for what the cell does not mention
ROW_SECONDS = 0.02
EXACT_SECONDS = 5.0
EXACT_ROW_SECONDS = 1.0
EVENT_BYTES = 4 << 20
EXACT_BYTES = 64 << 20
ROW_COST = 200
KEPT_PLAIN = 4096  # a plain value up to this length is kept, to be compared by identity
HIDDEN = frozenset(("In", "Out", "exit", "quit"))
_ABSENT = object()

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .output import Outbox
    from .sampler import Sampler


class Variables:
    def __init__(self, namespace: dict[str, Any], outbox: Outbox) -> None:
        self.rows: dict[str, dict[str, Any]] = {}  # read by the I/O thread, as a whole
        self.helpers: dict[str, Any] = {}  # ours in the namespace, not listed while they are what we bound
        self.flattened: dict[str, str] = {}
        self.unfinished = False
        self._namespace = namespace
        self._outbox = outbox
        self._known: dict[str, Any] = {}  # a plain value itself, or a fingerprint
        self._turn: list[str] = []  # names to look at when there is time, longest ago first
        self._marked: set[str] = set()
        self._sampler: Sampler | None = None
        self._told: dict[str, dict[str, Any] | None] = {}  # what samples told, and no account of a cell's did since
        self._slow: dict[str, int] = {}  # names whose repr took too long, with the id of what they named

    def update(self, mentioned: set[str], fresh: bool = True) -> dict[str, Any]:
        """The content of a `locals` event. `fresh` ends all marks; a continuation of the same cell's does not."""
        if fresh:
            self.unmark()
        if self._sampler is not None:
            self._told.update(self._sampler.told)
            self._sampler = None
        told = self._told
        current = self.listed()
        deleted = [name for name in self.rows if name not in current]
        for name in deleted:
            self._forget(name)
        deleted += [name for name, row in told.items() if row and name not in current and name not in deleted]
        changed: list[dict[str, Any]] = []
        first, rest = self._plain_and_due(current, mentioned | told.keys() if told else mentioned, changed)
        left = self._look(current, first, rest, changed)
        if told:
            self._correct(left, changed)
        return {
            "full": False,
            "total": len(current),
            "truncated": self.unfinished,
            "changed": changed,
            "deleted": deleted,
        }

    def _correct(self, left: list[str], changed: list[dict[str, Any]]) -> None:
        """Tells again what a sample told of and what is, after all, as it was before the cell."""
        waiting = set(left)
        reported = {one["name"] for one in changed}
        changed += [self.rows[name] for name in self._told.keys() & self.rows.keys() - reported - waiting]
        self._told = {name: self._told[name] for name in self._told if name in waiting}

    def sample(self) -> dict[str, Any] | None:
        """On the query thread while a cell runs: the content of a `locals` event, or None. Marks are against what was
        before the cell, and `update` tells at its end whatever a sample told of."""
        if self._sampler is None:
            from .sampler import Sampler

            self._sampler = Sampler(self._namespace, self.rows, self._known, self._is_listed, same)
        return self._sampler.sample()

    def unmark(self) -> None:
        """Ends all marks. Rows that were told are never written into: the I/O thread may not have come to them yet."""
        for name in self._marked:
            if name in self.rows:
                self.rows[name] = {**self.rows[name], "mark": None}
        self._marked.clear()

    def full(self) -> dict[str, Any]:
        """All rows, from memory: for any thread, at any time."""
        sampler = self._sampler
        rows = list(self.rows.values())
        if sampler is not None:
            rows = [row for row in {**self.rows, **sampler.told}.values() if row is not None]
        return {"full": True, "total": len(rows), "truncated": self.unfinished, "changed": rows, "deleted": []}

    def exact(self, limit: int) -> dict[str, Any]:
        """All rows computed afresh, each value its repr up to `limit` characters."""
        current = self.listed()
        made: list[dict[str, Any]] = []
        spent, deadline = 0, time.perf_counter() + EXACT_SECONDS
        with Muted(self._outbox), Guard(EXACT_ROW_SECONDS) as guard:
            for name, value in current.items():
                if spent > EXACT_BYTES or time.perf_counter() > deadline:
                    break
                one = self._row(name, value, limit, True, guard)
                one["mark"] = self.rows.get(name, one)["mark"]
                made.append(one)
                spent += len(one["value"]) + ROW_COST
        truncated = len(made) < len(current)
        return {"full": True, "total": len(current), "truncated": truncated, "changed": made, "deleted": []}

    def listed(self) -> dict[str, Any]:
        """The user's variables, by name."""
        listed = self._is_listed
        return {name: value for name, value in list(self._namespace.items()) if listed(name, value)}

    def _is_listed(self, name: Any, value: Any) -> bool:
        if type(name) is not str or name[:1] == "_" or name in HIDDEN:
            return False
        return self.helpers.get(name, _ABSENT) is not value

    def _plain_and_due(
        self, current: dict[str, Any], mentioned: set[str], changed: list[dict[str, Any]]
    ) -> tuple[list[str], list[str]]:
        """Does the plain values, and returns the other names: those that come first, and the rest in turn."""
        known = self._known
        first: list[str] = []
        others: dict[str, None] = {}
        guard = Guard(ROW_SECONDS)  # never called: plain values need none
        for name, value in current.items():
            before = known.get(name, _ABSENT)
            if before is value:
                continue
            kind = type(value)
            if id(kind) not in PLAIN_IDS or (kind is str or kind is bytes) and len(value) > KEPT_PLAIN:
                if before is _ABSENT or name in mentioned:
                    first.append(name)
                else:
                    others[name] = None
            elif not same(before, value):
                known[name] = value
                self._put(self._row(name, value, VALUE_LENGTH, False, guard), changed)
            else:
                known[name] = value
        turn = [name for name in self._turn if name in others]
        waiting = set(turn)
        return first, [name for name in others if name not in waiting] + turn

    def _look(
        self, current: dict[str, Any], first: list[str], rest: list[str], changed: list[dict[str, Any]]
    ) -> list[str]:
        """Does the names that are due, as many as there is time for. Returns which of the first are left over."""
        start = time.perf_counter()
        spent = len(changed) * ROW_COST
        done = 0
        due = first + rest
        with Muted(self._outbox), Guard(ROW_SECONDS) as guard:
            for done, name in enumerate(due):
                elapsed = time.perf_counter() - start
                if elapsed > (SECONDS if done < len(first) else OTHERS_SECONDS) or spent > EVENT_BYTES:
                    break
                spent += self._look_at(name, current[name], guard, changed, again=done < len(first))
            else:
                done = len(due)
        self.unfinished = done < len(first)
        self._turn = rest[max(done - len(first), 0) :] + due[:done]
        return first[done:]

    def _look_at(
        self, name: str, value: Any, guard: Guard, changed: list[dict[str, Any]], again: bool
    ) -> int:
        print_ = fingerprint(value)
        same = self._known.get(name, _ABSENT) == print_
        if same and (not again or self._slow.get(name) == id(value)) and print_[0] not in BRACKETS_IDS:
            return 0
        self._slow.pop(name, None)
        one = self._row(name, value, VALUE_LENGTH, False, guard)
        if one["value"].endswith("takes too long>"):
            self._slow[name] = id(value)
        # Telling of an object may change it: what it keeps of that is no change of the next cell's.
        self._known[name] = print_ if print_[0] in BRACKETS_IDS else fingerprint(value)
        old = self.rows.get(name)
        if same and old is not None and {**old, "mark": None} == one:
            return 0
        self._put(one, changed)
        return ROW_COST

    def _row(self, name: str, value: Any, limit: int, exact: bool, guard: Guard) -> dict[str, Any]:
        made = row(name, value, limit, exact, guard)
        made["flattened"] = name in self.flattened and self.flattened[name] is value
        return made

    def _put(self, one: dict[str, Any], changed: list[dict[str, Any]]) -> None:
        one["mark"] = "changed" if one["name"] in self.rows else "new"
        self.rows[one["name"]] = one
        self._marked.add(one["name"])
        changed.append(one)

    def _forget(self, name: str) -> None:
        del self.rows[name]
        self._known.pop(name, None)
        self._slow.pop(name, None)


class Muted:
    """What this thread prints meanwhile, nobody sees."""

    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox

    def __enter__(self) -> None:
        self._before = self._outbox.owner()
        self._outbox.own(MUTED)

    def __exit__(self, *error: Any) -> None:
        self._outbox.own(self._before)


def same(before: Any, value: Any) -> bool:
    """Whether two values look the same, the second being plain. By their text where equality is another thing: a NaN
    is itself, and a zero is not a negative one."""
    kind = type(value)
    if type(before) is not kind:
        return False
    return repr(before) == repr(value) if kind is float or kind is complex or kind is range else before == value
