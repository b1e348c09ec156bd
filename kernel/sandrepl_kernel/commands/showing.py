"""Cells that are not code: `%%html`, `%%markdown` and the like."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .dispatch import Call

FORMS = {
    "html": "text/html",
    "javascript": "application/javascript",
    "js": "application/javascript",
    "latex": "text/latex",
    "markdown": "text/markdown",
    "svg": "image/svg+xml",
}


def show(call: Call) -> None:
    from ..display.show import publish_display_data

    text = call.body or ""
    publish_display_data({FORMS[call.name]: text, "text/plain": text})
