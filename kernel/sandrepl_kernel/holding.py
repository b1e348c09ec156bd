"""Containers of which it is known what they would hold: those that a cell writes out, and what loops go over."""

from __future__ import annotations

from .known import PART, Known, Live, Of
from .lookup import MISSING, one_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable


class Holding(Of):
    """An instance of a builtin container. `parts`: by index or key; `each`: what any other is like."""

    def __init__(self, kind: Any, parts: dict[Any, Known | None], each: Known | None = None) -> None:
        super().__init__(kind)
        self.parts = parts
        self.each = each

    def item(self, key: Any) -> Known | None:
        if key is PART:
            return self
        if not one_of(type(key), (str, int, float, bool, bytes)):  # any other is not asked for its hash
            return self.each
        known = self.parts.get(key + len(self.parts) if type(key) is int and key < 0 and self.kind is not dict else key)
        return known or self.each

    def iterated(self) -> Known | None:
        if self.kind is dict:
            return next((Live(key) for key in self.parts), None)
        return next((part for part in self.parts.values() if part is not None), self.each)


def called_of_dict(known: Known, method: str, key: Any) -> Known | None:
    """What a method of a dict would give; None of what is none."""
    if not isinstance(known, (Live, Of)) or not issubclass(known.kind, dict):
        return None
    if method in ("get", "pop", "setdefault"):
        return known.item(key) if key is not MISSING else None
    first = known.iterated()
    value = known.item(first.value) if isinstance(first, Live) else None
    if method == "values":
        return Holding(type({}.values()), {}, value)
    return Holding(type({}.items()), {}, Holding(tuple, {0: first, 1: value}))


def _looped(known: Known | None) -> Known | None:
    return known.iterated() if known is not None else None


def _of_kind(kind: Any) -> Callable[[list[Known | None]], Known]:
    return lambda given: Holding(kind, {}, _looped(given[0]))


OF_DICTS = frozenset(("get", "pop", "setdefault", "values", "items"))
# What comes of calling these, by what they are given. By identity: the hash of what a cell calls is not asked for.
OVER: dict[int, Callable[[list[Known | None]], Known]] = {
    **{id(kind): _of_kind(kind) for kind in (list, tuple, set, frozenset, reversed)},
    id(sorted): _of_kind(list),
    id(enumerate): lambda given: Holding(enumerate, {}, Holding(tuple, {0: Of(int), 1: _looped(given[0])})),
    id(zip): lambda given: Holding(zip, {}, Holding(tuple, dict(enumerate(map(_looped, given))))),
}
