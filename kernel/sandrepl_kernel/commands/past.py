"""`%history`, and the cells that a range of numbers means."""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .dispatch import Call

_RANGE = re.compile(r"(?:~0/)?(\d+)(?:-(\d*))?$")


def history(call: Call) -> None:
    options, text = call.options(call.expanded(), "n o p g= l= f= u t")
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
        shown = shown[-int(options["l"]) :]
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
