"""`name?`, `name??`, and `np.*load*?`."""

from __future__ import annotations

import os
from tokenize import open as open_source

from .files import source_of, unquoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Sequence

    from .dispatch import Call

ROWS = (("Signature", "signature"), ("Type", "type"), ("Value", "value"), ("File", "file"))


def inspect(call: Call, text: str, detail: int) -> None:
    told = _found(call, text, detail - 1)
    if told is None:
        print(f"Object `{text}` not found.")
        return
    width = max(len(label) for label, _ in ROWS) + 2
    for label, key in ROWS:
        if told[key]:
            print(f"{label + ':':<{width}}{told[key]}")
    source = told["source"] if detail > 1 else ""
    if source:
        print("Source:", source.rstrip("\n"), sep="\n")
    elif told["doc"]:
        print("Docstring:", told["doc"], sep="\n")


def pinfo(call: Call) -> None:
    inspect(call, _named(call), 1)


def pinfo2(call: Call) -> None:
    inspect(call, _named(call), 2)


def pdoc(call: Call) -> None:
    _only(call, "doc", "docstring")


def psource(call: Call) -> None:
    _only(call, "source", "source")


def psearch(call: Call) -> None:
    options, text = call.options(_named(call), "i c a")
    pattern, *kinds = text.split() or [""]
    search(call, pattern, "i" in options, kinds)


def pdef(call: Call) -> None:
    _only(call, "signature", "signature")


def pfile(call: Call) -> None:
    text = _named(call)
    told = _found(call, text, 0)
    if told is None or not os.path.isfile(told["file"]):
        print(f"No file of `{text}` found.")
        return
    with open_source(told["file"]) as file:
        print(file.read())


def pycat(call: Call) -> None:
    print(source_of(call, unquoted(_named(call))))


def _only(call: Call, key: str, what: str) -> None:
    text = _named(call)
    told = _found(call, text, 1)
    print(told[key] if told is not None and told[key] else f"No {what} of `{text}` found.")


def _named(call: Call) -> str:
    if not call.text:
        raise call.wrong("of what? Give it a name")
    return call.text


def _found(call: Call, text: str, detail: int) -> dict[str, Any] | None:
    from ..inspection import inspect as told_of

    names = call.names if call.variables is call.names else {**call.names, **call.variables}
    if text.endswith("]"):
        text, names = "_", {"_": _item(call, text)}
    code = text if text.startswith("%") else f"({text}"
    told = told_of(names, {"code": code, "cursor": len(code), "detail": detail}, lambda: False)
    return told if told["found"] else None


def _item(call: Call, text: str) -> Any:
    """What `name[0]` and the like are. Raises what the look-up raises."""
    import ast

    try:
        parts = {type(node) for node in ast.walk(ast.parse(text, mode="eval").body)}
    except SyntaxError:
        parts = {None}
    harmless = ("Name", "Load", "Attribute", "Subscript", "Constant", "Index", "Str", "Num", "UnaryOp", "USub", "Slice")
    if {getattr(part, "__name__", "") for part in parts} - {*harmless}:
        raise call.wrong(f"{text} is neither a name nor an item of one")
    return eval(text, call.names, call.variables)


def search(call: Call, pattern: str, any_case: bool = False, kinds: Sequence[str] = ()) -> None:
    """Lists the names that a pattern with stars fits: variables and builtins, or the attributes of an object; of some
    types, where those are named."""
    import builtins
    import re
    from fnmatch import translate

    holder, _, wanted = pattern.rpartition(".")
    if "*" in holder:
        raise call.wrong("the * may stand behind the last dot only")
    if holder:
        value = eval(holder, call.names, call.variables)
        names = {name: lambda name=name: getattr(value, name) for name in dir(value)}
    else:
        every = {**vars(builtins), **call.names, **call.variables}
        names = {name: lambda name=name: every[name] for name in every if type(name) is str}
    fits = re.compile(translate(wanted), re.IGNORECASE if any_case else 0).match
    hidden = () if wanted.startswith("_") else ("_",)
    for name, value_of in sorted(names.items()):
        if fits(name) and not name.startswith(hidden) and (not kinds or type(value_of()).__name__ in kinds):
            print(f"{holder}.{name}" if holder else name)


def lsmagic(call: Call) -> None:
    import shutil
    import textwrap

    from .table import CELL, LINE

    columns = shutil.get_terminal_size().columns
    for title, sign, table in (("Line commands:", "%", LINE), ("\nCell commands:", "%%", CELL)):
        names = "  ".join(sign + name for name in sorted(table))
        print(title, *textwrap.wrap(names, columns, break_on_hyphens=False), sep="\n")


def magic(call: Call) -> None:
    from .table import CELL, LINE

    for sign, table in (("%", LINE), ("%%", CELL)):
        for name, told in sorted(table.items()):
            print(f"{sign + name:<14} {told}")
