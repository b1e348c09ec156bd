"""What the kernel adds to modules of the standard library that assume a program in a terminal, once a cell imports them."""

from __future__ import annotations

import os
import sys

from . import display
from .hooks import after_import

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .execute import Interpreter


def prepare(interpreter: Interpreter, folder: str) -> None:
    def spawn(module: Any) -> None:
        from .spawning import Spawning

        Spawning(interpreter.namespace, os.path.join(folder, "spawn")).attach(module)

    def pdb(module: Any) -> None:
        from .debugger import Debugger

        debugger = Debugger()
        debugger.attach(module)
        interpreter.behind.append(debugger.let_go)

    after_import("asyncio", interpreter.loop.attach)
    after_import("multiprocessing.spawn", spawn)
    after_import("pdb", pdb)
    display.prepare(interpreter)
    if sys.version_info >= (3, 12):
        os.register_at_fork(before=warn_of_the_users_threads)


def warn_of_the_users_threads() -> None:
    """Before a fork: Python warns when there are threads, but the kernel's own hold nothing that the child needs."""
    import threading
    import warnings

    names = [thread.name for thread in threading.enumerate()]
    others = [name for name in names if name != "MainThread" and not name.startswith("sandrepl-")]
    action: Any = "default" if others else "ignore"
    warnings.filterwarnings(action, r"This process \(pid=\d+\) is multi-threaded", DeprecationWarning, "__main__")
