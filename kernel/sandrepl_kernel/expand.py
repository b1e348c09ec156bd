"""One variable from within: its row, a page of its parts as rows, and a rectangle of it where it is a table.

Reading the parts runs nothing of the user's, making rows of them does: their reprs. So all of it is done in a thread
apart, where a part whose repr hangs costs its own row. Plain parts come first, whatever the others do.
"""

from __future__ import annotations

import time

from . import apart, lookup
from .bounded import PLAIN_IDS, Writer
from .parts import Name, sections
from .rows import Repr, bare, one_line, row, too_long

COUNT = 100
COUNT_LIMIT = 1000
VALUE_LENGTH = 10_000  # of the variable itself
PART_LENGTH = 200
NAME_LENGTH = 200
CELL_LENGTH = 100
PART_SECONDS = 0.1  # for one part; for all of them
FIND_SECONDS = 0.8
SECONDS = 1.6  # below the deadline of the whole query

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable

    from .parts import Part, Section


def expand(namespace: dict[str, Any], params: dict[str, Any], over: Callable[[], bool]) -> dict[str, Any]:
    until = time.monotonic() + SECONDS
    count = min(params.get("count") or COUNT, COUNT_LIMIT)
    asked = _Asked(params["path"], params.get("start", 0), count, params.get("table"))
    [found] = apart.each([lambda: asked.find(namespace)], FIND_SECONDS, until, lambda at: None)
    if found is apart.LATE:
        raise TimeoutError(f"{asked.said} cannot be read: it takes too long")
    if isinstance(found, BaseException):
        raise found
    return asked.answer(until)


class _Asked:
    def __init__(self, path: list[Any], start: int, count: int, rectangle: dict[str, int] | None) -> None:
        self.said = "".join([path[0], *map(_said, path[1:])])
        self._path = path
        self._start = start
        self._count = count
        self._rectangle = rectangle
        self._late: set[int] = set()  # types whose repr took too long: the next of them is not asked

    def find(self, namespace: dict[str, Any]) -> None:
        """Goes along the path, and reads the page."""
        name, *steps = self._path
        value = namespace.get(name, lookup.MISSING)
        if value is lookup.MISSING:
            raise LookupError(f"{name} is not there any more")
        said = name
        self._name: Any = Name(name)
        for step in steps:
            said += _said(step)
            found = (section.find(step) for section in sections(value))
            value = next((part for part in found if part is not lookup.MISSING), lookup.MISSING)
            if value is lookup.MISSING:
                raise LookupError(f"{said} is not there any more; expand what it was in again")
            self._name = Name(step[-1] if type(step[-1]) is str else str(step[-1]))
        self._value = value
        held = sections(value)
        self._total = sum(each.total for each in held)
        self._page = _page(held, self._start, self._start + self._count)
        self._table = None
        if self._rectangle is not None:
            from .tables import table_of

            self._table = table_of(value, self._rectangle)

    def answer(self, until: float) -> dict[str, Any]:
        parts: list[tuple[Any, Any, int]] = [(self._name, self._value, VALUE_LENGTH)]
        parts += [(name, value, PART_LENGTH) for name, _, value in self._page]
        order = sorted(range(len(parts)), key=lambda at: not _is_plain(parts[at]))
        lines = self._table.lines if self._table is not None else []
        calls: list[Callable[[], Any]] = [lambda at=at: self._row(*parts[at]) for at in order]  # type: ignore[misc]
        calls += [lambda line=line: [_cell(value) for value in line] for line in lines]  # type: ignore[misc]

        def late(at: int) -> None:
            if at < len(order):
                self._late.add(id(type(parts[order[at]][1])))

        results = apart.each(calls, PART_SECONDS, until, late)
        rows: list[Any] = [None] * len(parts)
        for at, made in zip(order, results):
            rows[at] = made if type(made) is dict else _unread(*parts[at])
        content = {
            "row": rows[0],
            "total": self._total,
            "start": self._start,
            "children": [{**made, "step": step} for made, (_, step, _) in zip(rows[1:], self._page)],
            "table": None,
        }
        if self._table is not None:
            cells = [made if type(made) is list else ["…"] * self._table.width for made in results[len(parts) :]]
            content["table"] = {**self._table.frame, "cells": cells}
        return content

    def _row(self, name: Any, value: Any, limit: int) -> dict[str, Any]:
        if id(type(value)) in self._late:
            return _unread(name, value, limit)
        return row(_name(name), value, limit, False, apart.Unguarded())


def _page(held: list[Section], start: int, stop: int) -> list[Part]:
    found: list[Part] = []
    for section in held:
        if start < section.total and stop > 0:
            found += section.page(max(start, 0), min(stop, section.total))
        start, stop = start - section.total, stop - section.total
    return found


def _is_plain(part: tuple[Any, Any, int]) -> bool:
    name, value, _ = part
    return id(type(value)) in PLAIN_IDS and (type(name) is Name or id(type(name)) in PLAIN_IDS)


def _name(name: Any) -> str:
    if type(name) is Name:
        return str(name)
    return one_line(Writer(NAME_LENGTH, Repr(apart.Unguarded())).text(name), NAME_LENGTH)


def _unread(name: Any, value: Any, limit: int) -> dict[str, Any]:
    """The row of what could not be looked at."""
    writer = Writer(NAME_LENGTH, lambda key, _: f"<{lookup.name_of(type(key))}>")
    return {**bare(str(name) if type(name) is Name else writer.text(name), value), "value": too_long(value)}


def _cell(value: Any) -> str:
    kind = type(value)
    if kind is str:
        text = value[: CELL_LENGTH + 1]
    elif id(kind) not in PLAIN_IDS and lookup.package_of(kind) in ("numpy", "pandas") and lookup.genuine(kind):
        text = str(value)
    else:
        text = Writer(CELL_LENGTH, Repr(apart.Unguarded())).text(value)
    text = one_line(text, CELL_LENGTH)
    return text if text.isprintable() else repr(text)[1:-1]


def _said(step: list[Any]) -> str:
    """A step as it would be written, for a message."""
    kind, last = step[0], step[-1]
    if kind in ("attr", "closure"):
        return f".{last}"
    return f".iloc[{last}]" if kind == "row" else f"[{last}]"
