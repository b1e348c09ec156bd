"""A value as text of bounded length, at bounded cost: exact where it is short, cut with `…` where it is not.

Only exact builtin types are walked here. Everything else goes to `foreign`, whose caller guards it.
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
        except _Full:
            return "".join(self._parts)[: max(limit - 1, 0)] + CUT
        return "".join(self._parts)

    def _put(self, text: str) -> None:
        self._parts.append(text)
        self._left -= len(text)
        if self._left < 0:
            raise _Full

    def _write(self, value: Any) -> None:
        kind = type(value)
        if type(kind) is not type:  # looking it up would ask its metaclass
            self._put(self._foreign(value, self._left + 1))
        elif kind in BRACKETS:
            self._write_container(value, kind)
        elif kind is str or kind is bytes:
            if len(value) > self._left:
                self._put(repr(value[: self._left + 1])[:-1])
                raise _Full
            self._put(repr(value))
        elif kind is int:
            self._put(number(value))
        elif kind in PLAIN:
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
        separator = ""
        for item in value:
            self._put(separator)
            separator = ", "
            self._write(item)
            if kind is dict:
                self._put(": ")
                self._write(value[item])
        self._put(closing)
        self._inside.discard(id(value))


def number(value: int) -> str:
    bits = value.bit_length()
    return repr(value) if bits <= INT_BITS else f"<int of {bits} bits>"
