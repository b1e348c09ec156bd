"""The journal: numbered events, one JSON object a line, in bounded segments. Only the I/O thread uses it.

Readers follow the segment files themselves (`Cursor`), so a slow reader costs a file offset and no memory.
"""

from __future__ import annotations

import json
import os
import time

from .descriptors import keep
from .files import new_id, write_atomically
from .intact import __builtins__  # noqa: F401

SEGMENT_BYTES = 4 << 20
TOTAL_BYTES = 128 << 20
TEXT_PIECE = 64 << 10  # characters of one stream event
HELD_EVENTS = 10_000

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

encode = json.JSONEncoder(ensure_ascii=True, check_circular=False, separators=(", ", ": ")).encode


class Journal:
    def __init__(self, folder: str, segment_bytes: int = SEGMENT_BYTES, total_bytes: int = TOTAL_BYTES) -> None:
        self.folder = folder
        self.segment_bytes = segment_bytes
        self.total_bytes = total_bytes
        os.makedirs(folder, mode=0o700, exist_ok=True)
        self.id = self._identity()
        self.segments = self._existing()  # first sequence numbers, ascending; the last is being written
        self.sizes = [os.path.getsize(self.path(first)) for first in self.segments]
        self._held: list[tuple[str, str | None, Any, float]] = []  # what a full disk would not take
        self._lost = 0
        self.trouble = ""
        self.found = b""  # the last event of an earlier kernel
        if self.segments:
            self.last = self._trim()
            self._file = keep(os.open(self.path(self.segments[-1]), os.O_WRONLY | os.O_APPEND))
        else:
            self.last = 0
            self._file = self._open_segment(1)

    def path(self, first: int) -> str:
        return os.path.join(self.folder, f"{first:012d}.ndjson")

    def append(self, kind: str, parent: str | None, content: Any, when: float | None = None) -> None:
        """Writes one event. A disk that is full loses stream text, and delays everything else until there is room."""
        when = time.time() if when is None else when
        if self._held or self._lost:
            self.retry()
        if self._held or not self._write(kind, parent, content, when):
            self._hold(kind, parent, content, when)

    def stream(self, name: str, parent: str | None, text: str, when: float) -> None:
        for start in range(0, len(text), TEXT_PIECE):
            self.append("stream", parent, {"name": name, "text": text[start : start + TEXT_PIECE]}, when)

    def close(self) -> None:
        os.close(self._file)

    @property
    def waiting(self) -> bool:
        return bool(self._held or self._lost)

    def retry(self) -> None:
        """Tries again to write what the disk did not take, and says what was lost."""
        if self._lost:
            text = f"[{self._lost} pieces of output were lost: {self.trouble}. Free some disk space in the sandbox.]\n"
            if not self._write("stream", None, {"name": "stderr", "text": text}, time.time()):
                return
            self._lost = 0
        while self._held and self._write(*self._held[0]):
            del self._held[0]

    def _hold(self, kind: str, parent: str | None, content: Any, when: float) -> None:
        if kind == "stream" or len(self._held) >= HELD_EVENTS:
            self._lost += 1
        else:
            self._held.append((kind, parent, content, when))

    def _write(self, kind: str, parent: str | None, content: Any, when: float) -> bool:
        if self.sizes[-1] >= self.segment_bytes and not self._rotate():
            return False
        event = {"seq": self.last + 1, "time": round(when, 6), "type": kind, "parent": parent, "content": content}
        if not self._write_line(encode(event).encode("ascii") + b"\n"):
            return False
        self.last += 1
        if sum(self.sizes) > self.total_bytes and len(self.segments) > 1:
            self._discard()
        return True

    def _write_line(self, line: bytes) -> bool:
        """All of the line or nothing of it: a line that did not fit is cut off again."""
        size = self.sizes[-1]
        try:
            view = memoryview(line)
            while view:
                view = view[os.write(self._file, view) :]
        except OSError as error:
            self.trouble = error.strerror or str(error)
            os.ftruncate(self._file, size)
            return False
        self.sizes[-1] = size + len(line)
        return True

    def _rotate(self) -> bool:
        try:
            file = self._open_segment(self.last + 1)
        except OSError as error:
            self.trouble = error.strerror or str(error)
            return False
        os.close(self._file)
        self._file = file
        return True

    def _open_segment(self, first: int) -> int:
        file = keep(os.open(self.path(first), os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_TRUNC, 0o600))
        self.segments.append(first)
        self.sizes.append(0)
        return file

    def _discard(self) -> None:
        first = self.segments[0]
        while sum(self.sizes) > self.total_bytes and len(self.segments) > 1:
            try:
                os.unlink(self.path(self.segments[0]))
            except FileNotFoundError:
                pass
            del self.segments[0], self.sizes[0]
        self.append("discarded", None, {"first": first, "last": self.segments[0] - 1})

    def _identity(self) -> str:
        path = os.path.join(self.folder, "id")
        try:
            with open(path, encoding="ascii") as file:
                known = file.read().strip()
            if known:
                return known
        except FileNotFoundError:
            pass
        write_atomically(path, new_id() + "\n")
        with open(path, encoding="ascii") as file:
            return file.read().strip()

    def _existing(self) -> list[int]:
        names = [name[:-7] for name in os.listdir(self.folder) if name.endswith(".ndjson")]
        return sorted(int(name) for name in names if name.isdigit())

    def _trim(self) -> int:
        """Cuts a torn last line off, and returns the last sequence number. Keeps what an earlier kernel wrote last."""
        path = self.path(self.segments[-1])
        with open(path, "rb") as file:
            data = file.read()
        whole = data.rfind(b"\n") + 1
        if whole < len(data):
            os.truncate(path, whole)
            self.sizes[-1] = whole
        self.found = data[data.rfind(b"\n", 0, max(whole - 1, 0)) + 1 : whole]
        return self.segments[-1] - 1 + data.count(b"\n")


class Cursor:
    """One reader's place in the journal."""

    def __init__(self, journal: Journal, after: int) -> None:
        self._journal = journal
        self._file = -1
        self.after = after if journal.segments[0] - 1 <= after <= journal.last else journal.segments[0] - 1
        number = max(n for n, first in enumerate(journal.segments) if first <= max(self.after + 1, journal.segments[0]))
        self._enter(journal.segments[number])
        if self.after == journal.last:
            self._offset = journal.sizes[-1]
        else:
            self._skip(self.after + 1 - self._first)

    def read(self, limit: int) -> bytes:
        """The next bytes, at most `limit`; empty when the reader has all there is."""
        data = self._available(limit)
        while not data:
            later = [first for first in self._journal.segments if first > self._first]
            if not later:
                return b""
            self._enter(later[0])
            data = self._available(limit)
        self._offset += len(data)
        return data

    def close(self) -> None:
        if self._file >= 0:
            os.close(self._file)
            self._file = -1

    def _available(self, limit: int) -> bytes:
        if self._first == self._journal.segments[-1]:  # spare the reader a system call when it is up to date
            limit = min(limit, self._journal.sizes[-1] - self._offset)
        return os.pread(self._file, limit, self._offset) if limit > 0 else b""

    def _enter(self, first: int) -> None:
        self.close()
        self._file = keep(os.open(self._journal.path(first), os.O_RDONLY))
        self._first = first
        self._offset = 0

    def _skip(self, lines: int) -> None:
        while lines > 0:
            data = os.pread(self._file, 1 << 20, self._offset)
            if not data:
                return
            count = data.count(b"\n")
            if count <= lines:
                lines -= count
                self._offset += data.rfind(b"\n") + 1 if lines == 0 else len(data)
                continue
            end = -1
            for _ in range(lines):
                end = data.find(b"\n", end + 1)
            self._offset += end + 1
            return
