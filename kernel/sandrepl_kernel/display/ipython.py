"""`from IPython.display import display`: without IPython's shell such functions only print. Ours take their place."""

from __future__ import annotations

from . import show

FUNCTIONS = ("display", "update_display", "clear_output", "publish_display_data")

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def replace(module: Any) -> None:
    for name in FUNCTIONS:
        if name in vars(module):
            setattr(module, name, getattr(show, name))
