"""`from IPython.display import display`: without IPython's shell such functions only print. Ours take their place."""

from __future__ import annotations

import sys

from . import display, show

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..execute import Interpreter

OURS = {
    "display": display,
    "update_display": show.update_display,
    "clear_output": show.clear_output,
    "publish_display_data": show.publish_display_data,
}


def replace(module: Any) -> None:
    for name, function in OURS.items():
        if name in vars(module):
            setattr(module, name, function)


def lend(module: Any, interpreter: Interpreter) -> None:
    """`from IPython import get_ipython` gives cells what they have without it. A library that asks still gets nothing:
    it would take ours for the whole of IPython."""
    theirs = module.get_ipython

    def get_ipython() -> Any:
        asks = sys._getframe(1).f_globals
        return interpreter.get_ipython() if asks.get("__name__") == "__main__" else theirs()

    module.get_ipython = get_ipython
