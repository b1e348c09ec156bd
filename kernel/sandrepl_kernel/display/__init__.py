"""How a value is shown: as text, as rich forms by MIME type, and anew when it changes.

Here is what the kernel has from its start; the rest of the package is loaded by the first value that needs it.
"""

from __future__ import annotations

import os
import sys

from ..hooks import after_import
from ..intact import __builtins__  # noqa: F401
from ..output import DRAIN_SECONDS, MUTED

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Iterable

    from ..execute import Bundle, Interpreter
    from ..output import Outbox
    from ..settings import Settings

SIMPLE = frozenset((int, bool, str, bytes, complex))  # shown by their repr, and in no other way
SIMPLE_LENGTH = 4096


class Panel:
    """Where values are shown: what the client has for it, and the way there."""

    outbox: Outbox
    settings: Settings

    def __init__(self) -> None:
        self.pretty = True  # whether long values are shown over many lines
        self.float_format = ""  # how results show floats, such as "%.3f"; empty for their repr
        self._process = 0

    def connect(self, outbox: Outbox, settings: Settings, interpreter: Interpreter) -> None:
        self.outbox = outbox
        self.settings = settings
        self._process = os.getpid()
        interpreter.present = self.present

    @property
    def forked(self) -> bool:
        """Whether this process is a child of the kernel's, which has no way to the client but what it prints."""
        return os.getpid() != self._process

    def present(self, value: Any) -> Bundle | None:
        """A cell's value as its result; None when it has shown itself."""
        kind = type(value)
        if type(kind) is type and (kind in SIMPLE or kind is float and not self.float_format):
            text = repr(value if kind not in (str, bytes) else value[:SIMPLE_LENGTH])
            if len(text) < SIMPLE_LENGTH:
                return {"text/plain": text}, {}
        from .bundle import bundle, shows_itself

        return None if shows_itself(value) else bundle(value)

    def emit(self, kind: str, content: dict[str, Any]) -> None:
        """An event of the cell that this thread runs for, behind all that was written before it."""
        outbox = self.outbox
        parent = outbox.owner()
        data = content.get("data", {})
        if self.forked:
            if "text/plain" in data:
                sys.stdout.write(data["text/plain"] + "\n")
            return
        if parent is MUTED:
            return
        if outbox.older_bytes():
            outbox.sync(DRAIN_SECONDS)
        outbox.hold_back(sum(map(len, data.values())))
        outbox.emit(kind, parent, content)
        if outbox.calm:
            outbox.stir("\n")

    def say(self, text: str) -> None:
        """A line on the cell's stderr about what is not shown as it should be."""
        if self.forked:
            sys.stderr.write(f"[{text}]\n")
            return
        self.outbox.hold_back(len(text))
        self.outbox.items.append(("stderr", self.outbox.owner(), f"[{text}]\n"))
        self.outbox.wake()


panel = Panel()


def prepare(interpreter: Interpreter) -> None:
    """For the libraries that have a say in how values are shown, once a cell imports them."""

    def tables(module: Any) -> None:
        from . import tables

        if tables.follow not in interpreter.before:
            interpreter.before.append(tables.follow)
        getattr(tables, module.__name__)(module)

    def backend(module: Any) -> None:
        from . import figures

        figures.choose_backend(module)

    def figure(module: Any) -> None:
        from . import figures

        figures.know(module)

    def pyplot(module: Any) -> None:
        from . import figures

        figures.begin(module, interpreter)

    def ipython(module: Any) -> None:
        from . import ipython

        ipython.replace(module)

    def shell(module: Any) -> None:
        from . import ipython

        ipython.lend(module, interpreter)

    after_import("numpy", tables)
    after_import("pandas", tables)
    after_import("matplotlib", backend)
    after_import("matplotlib.figure", figure)
    after_import("matplotlib.pyplot", pyplot)
    for name in ("IPython.core.display_functions", "IPython.core.display", "IPython.display"):
        after_import(name, ipython)
    after_import("IPython", shell)


def display(
    *objs: Any,
    include: Iterable[str] | None = None,
    exclude: Iterable[str] | None = None,
    metadata: dict[str, Any] | None = None,
    transient: dict[str, Any] | None = None,
    display_id: str | bool | None = None,
    raw: bool = False,
    clear: bool = False,
) -> Any:
    """Show values in their richest form, here and now.

    With a display_id (True for a new one) it returns a handle whose update(obj) shows another value in the same
    place. raw: each of objs is a dict of data by MIME type. clear: what the cell showed before goes away.
    """
    from . import show

    return show.display(
        *objs,
        include=include,
        exclude=exclude,
        metadata=metadata,
        transient=transient,
        display_id=display_id,
        raw=raw,
        clear=clear,
    )


display.__module__ = "__main__"  # where cells find it
