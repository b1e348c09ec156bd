"""A value as text of bounded length, at bounded cost: exact where it is short, cut with `…` where it is not.

Only exact builtin types are walked here, without asking a key for its hash. Everything else goes to `foreign`, whose
caller guards it. What changes while it is walked is cut there.
"""

from __future__ import annotations

DEPTH = 20
INT_BITS = 14_000  # below the 4,300 digits that Python is willing to print
CUT = "…"

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable

PLAIN = frozenset((int, float, bool, complex, type(None), str, bytes, range, type(...), type(NotImplemented)))
BRACKETS = {list: "[]", tuple: "()", set: "{}", frozenset: "{}", dict: "{}"}
# By identity, for any type at all: looking it up by its hash would ask its metaclass.
PLAIN_IDS = frozenset(map(id, PLAIN))
BRACKETS_IDS = frozenset(map(id, BRACKETS))


class _Full(Exception):
    pass


class Writer:
    def __init__(self, limit: int, foreign: Callable[[Any, int], str]) -> None:
        self._left = limit
        self._foreign = foreign
        self._parts: list[str] = []
        self._inside: set[int] = set()

    def text(self, value: Any) -> str:
        limit = self._left
        try:
            self._write(value)
        except (_Full, RuntimeError):  # a RuntimeError: it changed meanwhile
            return "".join(self._parts)[: max(limit - 1, 0)] + CUT
        return "".join(self._parts)

    def _put(self, text: str) -> None:
        self._parts.append(text)
        self._left -= len(text)
        if self._left < 0:
            raise _Full

    def _write(self, value: Any) -> None:
        kind = type(value)
        if id(kind) in BRACKETS_IDS:
            self._write_container(value, kind)
        elif kind is str or kind is bytes:
            if len(value) > self._left:
                self._put(repr(value[: self._left + 1])[:-1])
                raise _Full
            self._put(repr(value))
        elif kind is int:
            self._put(number(value))
        elif id(kind) in PLAIN_IDS:
            self._put(repr(value))
        else:
            self._put(self._foreign(value, self._left + 1))

    def _write_container(self, value: Any, kind: Any) -> None:
        opening, closing = BRACKETS[kind]
        if id(value) in self._inside or len(self._inside) >= DEPTH:
            self._put(f"{opening}...{closing}")
            return
        if not value and kind in (set, frozenset):
            self._put(f"{kind.__name__}()")
            return
        if kind is frozenset:
            opening, closing = "frozenset({", "})"
        elif kind is tuple and len(value) == 1:
            closing = ",)"
        self._inside.add(id(value))
        self._put(opening)
        if kind is dict:
            self._write_entries(value)
        else:
            separator = ""
            for item in value:
                self._put(separator)
                separator = ", "
                self._write(item)
        self._put(closing)
        self._inside.discard(id(value))

    def _write_entries(self, value: dict[Any, Any]) -> None:
        separator = ""
        for key, item in value.items():
            self._put(separator)
            separator = ", "
            self._write(key)
            self._put(": ")
            self._write(item)


def number(value: int) -> str:
    bits = value.bit_length()
    return repr(value) if bits <= INT_BITS else f"<int of {bits} bits>"
