"""The process of the agent's cell: one that was there and is gone will save nothing any more."""

from __future__ import annotations

import os
from time import monotonic

SECONDS = 0.25  # between two looks


class Process:
    """Watches one cell's. What is too short to be seen, or not shown by the system, never counts as gone."""

    def __init__(self, script: str) -> None:
        self._script = os.path.basename(script).encode()
        self._id = ""
        self._next = monotonic() + SECONDS

    def gone(self) -> bool:
        """Whether it was there before, and is not now."""
        if monotonic() < self._next:
            return False
        self._next = monotonic() + SECONDS
        if self._id and self._runs(self._id):
            return False
        try:
            found = next((id for id in os.listdir("/proc") if id.isdigit() and self._runs(id)), "")
        except OSError:
            return False
        seen, self._id = self._id, found
        return bool(seen) and not found

    def _runs(self, id: str) -> bool:
        """Whether a process is a Python that runs the script."""
        try:
            with open(f"/proc/{id}/cmdline", "rb") as file:
                words = file.read(4096).split(b"\0")
        except OSError:
            return False
        return b"python" in words[0] and any(os.path.basename(word) == self._script for word in words[1:3])
