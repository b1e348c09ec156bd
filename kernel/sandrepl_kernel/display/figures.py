"""Figures of matplotlib: shown as PNG at a cell's end, or when asked for, to fit the client's panel.

matplotlib itself is only used here once a cell has loaded it; `backend` is what it knows of us.
"""

from __future__ import annotations

import os
import sys
from weakref import WeakSet

from . import panel
from .bundle import printers
from .show import display

BACKEND = "module://sandrepl_kernel.display.backend"
ENLARGED = 2.0  # times a figure's own size, at most

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..execute import Interpreter

_shown: WeakSet[Any] = WeakSet()  # figures that this cell has shown, which are not stale since


def choose_backend(matplotlib: Any) -> None:
    """Once matplotlib is loaded: ours, whatever a matplotlibrc says, unless the environment has the user's choice.
    `agg` is none: it says just that there is no screen."""
    if os.environ.get("MPLBACKEND", "agg").lower() in ("agg", ""):
        matplotlib.rcParams["backend"] = BACKEND


def begin(pyplot: Any, interpreter: Interpreter) -> None:
    """Once pyplot is loaded. Interactive means here that figures show at the cell's end; `plt.ioff()` ends it."""
    matplotlib = sys.modules["matplotlib"]
    if dict.get(matplotlib.rcParams, "backend") == BACKEND:  # type: ignore[attr-defined]
        matplotlib.interactive(True)  # type: ignore[attr-defined]
    interpreter.after.append(finish)


def know(module: Any) -> None:
    """Once `matplotlib.figure` is loaded: a figure has a picture, wherever it is displayed."""
    printers[module.Figure] = {"image/png": png}


def finish() -> None:
    """At a cell's end, whether it failed or not: shows the open figures and closes them."""
    try:
        if not panel.forked and sys.modules["matplotlib"].is_interactive():  # type: ignore[attr-defined]
            show_open(again=False)
    finally:
        _shown.clear()


def show_open(again: bool = True) -> None:
    """Shows the figures that pyplot holds open, and closes them. `again`: also what was shown as it is now."""
    backend = sys.modules.get(BACKEND.partition("//")[2])
    if backend is None:
        return
    managers = sys.modules["matplotlib._pylab_helpers"].Gcf  # type: ignore[attr-defined]
    ours = [one for one in managers.get_all_fig_managers() if isinstance(one.canvas, backend.FigureCanvas)]
    try:
        for manager in ours:
            figure = manager.canvas.figure
            if again or figure not in _shown or figure.stale:
                display(figure)
    finally:
        for manager in ours:
            managers.destroy(manager.num)


def png(figure: Any) -> tuple[bytes, dict[str, int]] | None:
    """A figure's picture, with its size in pixels; None for one that has nothing in it."""
    if len(figure.get_children()) < 2:  # it has its own background alone
        return None
    dpi = fitting(figure)
    data = drawn(figure, dpi)
    width, height = size(data)
    if panel.settings.pixels is not None and width > panel.settings.pixels[0]:  # something stands out of the figure
        data = drawn(figure, dpi * panel.settings.pixels[0] / width)
        width, height = size(data)
    figure.stale = False
    _shown.add(figure)
    return data, {"width": width, "height": height}


def fitting(figure: Any) -> float:
    """The resolution that makes a figure as wide as the panel; enlarged only as far as all of it can be seen."""
    if panel.settings.pixels is None:
        return float(figure.dpi)
    width, height = (float(inches) * figure.dpi for inches in figure.get_size_inches())
    scale = panel.settings.pixels[0] / width
    if scale > 1:
        scale = min(scale, ENLARGED, max(panel.settings.pixels[1] / height, 1.0))
    return float(figure.dpi * scale)


def drawn(figure: Any, dpi: float) -> bytes:
    from io import BytesIO

    file = BytesIO()
    colors = {"facecolor": figure.get_facecolor(), "edgecolor": figure.get_edgecolor()}
    figure.canvas.print_figure(file, format="png", dpi=dpi, bbox_inches="tight", **colors)
    return file.getvalue()


def size(data: bytes) -> tuple[int, int]:
    """Width and height, from where each PNG has them."""
    return int.from_bytes(data[16:20], "big"), int.from_bytes(data[20:24], "big")
