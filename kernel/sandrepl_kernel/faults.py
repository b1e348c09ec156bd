"""How a kernel ended that did not end in order: written down while it dies, told by the next one.

Python's faulthandler writes the stack of a crash into `fault.log`; an `os._exit` of the kernel notes itself there.
Nothing can be written when the system kills the process: then there is no trace, and that is one, too.
"""

from __future__ import annotations

import os
import signal

LAST_WORDS_SECONDS = 0.5
READ_BYTES = 64 << 10
FRAMES = 20
KILLED = "it was killed (SIGKILL; out of memory is the usual reason)"
_OWN = os.path.dirname(os.path.abspath(__file__)) + os.sep

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .output import Outbox


def previous(folder: str, last_event: bytes) -> str | None:
    """How the folder's last kernel ended; None when that was in order, or when there was none. Empties the log."""
    try:
        with open(os.path.join(folder, "fault.log"), "rb+") as file:
            text = file.read(READ_BYTES).decode("utf-8", "replace")
            file.truncate(0)
    except OSError:
        text = ""
    if not last_event or b'"execution_state": "dead"' in last_event:
        return None
    return told(text) or KILLED


def told(log: str) -> str:
    """The first fault in the log: what it was, and the user's frames as a traceback shows them."""
    lines = log.split("\n")
    for number, line in enumerate(lines):
        if line.startswith("Fatal Python error: "):
            frames = frames_in(lines[number + 1 :])
            return "\n".join([line[len("Fatal Python error: ") :], *frames])
        if line:
            return line
    return ""


def frames_in(lines: list[str]) -> list[str]:
    """Faulthandler's frames, innermost last, those of the kernel and of what called it left out."""
    frames: list[str] = []
    for line in lines:
        if line.startswith("  File "):
            if f'"{_OWN}' in line and not frames:
                continue
            if f'"{_OWN}' in line or len(frames) == FRAMES:
                break
            place, _, name = line.rpartition(" in ")
            frames.append(f"{place}, in {name}")
        elif frames:
            break
    return frames[::-1]


def break_off(folder: str, log: int) -> None:
    """Ends a kernel that cannot start, as when a file in the sandbox stands in a library's way: `log` gets the traceback."""
    import sys
    import traceback

    os.write(log, traceback.format_exc().encode("utf-8", "backslashreplace"))
    kind, error = sys.exc_info()[:2]
    said = "".join(traceback.format_exception_only(kind, error)).strip().replace("\n", " ")
    with open(os.path.join(folder, "fault.log"), "a", encoding="utf-8", errors="backslashreplace") as file:
        file.write(f"it broke at its start: {said}; kernel.log has the traceback\n")
    os._exit(1)


class Faults:
    """Watches over the kernel's process, and only that: a forked child has its own end."""

    def __init__(self, folder: str, outbox: Outbox) -> None:
        import faulthandler

        from .descriptors import keep

        self._outbox = outbox
        self._kernel = os.getpid()
        self.leave = os._exit
        self._path = os.path.join(folder, "fault.log")
        self._log = keep(os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND, 0o600))
        faulthandler.enable(self._log, all_threads=False)
        self._wrap()

    def forked(self) -> None:
        """In a forked child: its crash is told in the cell, not by the next kernel."""
        import faulthandler

        faulthandler.enable(2, all_threads=False)

    def note(self, text: str) -> None:
        """Writes down how the kernel is about to end."""
        try:
            log = os.open(self._path, os.O_WRONLY | os.O_APPEND)
            os.write(log, text.encode("utf-8", "replace") + b"\n")
            os.close(log)
        except OSError:
            pass

    def _wrap(self) -> None:
        """Whatever ends the process at once has what was printed before written down first."""
        abort, kill, killpg, raise_signal = os.abort, os.kill, os.killpg, signal.raise_signal

        def _exit(status: int) -> Any:
            """Exit to the system with specified status, without normal exit processing."""
            self._last_words(f"os._exit({status})")
            self.leave(status)

        def abort_() -> Any:
            """Abort the interpreter immediately."""
            self._last_words()
            abort()

        def kill_(pid: int, number: int, /) -> None:
            """Kill a process with a signal."""
            if number in _FATAL and pid in (self._kernel, 0, -1):
                self._last_words()
            kill(pid, number)

        def killpg_(group: int, number: int, /) -> None:
            """Kill a process group with a signal."""
            if number in _FATAL and group in (self._kernel, 0):
                self._last_words()
            killpg(group, number)

        def raise_signal_(number: int, /) -> None:
            """Send a signal to the executing process."""
            if number in _FATAL:
                self._last_words()
            raise_signal(number)

        for function in (_exit, abort_, kill_, killpg_, raise_signal_):
            name = function.__name__.strip("_") if function is not _exit else "_exit"
            module = signal if function is raise_signal_ else os
            function.__module__, function.__name__, function.__qualname__ = module.__name__, name, name
            setattr(module, name, function)

    def _last_words(self, note: str = "") -> None:
        if os.getpid() != self._kernel:
            return
        if note:
            self.note(note)
        try:
            self._outbox.sync(LAST_WORDS_SECONDS)
        except BaseException:  # an interrupt: it shall end all the same
            pass


_FATAL = frozenset(
    (signal.SIGKILL, signal.SIGABRT, signal.SIGSEGV, signal.SIGBUS, signal.SIGFPE, signal.SIGILL, signal.SIGQUIT)
)
