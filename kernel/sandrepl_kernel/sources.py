"""Where the code of a function, class or module is, and its text: in files, and in the cells that ran."""

from __future__ import annotations

import linecache
import re
import sys
from types import FunctionType

from . import lookup
from .signatures import unwrapped

SOURCE_LIMIT = 64 << 10  # characters
CELLS = "<cell "

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Iterator

    Place = tuple[str, int]  # file and line; ("", 0) when it is not known


def place_of(value: Any) -> Place:
    if lookup.is_class(value):
        return _place_of_class(value)
    if lookup.is_module(value):
        file = lookup.instance_dict(value).get("__file__")
        return (file, 1) if type(file) is str else ("", 0)
    function = code_of(value)
    if function is None:
        return "", 0
    file = function.__code__.co_filename
    if file.startswith("<frozen "):
        held = lookup.instance_dict(sys.modules.get(str(function.__module__))).get("__file__")
        file = held if type(held) is str else file
    return file, function.__code__.co_firstlineno


def code_of(value: Any) -> Any:
    """The Python function in a function, method or property; None when there is none."""
    if issubclass(type(value), property):
        value = property.__dict__["fget"].__get__(value)
    elif lookup.name_of(type(value)) == "cached_property":
        value = lookup.instance_dict(value).get("func")
    value = unwrapped(value)
    value = getattr(value, "__func__", value) if lookup.is_function(value) else value
    return value if type(value) is FunctionType else None


def _place_of_class(kind: Any) -> Place:
    """Where a line says `class Name`: in the files of its methods, that of its module, or the latest cell."""
    name = lookup.name_of(kind)
    head = re.compile(rf"[ \t]*class[ \t]+{re.escape(name)}\b")
    for file, below in _candidates(kind, name):
        lines = [number for number, line in enumerate(linecache.getlines(file), 1) if head.match(line)]
        above = [number for number in lines if number <= below]
        if lines:
            return file, above[-1] if above else lines[0]
    return "", 0


def _candidates(kind: Any, name: str) -> Iterator[Place]:
    """Files in which a class may be, each with a line that cannot be above it; 0 where none is known."""
    for entry in lookup.own_of(kind).values():
        function = code_of(entry)
        if function is not None and f"{name}." in function.__qualname__:
            yield function.__code__.co_filename, function.__code__.co_firstlineno
    module = lookup.module_of(kind)
    file = lookup.instance_dict(sys.modules.get(module)).get("__file__") if type(module) is str else None
    if type(file) is str:
        yield file, 0
    if module == "__main__":
        cells = [file for file in list(linecache.cache) if file.startswith(CELLS)]
        for cell in sorted(cells, key=lambda cell: (len(cell), cell), reverse=True):
            yield cell, 0


def text_of(value: Any) -> str:
    file, line = place_of(value)
    lines = linecache.getlines(file) if file else []
    if lookup.is_module(value):
        text = "".join(lines)
    elif not 0 < line <= len(lines):
        return ""
    else:
        while line > 1 and lines[line - 2].lstrip().startswith("@"):
            line -= 1
        text = "".join(block(lines[line - 1 :]))
    return cut(text, SOURCE_LIMIT)


def block(lines: list[str]) -> list[str]:
    from inspect import getblock

    try:
        return getblock(lines)
    except (SyntaxError, IndentationError):
        return lines[:1]


def cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else f"{text[:limit]}\n[cut: the first {limit} of {len(text)} characters]"
