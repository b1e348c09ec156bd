"""`name?`, `name??`, and `np.*load*?`."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

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
    search(call, _named(call))


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
    code = text if text.startswith("%") else f"({text}"
    told = told_of(names, {"code": code, "cursor": len(code), "detail": detail}, lambda: False)
    return told if told["found"] else None


def search(call: Call, pattern: str) -> None:
    """Lists the names that a pattern with stars fits: variables and builtins, or the attributes of an object."""
    import builtins
    from fnmatch import fnmatchcase

    holder, _, wanted = pattern.rpartition(".")
    if "*" in holder:
        raise call.wrong("the * may stand behind the last dot only")
    if holder:
        value = eval(holder, call.names, call.variables)
        names = {f"{holder}.{name}" for name in dir(value) if fnmatchcase(name, wanted)}
    else:
        every = {*call.names, *call.variables, *vars(builtins)}
        names = {name for name in every if type(name) is str and fnmatchcase(name, wanted)}
    hidden = () if wanted.startswith("_") else ("_",)
    for name in sorted(names):
        if not name.rpartition(".")[2].startswith(hidden):
            print(name)


def lsmagic(call: Call) -> None:
    from .table import CELL, LINE

    print("Line commands:", "  ".join(f"%{name}" for name in sorted(LINE)), sep="\n")
    print("\nCell commands:", "  ".join(f"%%{name}" for name in sorted(CELL)), sep="\n")


def magic(call: Call) -> None:
    from .table import CELL, LINE

    for sign, table in (("%", LINE), ("%%", CELL)):
        for name, told in sorted(table.items()):
            print(f"{sign + name:<14} {told}")
