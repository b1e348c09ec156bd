"""Completion in `import` statements."""

from __future__ import annotations

import os
import sys

from . import importable
from .draft import find, parted
from .known import Live
from .matches import Group, alike
from .scan import depths_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Sequence

    from .complete import Question
    from .scan import Token


def importing(tokens: Sequence[Token]) -> Sequence[Token]:
    """The tokens of the import statement that these end in; none when it is not one."""
    depths = depths_of(tokens)
    for place in range(len(tokens) - 1, -1, -1):
        if depths[place]:
            continue
        if tokens[place].text in (";", ":"):
            return ()
        if tokens[place].text in ("import", "from") and (not place or tokens[place - 1].text in (";", ":")):
            return tokens[place:]
    return ()


def complete(question: Question, statement: Sequence[Token], start: int) -> dict[str, Any]:
    last = statement[-1]
    if last.text == "as":
        return question.give(start, [])
    if statement[0].text == "import":
        part = [] if last.text in (",", "import") else list(parted(statement[1:]))[-1]
        return _module(question, part, start, "as")
    split = find(statement, "import")
    if split == len(statement):
        return _module(question, statement[1:], start, "import")
    if last.kind == "name" and last.text != "import":
        return question.give(start, [Group(["as"], alike("keyword"))] if last.end < start else [])
    return question.give(start, _of_module(question, "".join(token.text for token in statement[1:split])))


def _module(question: Question, part: Sequence[Token], start: int, after: str) -> dict[str, Any]:
    """A module's dotted name, of which `part` is written; `after` is the word that may follow it."""
    if part and part[-1].kind == "name":
        follows = "as" not in [token.text for token in part]
        return question.give(start, [Group([after], alike("keyword"))] if follows else [])
    name = "".join(token.text for token in part)
    if name.startswith("."):
        return question.give(start, [Group(_relative(question, name)[1], alike("module"))])
    names = importable.submodules(name[:-1]) if name else importable.top_level()
    return question.give(start, [Group(names, alike("module"))])


def _relative(question: Question, name: str) -> tuple[str, set[str]]:
    """What `.name` stands for, and the modules in it: beside a cell, those of the working directory."""
    package = question.namespace.get("__package__")
    inner = name.strip(".")
    if type(package) is str and package:
        inner = ".".join(filter(None, (package, inner)))
    return inner, importable.submodules(inner) if inner else set(importable.modules_in(os.getcwd()))


def _of_module(question: Question, name: str) -> list[Group]:
    if name.startswith("."):
        name, names = _relative(question, name)
    else:
        names = importable.submodules(name)
    modules = Group(names, alike("module"))
    loaded = sys.modules.get(name)
    if loaded is not None:
        return [question.members(Live(loaded)), modules]
    return [modules, Group(importable.names_in_source(name) if name else [], alike("instance"))]
