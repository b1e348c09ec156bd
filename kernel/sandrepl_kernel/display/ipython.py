"""`from IPython.display import display`: without IPython's shell such functions only print. Ours take their place."""

from __future__ import annotations

from . import display, show

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

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
