"""An exception as the content of an `error` event: the user's frames only, chains and groups included."""

from __future__ import annotations

import os
import sys

LINES = 1000
LINE_LENGTH = 4000
VALUE_LENGTH = 64 << 10
DEBUGGERS = ("bdb", "cmd", "pdb")
_OWN = os.path.dirname(os.path.abspath(__file__)) + os.sep
_COMMANDS = os.path.join(_OWN, "commands", "")


class Preference:
    """What `%xmode` says tracebacks are to tell: Plain and Context what Python tells, Verbose the values of the names
    in each line, too, and Minimal only the error."""

    mode = "Context"


preference = Preference()

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import TracebackType
    from typing import Any


def prepare() -> None:
    """Loads what `describe` needs: call it where no interrupt can reach it."""
    import traceback

    from . import suggestions

    assert traceback and suggestions


def describe(error: BaseException, filename: str) -> dict[str, Any]:
    """Runs the exception's own `__str__`: call it where an interrupt can reach it."""
    import traceback

    from . import suggestions

    if type(error) is KeyboardInterrupt and in_own_code(error.__traceback__):
        return interrupted()
    value = value_of(error)  # first: an interrupt of a __str__ that hangs gets out of here, but not out of traceback
    short = in_short(error, value)
    if short:
        return {"ename": type(error).__name__, "evalue": value, "traceback": [short], "lineno": line_in(error, filename)}
    add_source(error)
    try:
        summary = traceback.TracebackException(type(error), error, error.__traceback__)
        if suggestions.MISSES:
            suggestions.add(summary, error, set())
        if preference.mode == "Verbose":
            tell_values(summary, error.__traceback__)
        keep_user_frames(summary, set())
        bare = preference.mode == "Minimal" or not summary.stack and summary.__cause__ is None and summary.__context__ is None
        text = "".join(summary.format_exception_only() if bare else summary.format())
    except Exception as failure:
        text = f"{type(error).__name__}: its traceback could not be made: {type(failure).__name__}"
    return {
        "ename": type(error).__name__,
        "evalue": value,
        "traceback": cut(text.rstrip("\n").split("\n")),
        "lineno": line_in(error, filename),
    }


def in_short(error: BaseException, value: str) -> str:
    """What was asked for by name needs no traceback: an exit, and the debugger's `q`."""
    kind = type(error)
    if kind is SystemExit:
        return f"SystemExit: {value}"[:LINE_LENGTH]
    if kind.__name__ == "BdbQuit" and kind.__module__ == "bdb":
        return "bdb.BdbQuit: you left the debugger, so the rest of the cell did not run"
    if kind.__name__ == "UsageError" and kind.__module__.endswith(".commands.usage"):
        return f"UsageError: {value}"
    return ""


def add_source(error: BaseException) -> None:
    """The line of a syntax error that was found once the text was a tree, as in `return` outside of a function."""
    if isinstance(error, SyntaxError) and error.text is None and error.filename and error.lineno:
        import linecache

        error.text = linecache.getline(error.filename, error.lineno) or None


def interrupted() -> dict[str, Any]:
    """For an interrupt that struck where no traceback can be told."""
    return {"ename": "KeyboardInterrupt", "evalue": "", "traceback": ["KeyboardInterrupt"], "lineno": None}


def in_own_code(trace: TracebackType | None) -> bool:
    """Whether there is no frame of the user's: the kernel was loading something, or waited in its event loop, where
    Python 3.8 does not tell what the cell awaited."""
    while trace is not None and trace.tb_frame.f_code.co_filename.startswith(_OWN):
        trace = trace.tb_next
    if trace is None:
        return False
    code = trace.tb_frame.f_code
    waits = trace.tb_next is None and code.co_name == "run_until_complete"
    return waits or code.co_filename.startswith("<frozen importlib")


def refused(message: str) -> dict[str, Any]:
    return {"ename": "RequestError", "evalue": message, "traceback": [f"RequestError: {message}"], "lineno": None}


def value_of(error: BaseException) -> str:
    try:
        return str(error)[:VALUE_LENGTH]
    except Exception:
        return "<its str() raises>"


def keep_user_frames(summary: Any, seen: set[int]) -> None:
    if summary is None or id(summary) in seen:
        return
    seen.add(id(summary))
    debuggers = {module.__file__ for module in map(sys.modules.get, DEBUGGERS) if module is not None}
    frames = users(summary.stack)
    cells = (number for number, frame in enumerate(frames) if frame.filename.startswith(("<cell ", "<setup ")))
    frames = frames[next(cells, 0) :]  # what stands above the first cell is the event loop that ran it
    while len(frames) > 1 and frames[-1].filename in debuggers:  # an interrupt at the debugger's prompt
        frames.pop()
    summary.stack[:] = frames
    keep_user_frames(summary.__cause__, seen)
    keep_user_frames(summary.__context__, seen)
    for member in getattr(summary, "exceptions", None) or ():
        keep_user_frames(member, seen)


def tell_values(summary: Any, trace: TracebackType | None) -> None:
    """Adds to each of the user's frames what the names in its line stand for."""
    import re
    from reprlib import repr as brief

    for frame in summary.stack:
        assert trace is not None  # as many as there are frames
        if not frame.filename.startswith(_OWN):
            names, variables = re.findall(r"[^\W\d]\w*", frame.line or ""), trace.tb_frame.f_locals
            frame.locals = {name: brief(variables[name]) for name in names if name in variables}
        trace = trace.tb_next


def users(stack: Any) -> list[Any]:
    """The frames that are the user's. A command's line runs in a frame of its own, that stands for the line's."""
    frames: list[Any] = []
    commanded = False
    for frame in stack:
        if frame.filename.startswith(_OWN):
            commanded = commanded or frame.filename.startswith(_COMMANDS)
            continue
        if commanded and frames and frames[-1].filename == frame.filename:
            frames.pop()
        commanded = False
        frames.append(frame)
    return frames


def line_in(error: BaseException, filename: str) -> int | None:
    """The line of this cell that failed: the innermost of its frames, or where it does not parse."""
    if isinstance(error, SyntaxError) and error.filename == filename:
        return error.lineno
    line = None
    frame: TracebackType | None = error.__traceback__
    while frame is not None:
        if frame.tb_frame.f_code.co_filename == filename:
            line = frame.tb_lineno
        frame = frame.tb_next
    return line


def cut(lines: list[str]) -> list[str]:
    if len(lines) > LINES:
        half = LINES // 2
        lines = lines[:half] + [f"  [{len(lines) - 2 * half} lines left out]"] + lines[-half:]
    return [line if len(line) <= LINE_LENGTH else line[:LINE_LENGTH] + "…" for line in lines]


def remember(error: BaseException) -> None:
    """What `pdb.pm()` and friends look at, from the cell on."""
    trace = error.__traceback__
    while trace is not None and trace.tb_frame.f_code.co_filename.startswith(_OWN) and trace.tb_next is not None:
        trace = trace.tb_next
    error.__traceback__ = trace
    sys.last_type, sys.last_value, sys.last_traceback = type(error), error, error.__traceback__
    if sys.version_info >= (3, 12):
        sys.last_exc = error
