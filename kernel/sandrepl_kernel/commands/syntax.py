"""A cell with commands in it as Python of as many lines, where each command is a call of a method of `_sandrepl`.

Only for cells that are not Python as they stand, so that nothing that merely looks like a command is touched.
"""

from __future__ import annotations

import re
from _ast import PyCF_ALLOW_TOP_LEVEL_AWAIT

from ..scan import Scan
from .table import LINE

NAME = "_sandrepl"
RUN_PYTHON = frozenset(("capture", "prun", "time", "timeit"))  # what follows these may hold `await`
CO_COROUTINE = 0x80

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Sequence

    from ..scan import Token

_CELL = re.compile(r"(\s*\n)?%%(!|[A-Za-z]\w*)(\?\??|[ \t]*)([^\n]*)(?:\n(.*))?\Z", re.DOTALL)
_LINE = re.compile(r"(%%?)(!|[A-Za-z]\w*)(?:(\?\??)\s*\Z|(?!\w)\s*(.*))", re.DOTALL)
_AUTOMATIC = re.compile(r"([A-Za-z]\w*)(?:\s+(?![=,.(\[:])(.*))?\s*\Z")
_CONTINUED = re.compile(r"\\\n[ \t]*")
_PATTERN = re.compile(r"[\w.*]*\*[\w.*]*\Z")
_OPTIONS = re.compile(r"(?:-[DTls]\s*\S+\s+|-[a-z]+\s*\d*\s+)*")
_AWAIT = re.compile(r"\b(?:await|async)\b")


class Rewritten:
    def __init__(self, code: str, text: str, lines: list[int]) -> None:
        self.code = code  # as it was written
        self.text = text
        self.lines = lines  # the numbers of those that a command stands in

    def place(self, tree: Any) -> None:
        """Has each command span the line as it was written, since that is the line which a traceback shows."""
        import ast

        written = self.code.split("\n")
        for node in ast.walk(tree):
            if getattr(node, "lineno", 0) in self.lines:
                line = written[node.lineno - 1].encode("utf-8", "surrogatepass")
                node.col_offset = len(line) - len(line.lstrip())
                node.end_lineno, node.end_col_offset = node.lineno, len(line.rstrip())

    def blame(self, error: SyntaxError) -> None:
        """Has a syntax error in a command's line show that line."""
        if error.lineno in self.lines:
            error.text = self.code.split("\n")[error.lineno - 1] + "\n"
            error.offset = None
            if hasattr(error, "end_offset"):
                error.end_lineno = error.end_offset = None


def rewrite(code: str, free: Callable[[str], bool] = lambda name: False) -> Rewritten | None:
    """None for a cell without commands. `free` tells whether a name is nobody's, so that a cell of one line may be a
    command without its sign."""
    cell = _CELL.match(code)
    if cell is not None and (cell.group(3) or not cell.group(4)):
        return _rewritten_cell(code, cell)
    parts: list[str] = []
    lines: list[int] = []
    done = number = 0
    for line in Scan(code).lines:
        found = _command_in(code, line.tokens) if line.tokens else None
        if found is None:
            continue
        start, end, call = found
        number += code.count("\n", done, start)
        parts += code[done:start], call, "\n" * code.count("\n", start, end)
        lines.append(1 + number)
        number += code.count("\n", start, end)
        done = end
    if lines:
        return Rewritten(code, "".join(parts) + code[done:], lines)
    automatic = _AUTOMATIC.match(code)
    if automatic is not None and automatic.group(1) in LINE and free(automatic.group(1)):
        return Rewritten(code, _line_call(automatic.group(1), automatic.group(2) or ""), [1])
    return None


def _rewritten_cell(code: str, match: Any) -> Rewritten:
    above, name, mark, text, body = match.groups()
    count = (above or "").count("\n")
    if "?" in mark:
        call = _call("inspect", f"%%{name}", len(mark))
    else:
        call = _call("cell", name, text.strip(), body or "", awaits=name in RUN_PYTHON and holds_await(body or ""))
        if (body or "").rstrip().endswith(";"):
            call += ";"
    return Rewritten(code, "\n" * count + call + "\n" * (code.count("\n") - count), [1 + count])


def _command_in(code: str, tokens: Sequence[Token]) -> tuple[int, int, str] | None:
    """Where a logical line holds a command, and the call in its place."""
    first, last = tokens[0], tokens[-1]
    if last.kind == "command" and (len(tokens) == 1 or tokens[-2].text == "="):
        call = _command(_CONTINUED.sub(" ", last.text).rstrip(), len(tokens) > 1)
        return (last.start, last.end, call) if call else None
    if first.text == "?":
        place = 2 if len(tokens) > 1 and tokens[1].text == "?" else 1
        return (first.start, last.end, _help(code[tokens[place].start : last.end], place)) if tokens[place:] else None
    if last.text != "?" or not _balanced(tokens):
        return None
    detail = 2 if tokens[-2].text == "?" else 1
    if len(tokens) == detail:
        return None
    return first.start, last.end, _help(code[first.start : tokens[-detail - 1].end], detail)


def _command(text: str, is_value: bool) -> str:
    if text[0] == "!":
        shown = not is_value and not text.startswith("!!")
        return _call("system" if shown else "getoutput", text.lstrip("!").strip())
    match = _LINE.match(text)
    if match is None:
        return ""
    sign, name, mark, arguments = match.groups()
    if mark:
        return _call("inspect", sign + name, len(mark))
    return _line_call(sign[1:] + name, arguments)


def _line_call(name: str, text: str) -> str:
    awaits = name in RUN_PYTHON and holds_await(_OPTIONS.sub("", text, count=1))
    return _call("line", name, text.strip(), awaits=awaits) + (";" if text.rstrip().endswith(";") else "")


def _help(text: str, detail: int) -> str:
    text = text.strip()
    return _call("search", text) if _PATTERN.match(text) else _call("inspect", text, detail)


def _call(method: str, *values: object, awaits: bool = False) -> str:
    call = f"{NAME}.{method}({', '.join(map(repr, values))}{', awaits=True' if awaits else ''})"
    return f"await {call}" if awaits else call


def _balanced(tokens: Sequence[Token]) -> bool:
    texts = [token.text for token in tokens if token.kind == "op"]
    return sum(text in ("(", "[", "{") for text in texts) == sum(text in (")", "]", "}") for text in texts)


def holds_await(code: str) -> bool:
    """Whether code awaits something itself, not just in the functions that it defines."""
    if not _AWAIT.search(code):
        return False
    rewritten = rewrite(code)
    try:
        made = compile(
            rewritten.text if rewritten is not None else code,
            "<command>",
            "exec",
            PyCF_ALLOW_TOP_LEVEL_AWAIT,
            dont_inherit=True,
        )
    except (SyntaxError, ValueError):
        return False
    return bool(made.co_flags & CO_COROUTINE)
