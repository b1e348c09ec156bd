"""What a name that is not there was meant to be: Python says so itself from 3.12 on, and before that only where it prints the
error itself. The rules are Python's."""

from __future__ import annotations

import sys

MOST = 750  # names that are looked at, and
LONGEST = 40  # characters of one: Python's own bounds

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Iterable


def suggestion(error: BaseException) -> str:
    """What follows the message, or nothing. It calls the `__dir__` of the object whose attribute was asked for, as Python does."""
    if sys.version_info >= (3, 12):
        return ""
    try:
        if type(error) in (NameError, UnboundLocalError):
            return _of_name(error)
        if isinstance(error, AttributeError) and hasattr(error, "name") and hasattr(error, "obj"):
            return _did_you_mean(closest(str(error.name), dir(error.obj))) if error.name is not None else ""
    except Exception:
        pass  # the names are the user's, and may be anything
    return ""


def _of_name(error: BaseException) -> str:
    words = str(error).split("'")
    trace = error.__traceback__
    if len(words) != 3 or trace is None or not words[2].startswith(" is not defined"):
        return ""
    while trace.tb_next is not None:
        trace = trace.tb_next
    frame, name = trace.tb_frame, words[1]
    near = closest(name, [*frame.f_locals, *frame.f_globals, *frame.f_builtins])
    if near:
        return _did_you_mean(near)
    return f". Did you forget to import '{name}'?" if name in getattr(sys, "stdlib_module_names", ()) else ""


def _did_you_mean(name: str) -> str:
    return f". Did you mean: '{name}'?" if name else ""


def closest(wrong: str, names: Iterable[Any]) -> str:
    """The nearest of the names, or nothing when none is near."""
    names = sorted({name for name in names if type(name) is str and name != wrong and len(name) <= LONGEST})
    if not 0 < len(wrong) <= LONGEST or len(names) > MOST:
        return ""
    best, least = "", 1 << 30
    for name in names:
        most = min((len(name) + len(wrong) + 3) * MOVE // 6, least - 1)
        cost = _distance(wrong, name, most)
        if cost <= most:
            best, least = name, cost
    return best


MOVE, CASE = 2, 1


def _distance(a: str, b: str, most: int) -> int:
    """How many characters differ, are missing or too many; another case counts half. More than `most` when it is more."""
    row = list(range(0, MOVE * (len(b) + 1), MOVE))
    for i, left in enumerate(a, 1):
        corner, row[0] = row[0], i * MOVE
        for j, right in enumerate(b, 1):
            other = 0 if left == right else CASE if left.lower() == right.lower() else MOVE
            corner, row[j] = row[j], min(corner + other, row[j] + MOVE, row[j - 1] + MOVE)
        if min(row) > most:
            return most + 1
    return row[-1]
