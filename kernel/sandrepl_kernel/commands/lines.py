"""The lines that a shell command wrote, as `x = !command` gives them."""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable


class LineList(list):  # type: ignore[type-arg]
    """A list of lines: `.n` is their text, `.s` the same with spaces between, `.l` a plain list, `.p` paths."""

    @property
    def l(self) -> list[str]:  # noqa: E743
        return list(self)

    @property
    def n(self) -> str:
        return "\n".join(self)

    @property
    def s(self) -> str:
        return " ".join(self)

    @property
    def p(self) -> list[Any]:
        from pathlib import Path

        return [Path(line) for line in self]

    list, nlstr, spstr, paths = l, n, s, p

    def grep(self, pattern: str | Callable[[str], Any], prune: bool = False, field: int | None = None) -> LineList:
        """The lines, or with `prune` the other ones, in which a pattern is found, or that a function accepts;
        with `field`, only that field of a line counts."""
        accepts: Any = pattern if callable(pattern) else re.compile(pattern, re.IGNORECASE).search

        def part(line: str) -> str:
            fields = line.split()
            return line if field is None else fields[field] if -len(fields) <= field < len(fields) else ""

        return LineList([line for line in self if bool(accepts(part(line))) is not prune])

    def fields(self, *numbers: int) -> LineList:
        """These fields of each line, which white space parts; all of them, as lists, unless some are named."""
        if not numbers:
            return LineList([line.split() for line in self])
        chosen = ([fields[n] for n in numbers if -len(fields) <= n < len(fields)] for fields in map(str.split, self))
        return LineList([" ".join(fields) for fields in chosen if fields])

    def sort(self, field: int | None = None, nums: bool = False) -> LineList:  # type: ignore[override]
        """A sorted copy, by a field of the lines, or with `nums` by the number in it."""

        def key(line: str) -> Any:
            fields = line.split()
            text = line if field is None else fields[field] if -len(fields) <= field < len(fields) else ""
            digits = "".join(re.findall(r"\d", text))
            return int(digits or 0) if nums else text

        return LineList(sorted(self, key=key))
