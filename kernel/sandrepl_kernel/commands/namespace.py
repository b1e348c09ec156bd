"""`%who`, `%whos`, `%reset` and what else is about the user's variables."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .dispatch import Call

VALUE_LENGTH = 60
ROW_SECONDS = 0.1
IN_A_LINE = 8
PARTS = ("in", "out", "dhist", "array")


def who_ls(call: Call) -> list[str]:
    kinds = call.expanded().split()
    current = call.commands.variables.listed()
    return sorted(name for name, value in current.items() if not kinds or type(value).__name__ in kinds)


def who(call: Call) -> None:
    names = who_ls(call)
    if not names:
        print(_nothing(call))
    for start in range(0, len(names), IN_A_LINE):
        print("\t ".join(names[start : start + IN_A_LINE]))


def whos(call: Call) -> None:
    names = who_ls(call)
    if not names:
        print(_nothing(call))
        return
    from ..guard import Guard
    from ..rows import row

    table = [("Variable", "Type", "Data/Info")]
    current = call.commands.variables.listed()
    with Guard(ROW_SECONDS) as guard:
        for name in names:
            one = row(name, current[name], VALUE_LENGTH, False, guard)
            facts = [one["shape"] or "", one["dtype"] or ""]
            if one["length"] is not None and not one["shape"] and one["type"] not in ("str", "bytes"):
                facts.append(f"n={one['length']}")
            table.append((name, one["type"], " ".join(fact for fact in (*facts, one["value"]) if fact)))
    widths = [max(len(line[column]) for line in table) + 3 for column in (0, 1)]
    table.insert(1, ("-" * (sum(widths) + len("Data/Info")), "", ""))
    for line in table:
        print(f"{line[0]:<{widths[0]}}{line[1]:<{widths[1]}}{line[2]}".rstrip())


def _nothing(call: Call) -> str:
    return "No variables match your requested type." if call.text else "Interactive namespace is empty."


def reset_selective(call: Call) -> None:
    """Deletes the variables in whose names a pattern is found."""
    import re

    options, text = call.options(call.expanded(), "f")
    if not text:
        raise call.wrong("which variables? Give it a regular expression")
    try:
        found = re.compile(text).search
    except re.error as error:
        raise call.wrong(f"{text} is no regular expression: {error}") from None
    names = [name for name in call.commands.variables.listed() if found(name)]
    if "f" not in options and not _agreed():
        return
    for name in names:
        del call.namespace[name]


def _agreed() -> bool:
    answer = input("Once deleted, variables cannot be recovered. Proceed (y/[n])? ")
    agreed = answer.strip().lower() in ("y", "yes")
    if not agreed:
        print("Nothing done.")
    return agreed


def reset(call: Call) -> None:
    options, text = call.options(call.expanded(), "f s")
    parts = text.lower().split()
    for part in parts:
        if part not in PARTS:
            raise call.wrong(f"there is no {part} to reset; what there is: {', '.join(PARTS)}")
    if "f" not in options and not parts and not _agreed():
        return
    if not parts:
        for name in list(call.commands.variables.listed()):
            del call.namespace[name]
    if "out" in parts or not parts and "s" not in options:
        _forget_outputs(call)
    if "in" in parts:
        inputs = call.commands.interpreter.inputs
        inputs[:] = [""] * len(inputs)
    if "dhist" in parts:
        call.commands.directories.clear()
    if "array" in parts:
        for name, value in call.commands.variables.listed().items():
            if type(value).__name__ == "ndarray":
                del call.namespace[name]


def _forget_outputs(call: Call) -> None:
    namespace, outputs = call.namespace, call.commands.interpreter.outputs
    for number in outputs:
        namespace.pop(f"_{number}", None)
    outputs.clear()
    call.commands.interpreter.forget_last()


def xdel(call: Call) -> None:
    """Deletes a variable, and the results that are the same object."""
    _, name = call.options(call.expanded(), "n")
    namespace: dict[str, Any] = call.namespace
    if name not in namespace:
        raise call.wrong(f"there is no variable {name}")
    value = namespace.pop(name)
    outputs = call.commands.interpreter.outputs
    for number in [number for number, kept in outputs.items() if kept is value]:
        del outputs[number]
        namespace.pop(f"_{number}", None)
    if any(namespace.get(last) is value for last in ("_", "__", "___")):
        call.commands.interpreter.forget_last()
