"""What the kernel adds to modules of the standard library that assume a program in a terminal, once a cell imports them."""

from __future__ import annotations

import os

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
