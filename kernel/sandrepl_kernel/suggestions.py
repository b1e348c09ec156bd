"""`Did you mean`, which Python says from 3.10 on, but before 3.12 only where it prints an error itself: it is not in `traceback`.
The rules are Python's."""

from __future__ import annotations

import sys

MISSES = sys.version_info < (3, 12)
MOST_NAMES = 750
LONGEST = 40
MOVE, CASE = 2, 1

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Iterable


def add(summary: Any, error: BaseException | None, seen: set[int]) -> None:
    """To the words of an error in its TracebackException, and of those that came before it."""
    if summary is None or error is None or id(error) in seen:
        return
    seen.add(id(error))
    try:
        summary._str += hint(error)
    except Exception:
        pass  # a __dir__ of the user's may raise, and a hint is not worth more
    add(summary.__cause__, error.__cause__, seen)
    add(summary.__context__, error.__context__, seen)
    for part, member in zip(getattr(summary, "exceptions", None) or (), getattr(error, "exceptions", ())):
        add(part, member, seen)


def hint(error: BaseException) -> str:
    name = getattr(error, "name", None)
    if name is None and type(error) is NameError:  # Python 3.8 and 3.9 say it in words alone
        words = str(error).split("'")
        name = words[1] if len(words) == 3 and words[2] == " is not defined" else None
    if not isinstance(name, str) or len(name) > LONGEST:
        return ""
    if isinstance(error, AttributeError):
        near = nearest(name, dir(error.obj))  # type: ignore[attr-defined]
        return f". Did you mean: {near!r}?" if near else ""
    if not isinstance(error, NameError):
        return ""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return ""
    frame = trace.tb_frame
    own = frame.f_locals.get("self")
    if frame.f_locals is not frame.f_globals and own is not None and name in dir(own):
        return f". Did you mean: 'self.{name}'?"
    near = nearest(name, [*frame.f_locals, *frame.f_globals, *frame.f_builtins])
    hint = f". Did you mean: {near!r}?" if near else ""
    if name in getattr(sys, "stdlib_module_names", ()):
        hint += f" Or did you forget to import {name!r}?" if near else f". Did you forget to import {name!r}?"
    return hint


def nearest(wrong: str, names: Iterable[Any]) -> str:
    """As Python's own: the name with the least to change, where that is at most a third of both."""
    found, least = "", float("inf")
    candidates = [name for name in names if isinstance(name, str) and name != wrong]
    if len(candidates) > MOST_NAMES:
        return ""
    for name in candidates:
        if name.startswith("_") and not wrong.startswith("_"):
            continue
        most = (len(wrong) + len(name) + 3) * MOVE / 6
        if abs(len(wrong) - len(name)) * MOVE <= min(most, least):
            far = distance(wrong, name)
            if far <= most and far < least:
                found, least = name, far
    return found


def distance(one: str, other: str) -> int:
    row = [place * MOVE for place in range(len(other) + 1)]
    for letter in one:
        before, row[0] = row[0], row[0] + MOVE
        for place, match in enumerate(other, 1):
            same = 0 if letter == match else CASE if letter.lower() == match.lower() else MOVE
            before, row[place] = row[place], min(before + same, row[place] + MOVE, row[place - 1] + MOVE)
    return row[-1]
