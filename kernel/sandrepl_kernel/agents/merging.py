"""Bringing what the agent's cells did to its variables into the namespace. Only the main thread is here.

A name that holds what was bound for the agent follows it. What the user has put there since stays, and the agent's
value is kept beside it.
"""

from __future__ import annotations

import builtins
import re

from ..guard import Guard
from ..variables import Muted
from .files import digest
from .flattened import looks_flattened

SECONDS = 2.0  # what comparing one value may cost, where its type is not one of JSON's

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..output import Outbox
    from ..variables import Variables
    from .state import Save

    Print = tuple[Any, ...]

_ABSENT = object()
_ADDRESS = re.compile(r"0x[0-9a-fA-F]+")


class Merging:
    def __init__(self, namespace: dict[str, Any], variables: Variables, outbox: Outbox) -> None:
        self._namespace = namespace
        self._variables = variables
        self._outbox = outbox
        self._bound: dict[str, tuple[int, Print | None]] = {}  # what a name was bound to, and after how many pushes

    def apply(self, save: Save) -> dict[str, str]:
        """Returns the names in conflict, with those that the agent's values have instead."""
        conflicts: dict[str, str] = {}
        with Muted(self._outbox), Guard(SECONDS) as guard:
            for name, (value, digested) in save.values.items():
                mine = self._namespace.get(name, _ABSENT)
                if mine is _ABSENT and hides_builtin(name, value):
                    continue
                if mine is not _ABSENT and name not in save.contested and alike(mine, value, digested, guard):
                    self._bound[name] = save.number, print_of(mine, guard)
                elif self._follows(name, mine, save, guard):
                    self._bind(name, value, digested, save)
                elif not is_shown_as(mine, value, guard):
                    conflicts[name] = self._beside(name, save, guard)
                    self._bind(conflicts[name], value, digested, save)
            for name in save.deleted:
                mine = self._namespace.get(name, _ABSENT)
                if mine is not _ABSENT and self._follows(name, mine, save, guard):
                    del self._namespace[name]
                    self._bound.pop(name, None)
        return conflicts

    def pushed(self, names: list[str], number: int) -> None:
        """From now on these names follow the agent's, which are ours."""
        with Guard(SECONDS) as guard:
            for name in names:
                self._bound[name] = number, print_of(self._namespace[name], guard)

    def _follows(self, name: str, mine: Any, save: Save, guard: Guard) -> bool:
        """Whether nobody but the agent has given the name its value."""
        if mine is _ABSENT:
            return True
        if name in save.contested:
            return False
        made = print_of(mine, guard)
        for known in (name, f"{name}_agent"):
            number, bound = self._bound.get(known, (0, None))
            if bound is not None and bound == made and number <= save.number:
                return True
        return False

    def _bind(self, name: str, value: Any, digested: int, save: Save) -> None:
        self._namespace[name] = value
        self._bound[name] = save.number, (type(value), identity(value), digested)
        if type(value) is str and looks_flattened(value):
            self._variables.flattened[name] = value
        else:
            self._variables.flattened.pop(name, None)

    def _beside(self, name: str, save: Save, guard: Guard) -> str:
        """A name for the agent's value: the same each time, unless the user has put something else there."""
        number, beside = 1, f"{name}_agent"
        while beside in self._namespace and not self._follows(beside, self._namespace[beside], save, guard):
            number += 1
            beside = f"{name}_agent_{number}"
        return beside


def identity(value: Any) -> int:
    """Of a container: another one with the same content is the user's."""
    return id(value) if isinstance(value, (list, tuple, dict)) else 0


def print_of(value: Any, guard: Guard) -> Print | None:
    """By which a value is known again, changed within or not; None for what JSON cannot hold."""
    kind = type(value)
    if kind in (str, int, float, bool, type(None)):
        return kind, 0, digest(value)
    if not isinstance(value, (str, int, float, list, tuple, dict)):
        return None
    try:
        return kind, identity(value), guard.call(digest, value)
    except BaseException:
        return None


def alike(mine: Any, value: Any, digested: int, guard: Guard) -> bool:
    """Whether the user and the agent came to the same."""
    found = print_of(mine, guard) if type(mine) is type(value) else None
    return found is not None and found[2] == digested


def hides_builtin(name: str, value: Any) -> bool:
    """Whether text that an agent's client kept of a function would keep our cells from calling a builtin."""
    return type(value) is str and hasattr(builtins, name) and looks_flattened(value)


def is_shown_as(mine: Any, text: Any, guard: Guard) -> bool:
    """Whether text is all that the agent's client could keep of such an object as ours is."""
    if type(text) is not str or isinstance(mine, str):
        return False
    if type(mine) is type(re) and text.startswith(f"<module {mine.__name__!r}"):
        return True
    try:
        shown = guard.call(repr, mine)
    except BaseException:
        return False
    return shown == text or text[:1] == "<" and _ADDRESS.sub("", shown) == _ADDRESS.sub("", text)
