"""The agent's files: reading what may be half written, and writing so that nobody reads half of it."""

from __future__ import annotations

import binascii
import json
import os
import re
import stat
import time

STATE_BYTES = 256 << 20
SCRIPT_BYTES = 64 << 20
EDGE_BYTES = 64
TOO_DEEP = "its values are nested too deeply"
CLOCK_REALTIME_COARSE = 5  # of Linux, which dates files by it

_CELL = re.compile(rb"""b64decode\(\s*b?["']([A-Za-z0-9+/=\s]*)["']\s*\)""")

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    Mark = tuple[int, int, int]  # when it was written (nanoseconds), size, inode: another one, another content


class Torn(Exception):
    """The file is being written, or whoever wrote it died."""


class Unreadable(Exception):
    """What is there is not to be read by us; the message says why."""


def mark_of(file: str | int) -> Mark | None:
    try:
        status = os.stat(file)
    except OSError:  # links that lead nowhere, too
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino


def open_file(path: str) -> int:
    """A descriptor to read from. What is no file might keep us waiting, or never end. Raises FileNotFoundError."""
    try:
        file = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise Unreadable(error.strerror) from None
    if stat.S_ISREG(os.fstat(file).st_mode):
        return file
    os.close(file)
    raise Unreadable("it is no regular file")


def read(file: int, limit: int) -> tuple[bytes, Mark]:
    """All that an open file holds, and its mark: both of one moment, or it is torn."""
    before = mark_of(file)
    assert before is not None
    if before[1] > limit:
        raise Unreadable(f"it is over {limit} bytes")
    parts = []
    offset = 0
    while offset < before[1]:
        part = os.pread(file, 1 << 20, offset)
        if not part:
            break
        parts.append(part)
        offset += len(part)
    if mark_of(file) != before:
        raise Torn
    return b"".join(parts), before


def read_state(file: int) -> tuple[dict[str, Any], Mark]:
    """The variables. A file that is being written has no end yet, and is not read to see so."""
    mark = mark_of(file)
    assert mark is not None
    if os.pread(file, EDGE_BYTES, 0).lstrip()[:1] not in (b"{", b""):
        raise Unreadable("it holds no JSON object")
    if not os.pread(file, EDGE_BYTES, max(mark[1] - EDGE_BYTES, 0)).rstrip().endswith(b"}"):
        raise Torn
    data, mark = read(file, STATE_BYTES)
    try:
        values = json.loads(data)
    except (json.JSONDecodeError, UnicodeDecodeError):
        raise Torn from None
    except ValueError as error:
        raise Unreadable(str(error)) from None
    except RecursionError:
        raise Unreadable(TOO_DEEP) from None
    return values, mark


def cell_in(script: bytes) -> str | None:
    """The cell's source, which the script holds in base64."""
    match = _CELL.search(script)
    if match is None:
        return None
    try:
        return binascii.a2b_base64(match.group(1)).decode("utf-8")
    except ValueError:
        return None


def replace(path: str, data: bytes, mode: int) -> Mark:
    """Puts a new file in the place of the old one, at once. A link to it stays one."""
    path = os.path.realpath(path)
    temporary = f"{path}.{os.getpid()}.new"
    file = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, mode)
    try:
        try:
            view = memoryview(data)
            while view:
                view = view[os.write(file, view) :]
            os.fchmod(file, mode)
            mark = mark_of(file)
        finally:
            os.close(file)
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise
    assert mark is not None
    return mark


def clock() -> int:
    """Now, as files are dated: what is written from now on has no earlier date."""
    try:
        return time.clock_gettime_ns(CLOCK_REALTIME_COARSE)
    except OSError:
        return time.time_ns()


def digest(value: Any) -> int:
    """Tells JSON values apart. Raises for what JSON cannot hold."""
    try:
        return hash(value) if type(value) is str else hash((json.dumps(value),))
    except RecursionError:
        raise Unreadable(TOO_DEEP) from None
