"""`display()` and its kin: what a cell shows while it runs, and shows anew under the same id."""

from __future__ import annotations

from ..files import new_id
from . import panel
from .bundle import bundle, given, shows_itself

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Iterable


class DisplayHandle:
    """A place in the output, in which a value can be shown anew."""

    def __init__(self, display_id: str | None = None) -> None:
        self.display_id = new_id() if display_id is None else display_id

    def __repr__(self) -> str:
        return f"<{type(self).__name__} display_id={self.display_id}>"

    def display(self, obj: Any, **options: Any) -> None:
        """Show a value in a further place of the same id."""
        display(obj, display_id=self.display_id, **options)

    def update(self, obj: Any, **options: Any) -> None:
        """Show a value in every place of this id."""
        update_display(obj, display_id=self.display_id, **options)


def display(
    *objs: Any,
    include: Iterable[str] | None = None,
    exclude: Iterable[str] | None = None,
    metadata: dict[str, Any] | None = None,
    transient: dict[str, Any] | None = None,
    display_id: str | bool | None = None,
    raw: bool = False,
    clear: bool = False,
    update: bool = False,
) -> DisplayHandle | None:
    """Show values in their richest form. With a display_id, returns a handle that can show others in their place."""
    if clear:
        clear_output(wait=True)
    handle = None
    if display_id is not None and display_id is not False:
        handle = DisplayHandle(None if display_id is True else str(display_id))
        transient = {**(transient or {}), "display_id": handle.display_id}
    for obj in objs:
        if raw:
            publish_display_data(obj, metadata, transient=transient, update=update)
        elif not shows_itself(obj):
            data, described = bundle(obj, include, exclude)
            publish_display_data(data, {**described, **(metadata or {})}, transient=transient, update=update)
    return handle


def update_display(obj: Any, *, display_id: str, **options: Any) -> None:
    """Show a value in place of what was displayed under the id."""
    display(obj, display_id=display_id, update=True, **options)


def clear_output(wait: bool = False) -> None:
    """Take away what the cell has shown so far; with wait, not before there is something to show in its place."""
    panel.emit("clear_output", {"wait": bool(wait)})


def publish_display_data(
    data: dict[str, Any],
    metadata: dict[str, Any] | None = None,
    *,
    transient: dict[str, Any] | None = None,
    update: bool = False,
    **ignored: Any,
) -> None:
    """Show data by MIME type as it is."""
    forms, described = given(data, metadata)
    kept = {"display_id": str(transient["display_id"])} if transient and "display_id" in transient else {}
    content = {"data": forms, "metadata": described, "transient": kept}
    panel.emit("update_display_data" if update else "display_data", content)
