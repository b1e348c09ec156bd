"""Text laid out in nested groups: on one line where it fits, broken from the outside in where it does not.

All breakables of a group break, or none. A group is decided on when the line gets too long: until then what follows
its first breakable waits, so that no more than about a line is ever kept.
"""

from __future__ import annotations

from collections import deque
from contextlib import contextmanager

from ..intact import __builtins__  # noqa: F401

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Iterator


class Full(BaseException):
    """There is more text than is wanted. Not an Exception, so that a stranger's `except Exception` does not stop it."""


class Group:
    __slots__ = ("broken", "depth", "waiting")

    def __init__(self, depth: int) -> None:
        self.depth = depth
        self.broken = False
        self.waiting = 0  # of its breakables, how many are not written yet


class Breakable:
    __slots__ = ("group", "indentation", "separator")

    def __init__(self, group: Group, indentation: int, separator: str) -> None:
        self.group = group
        self.indentation = indentation
        self.separator = separator


class Layout:
    newline = "\n"

    def __init__(self, max_width: int, limit: int) -> None:
        self.max_width = max_width
        self.indentation = 0
        self._left = limit  # characters that may yet be written
        self._written: list[str] = []
        self._column = 0  # of the line as it is written
        self._pending: deque[str | Breakable] = deque()  # empty, or starts with a breakable
        self._pending_width = 0
        self._groups = [Group(0)]

    def text(self, text: str) -> None:
        """Adds text in which no line can end."""
        if not self._pending:
            self._write(text)
            self._column += len(text)
            return
        self._pending.append(text)
        self._pending_width += len(text)
        self._fit()

    def breakable(self, sep: str = " ") -> None:
        """A place where the line may end; otherwise `sep` stands there."""
        group = self._groups[-1]
        if group.broken:
            self.flush()
            self._end_line(self.indentation)
            return
        group.waiting += 1
        self._pending.append(Breakable(group, self.indentation, sep))
        self._pending_width += len(sep)
        self._fit()

    def break_(self) -> None:
        """The line ends here."""
        self._break_outermost()
        self.flush()
        self._end_line(self.indentation)

    def begin_group(self, indent: int = 0, open: str = "") -> None:
        if open:
            self.text(open)
        self._groups.append(Group(len(self._groups)))
        self.indentation += indent

    def end_group(self, dedent: int = 0, close: str = "") -> None:
        self.indentation -= dedent
        self._groups.pop()
        if close:
            self.text(close)

    @contextmanager
    def group(self, indent: int = 0, open: str = "", close: str = "") -> Iterator[None]:
        """A group around what is added meanwhile; its lines but the first are indented by so much."""
        self.begin_group(indent, open)
        try:
            yield
        finally:
            self.end_group(indent, close)

    @contextmanager
    def indent(self, indent: int) -> Iterator[None]:
        self.indentation += indent
        try:
            yield
        finally:
            self.indentation -= indent

    def flush(self) -> None:
        """Writes what waits as it stands now."""
        while self._pending:
            self._write_first()

    def made(self) -> str:
        return "".join(self._written)

    def _fit(self) -> None:
        while self._pending and self._column + self._pending_width > self.max_width:
            self._break_outermost()

    def _break_outermost(self) -> None:
        """Breaks the outermost group that waits for it, and those around it, whose breakables are yet to come."""
        waiting = [token.group for token in self._pending if type(token) is Breakable]
        outermost = min(waiting, key=lambda group: group.depth, default=None)
        for group in self._groups:
            if outermost is None or group.depth < outermost.depth:
                group.broken = True
        if outermost is None:
            return
        outermost.broken = True
        while outermost.waiting or self._pending and type(self._pending[0]) is str:
            self._write_first()

    def _write_first(self) -> None:
        token = self._pending.popleft()
        if isinstance(token, str):
            text = token
        else:
            text = token.separator
            token.group.waiting -= 1
            if token.group.broken:
                self._pending_width -= len(text)
                self._end_line(token.indentation)
                return
        self._pending_width -= len(text)
        self._write(text)
        self._column += len(text)

    def _end_line(self, indentation: int) -> None:
        self._write(self.newline + " " * indentation)
        self._column = indentation

    def _write(self, text: str) -> None:
        self._written.append(text)
        self._left -= len(text)
        if self._left < 0:
            raise Full
