"""What a client told by `configure`: what its panel can show, and who answers `llm_query`. The latest counts."""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Settings:
    """Written by the I/O thread, read by all: each attribute is replaced as a whole."""

    def __init__(self) -> None:
        self.columns = 80
        self.lines = 24
        self.pixels: tuple[int, int] | None = None  # of the panel that shows figures, where it is known
        self.broker_url = ""  # where llm_query asks; nowhere: the client
        self._news = False

    def apply(self, params: dict[str, Any]) -> None:
        """`params` as they came with a `configure` that was checked."""
        self._news = self._news or "columns" in params or "lines" in params
        self.columns = params.get("columns", self.columns)
        self.lines = params.get("lines", self.lines)
        self.broker_url = params.get("broker_url", self.broker_url)
        if "pixels" in params:
            width, height = params["pixels"]
            self.pixels = (width, height)

    def export(self) -> None:
        """From the main thread: for whoever asks for the terminal's size, here and in child processes."""
        if not self._news:
            return
        self._news = False
        os.environ["COLUMNS"], os.environ["LINES"] = str(self.columns), str(self.lines)
