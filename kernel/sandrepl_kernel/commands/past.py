"""`%history`, `%rerun` and what else takes the cells that a range of numbers means."""

from __future__ import annotations

import os
import re

from ..execute import cell_name
from .files import set_next_input, unquoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .dispatch import Call

LAST = 10  # cells that -l shows
_RANGE = re.compile(r"(?:~0/)?(\d+)(?:-(\d*))?$")


def history(call: Call) -> None:
    options, text = call.options(call.expanded(), "n o p g= l? f= u t r")
    pattern = ""
    if "g" in options:
        pattern, text = f"{options['g']} {text}".strip(), ""
    shown = cells(call, text)
    if pattern:
        from fnmatch import fnmatch

        shown = [(number, code) for number, code in shown if fnmatch(code, f"*{pattern}*")]
    if "u" in options:
        shown = sorted({code: (number, code) for number, code in shown}.values())
    if "l" in options:
        here = len(call.commands.interpreter.inputs) - 1  # the cell that asks is not among the last ones
        shown = [each for each in shown if each[0] != here][-int(options["l"] or LAST) :]
    lines = []
    for number, code in shown:
        mark = f"{number:4d}: " if "n" in options or pattern else ""
        if "p" in options:
            code = "\n".join((">>> " if not line[:1].isspace() else "... ") + line for line in code.split("\n"))
        lines.append(mark + ("\n" if mark and "\n" in code else "") + code)
        outputs = call.commands.interpreter.outputs
        if "o" in options and number in outputs:
            lines.append(repr(outputs[number]))
    if "f" not in options:
        print("\n".join(lines))
        return
    with open(options["f"], "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")


def rerun(call: Call) -> Any:
    """Runs earlier cells again, and gives the last one's value."""
    options, text = call.options(call.expanded(), "l= g=")
    interpreter = call.commands.interpreter
    before = [each for each in cells(call, text) if each[0] != len(interpreter.inputs) - 1]
    if "g" in options:
        before = [(number, code) for number, code in before if options["g"] in code][-1:]
    elif not text:
        before = before[-int(options.get("l", 1)) :]
    if not before:
        raise call.wrong("there is no such cell")
    print("=== Executing: ===", *(code for _, code in before), "=== Output: ===", sep="\n")
    value = None
    for number, code in before:
        filename = cell_name(number)
        for part in interpreter.compile_tree(*interpreter.parse(code, filename), filename):
            value = interpreter.execute(part) if part is not None else None
    return value


def recall(call: Call) -> None:
    """Puts earlier cells into the editor, or the last value's text."""
    text = call.expanded()
    code = "\n".join(code for _, code in cells(call, text)) if text else str(call.namespace.get("_") or "")
    if not code:
        raise call.wrong("there is nothing to put into the editor")
    set_next_input(call.commands, code, False)


def save(call: Call) -> None:
    """Writes earlier cells into a file."""
    options, text = call.options(call.expanded(), "a f r")
    name, _, ranges = text.partition(" ")
    if not name:
        raise call.wrong("into which file? Give it a name, and numbers of cells such as 3-5")
    ending = ".ipy" if "r" in options else ".py"
    path = os.path.expanduser(unquoted(name))
    path += "" if path.endswith((".py", ".ipy")) else ending
    code = "\n".join(code for _, code in cells(call, ranges)) + "\n"
    if not options.keys() & {"a", "f"} and os.path.exists(path):
        if input(f"{path} exists. Overwrite it (y/[n])? ").strip().lower() not in ("y", "yes"):
            print("Nothing done.")
            return
    with open(path, "a" if "a" in options else "w", encoding="utf-8") as file:
        file.write(code)
    print(f"These commands were written to {path}:", code, sep="\n", end="")


def cells(call: Call, text: str) -> list[tuple[int, str]]:
    """The cells that `4-6 8` means: their numbers and code. All of them when nothing is said."""
    inputs = call.commands.interpreter.inputs
    if not text:
        return [(number, code) for number, code in enumerate(inputs) if number and code]
    found = []
    for part in text.split():
        match = _RANGE.match(part)
        if match is None:
            raise call.wrong(f"{part} is no range of cells, such as 3 or 4-6")
        first = int(match.group(1))
        last = first if match.group(2) is None else int(match.group(2) or len(inputs) - 1)
        found += [(number, inputs[number]) for number in range(first, min(last + 1, len(inputs))) if inputs[number]]
    return found
