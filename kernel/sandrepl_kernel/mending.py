"""After each cell: puts back what it broke that the next one, or the kernel, cannot do without, and says so.

What a cell merely replaced stays: `builtins.print = rich.print` and a `sys.stdout` of the user's own are wishes.
Only what cannot work is put back: a builtin that is gone or cannot be called, a stream that nobody can write to, a
descriptor that is closed or leads elsewhere.
"""

from __future__ import annotations

import builtins
import os
import signal
import sys

from .descriptors import leads_to

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .faults import Faults
    from .output import Outbox

# Taken now: a cell may break the builtins that this module needs to mend them.
_live = vars(builtins)
_kept = dict(_live)
_items, _callable, _type = _kept.items, callable, type
_missing = object()


class Mender:
    def __init__(self, outbox: Outbox, faults: Faults, furnished: dict[str, Any]) -> None:
        self._outbox = outbox
        self._faults = faults
        self._kernel = os.getpid()
        self._main = sys.modules["__main__"]
        self._furnished = furnished  # what was in the namespace before any cell
        self._streams = {name: getattr(sys, name) for name in ("stdin", "stdout", "stderr")}
        self._told: Any = None  # the stream in place of stdout that the user was told of
        _kept.update(_live)  # as the kernel itself has changed them

    def before(self) -> None:
        """A warning that an earlier cell has shown is news in this one."""
        vars(self._main).pop("__warningregistry__", None)

    def builtins(self) -> None:
        """Right behind the cell's code: the next thing to run may need them."""
        if os.getpid() != self._kernel:
            return
        names = mend_builtins()
        if names:
            self._say(put_back(names))

    def rest(self) -> None:
        if os.getpid() != self._kernel:
            return
        leave_if_severed(self._outbox, self._faults)
        sys.modules["__main__"] = self._main
        self._mend_namespace(vars(self._main))
        self._mend_streams()
        self._mend_descriptors()
        previous = signal.set_wakeup_fd(self._outbox.writer, warn_on_full_buffer=False)
        if previous not in (-1, self._outbox.writer):  # an event loop of the user's listens for signals
            signal.set_wakeup_fd(previous)

    def _mend_namespace(self, space: dict[str, Any]) -> None:
        held = space.get("__builtins__", builtins)
        if held is not builtins and not (_type(held) is dict and "__import__" in held):
            space["__builtins__"] = builtins
            self._say("put back: __builtins__, without which no cell can run")
        if "__name__" not in space:  # globals().clear()
            for name, value in self._furnished.items():
                space.setdefault(name, value)
            self._say("put back: __name__, display, In, Out and what else each cell has")

    def _mend_streams(self) -> None:
        for name, own in self._streams.items():
            stream = getattr(sys, name, _missing)
            if stream is own:
                continue
            problem = unusable(stream, "readline" if name == "stdin" else "write")
            if problem:
                setattr(sys, name, own)
                self._say(f"put back: sys.{name}, which was {problem}")
            elif name == "stdout" and stream is not self._told and hides(stream):
                self._told = stream
                kind = _type(stream).__name__
                self._say(f"sys.stdout is a {kind} now, and what is printed goes there; "
                    "sys.stdout = sys.__stdout__ shows it here again")

    def _mend_descriptors(self) -> None:
        lost = self._outbox.recapture()
        if lost:
            listed = ", ".join([str(number) for number in lost])
            what = f"descriptor {listed}" if len(lost) == 1 else f"descriptors {listed}"
            self._say(f"put back: {what}, which the cell closed or led elsewhere")
        try:
            os.fstat(0)
        except OSError:
            null = os.open(os.devnull, os.O_RDWR)
            if null != 0:
                os.dup2(null, 0)
                os.close(null)
            os.set_inheritable(0, True)

    def _say(self, text: str) -> None:
        say(self._outbox, text)


def say(outbox: Outbox, text: str) -> None:
    outbox.items.append(("stderr", outbox.parent, f"[{text}]\n"))


def put_back(names: list[str]) -> str:
    listed = ", ".join([f"builtins.{name}" for name in names])
    return f"put back: {listed}, without which no cell can run"


def mend_builtins(all: bool = False) -> list[str]:
    """Puts back the builtins that are gone or cannot be called any more; with `all`, each that is another one."""
    mended: list[str] = []
    for name, value in _items():
        now = _live.get(name, _missing)
        if now is not value and (all or now is _missing or _callable(value) and not _callable(now)):
            _live[name] = value
            mended += [name]
    return mended


def unusable(stream: Any, method: str) -> str:
    """Why nobody can use a stream; empty when it can be used."""
    if stream is _missing:
        return "deleted"
    try:
        if not callable(getattr(stream, method, None)):
            return f"set to something without {method}()"
        if getattr(stream, "closed", False) is True:
            return "closed"
    except Exception:
        return "set to something that raises"
    return ""


def hides(stream: Any) -> bool:
    """Whether what is written goes where nobody looks: into memory, or a file."""
    import io

    if type(stream) is io.StringIO:
        return True
    return type(stream) is io.TextIOWrapper and stream.fileno() not in (1, 2)


def survive(outbox: Outbox, faults: Faults) -> None:
    """On the I/O thread, where something failed: perhaps a cell that runs has broken what the kernel itself needs."""
    names = mend_builtins(all=True)
    if names:
        say(outbox, put_back(names))
    leave_if_severed(outbox, faults)


def leave_if_severed(outbox: Outbox, faults: Faults) -> None:
    """Before a descriptor is opened whose number could be one of those that are gone."""
    if outbox.severed():
        faults.note("a cell closed descriptors that the kernel needs, such as os.closerange() does for all numbers")
        faults.leave(1)
