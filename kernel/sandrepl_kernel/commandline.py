"""Completion in lines that are not Python: `%command`, `%%command` and `!shell`."""

from __future__ import annotations

import os
import re

from . import paths
from .matches import Group, alike
from .quoted import complete_path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .complete import Question
    from .scan import Line

# What follows these: Python where nothing else is said.
PATHS = frozenset(
    "cat cd cp file less ll load ls mkdir more mv pushd pycat rm rmdir run save writefile".split()
)
ENVIRONMENT = frozenset(("env", "set_env"))
SHELLS = frozenset("bash sh script sx system".split())
OTHERS = frozenset(
    "autoreload config history load_ext man matplotlib pip pprint precision recall rerun reset uv xmode".split()
)
PYTHON_CELLS = frozenset("time timeit capture prun python python3".split())

_HEAD = re.compile(r"(%%?)([\w!]*)")
_WORD = re.compile(r"[^\s'\"=]*$")
_SHELL_WORD = re.compile(r"(\$?)((?:\\.|[^\s'\"`;|&<>()=$])*)$")
# A string that does not end: what stands before it and its quote.
_SHELL_STRING = re.compile(r"""((?:\\.|[^'"\\]|'[^']*'|"(?:\\.|[^"\\])*")*['"])[^'"\\]*$""", re.DOTALL)
_UNQUOTED = frozenset("'\"\\$`!{}")
_SPECIAL = re.compile(r"([\s'\"\\$&|;<>()*?\[\]{}`!#])")


def complete_cell(question: Question) -> dict[str, Any]:
    """In a cell that begins with `%%`: its first line says what the rest is."""
    code, cursor = question.code, question.cursor
    head = code.find("\n")
    if head < 0 or cursor <= head:
        return complete_line(question, 0, [])
    name = (code[2:head].split() or [""])[0]
    if name in PYTHON_CELLS:
        return question.python(head + 1, [])
    if name in SHELLS or name == "!":
        return complete_shell(question, code.rfind("\n", 0, cursor) + 1, [])
    return question.give(cursor, [])


def complete_line(question: Question, start: int, above: list[Line]) -> dict[str, Any]:
    text = question.code[start : question.cursor]
    if text.startswith("!"):
        return complete_shell(question, start + len(text) - len(text.lstrip("!")), above)
    head = _HEAD.match(text)
    assert head is not None  # a command begins with one of both signs
    if head.end() == len(text):
        return question.give(start, _commands(start, *head.groups()))
    word = _WORD.search(question.code, start + head.end(), question.cursor)
    assert word is not None
    name = head.group(2)
    if name in PATHS:
        return complete_path(question, word.start())
    if name in ENVIRONMENT:
        return question.give(word.start(), [Group(list(os.environ), alike("instance"))])
    if name in SHELLS:
        return complete_shell(question, start + head.end(), above)
    return question.give(question.cursor, []) if name in OTHERS else question.python(start + head.end() + 1, above)


def _commands(start: int, sign: str, typed: str) -> list[Group]:
    """After one sign those for a line come first, and those for a cell where one can begin."""
    from .commands.table import CELL, LINE

    tables = [("%", LINE)] if sign == "%" else []
    if not start:
        tables.append(("%%", CELL))
    groups = []
    for mark, table in tables:
        texts = {mark + name: told for name, told in table.items() if name.startswith(typed.lower())}
        groups.append(Group(texts, lambda name, signed, told=texts: ("magic", told[name]), chosen=True))
    return groups


def complete_shell(question: Question, start: int, above: list[Line]) -> dict[str, Any]:
    text = question.code[start : question.cursor]
    brace = text.rfind("{")
    if brace > text.rfind("}"):
        return question.python(start + brace + 1, above)
    quoted = _SHELL_STRING.match(text)
    if quoted is not None:
        return complete_path(question, start + quoted.end(1), lambda name: "" if _UNQUOTED & set(name) else name)
    word = _SHELL_WORD.search(text)
    assert word is not None
    place = start + word.start(2)
    if word.group(1):
        names = [name for name in list(question.namespace) if type(name) is str]
        return question.give(place, [Group([*names, *os.environ], alike("instance"))])
    leading = text[: word.start()].rstrip(" ")
    if "/" in word.group(2) or leading and leading[-1] not in "|;&(`":
        return complete_path(question, place, lambda name: _SPECIAL.sub(r"\\\1", name))
    return question.give(place, [Group(paths.commands() if word.group(2) else [], alike("path"))])
