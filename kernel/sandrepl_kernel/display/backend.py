"""The backend that matplotlib loads by the name in `figures.BACKEND`."""

from __future__ import annotations

from matplotlib.backend_bases import FigureManagerBase
from matplotlib.backends.backend_agg import FigureCanvasAgg

from . import figures
from .show import display

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class FigureManager(FigureManagerBase):
    def show(self) -> None:
        """`Figure.show()`."""
        display(self.canvas.figure)


class FigureCanvas(FigureCanvasAgg):
    manager_class = FigureManager

    def draw_idle(self, *args: Any, **options: Any) -> None:
        """Nothing: a figure is drawn when it is shown, not whenever something in it changes."""


def show(*args: Any, **options: Any) -> None:
    """`plt.show()`."""
    figures.show_open()
