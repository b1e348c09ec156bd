"""Arrays and tables as wide as the client's panel, unless their user wants another width."""

from __future__ import annotations

from . import panel

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable


class Width:
    """A library's option."""

    def __init__(self, get: Callable[[], Any], set: Callable[[int], None]) -> None:
        self._get = get
        self._set = set
        self._ours = panel.settings.columns
        set(self._ours)

    def follow(self) -> None:
        columns = panel.settings.columns
        if columns != self._ours and self._get() == self._ours:
            self._ours = columns
            self._set(columns)


widths: list[Width] = []


def follow() -> None:
    """Before a cell: the panel may have another width."""
    for width in widths:
        width.follow()


def numpy(module: Any) -> None:
    get, set = module.get_printoptions, module.set_printoptions
    widths.append(Width(lambda: get()["linewidth"], lambda columns: set(linewidth=columns)))


def pandas(module: Any) -> None:
    module.set_option("display.max_columns", 0)  # as many as fit
    widths.append(
        Width(lambda: module.get_option("display.width"), lambda columns: module.set_option("display.width", columns))
    )
