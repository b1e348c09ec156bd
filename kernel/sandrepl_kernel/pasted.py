"""A cell's text as Python can take it: what editors, files and other REPLs put around code is taken off.

Only text that could not run as it stands changes, and each line stays where it is, so that errors name the line that
was typed.
"""

from __future__ import annotations

import re

_OUTSIDE = re.compile(r"(?:[ \t\f]*(?:#[^\n]*)?\n)*")  # blank lines and comments above the first line of code
_CLASSIC = re.compile(r"([ \t]*)>>>(?: |$)", re.MULTILINE)
_IPYTHON = re.compile(r"([ \t]*)In \[\d+\]: ")
_PROMPTS = {
    _CLASSIC: re.compile(r"^[ \t]*(?:>>>|\.\.\.)(?: |$)", re.MULTILINE),
    _IPYTHON: re.compile(r"^[ \t]*(?:In \[\d+\]: | *\.\.\.+: ?)", re.MULTILINE),
}


def plain(code: str) -> str:
    """The code without a byte order mark, with `\\n` at each line's end, without the prompts that were copied with it,
    and without the indentation that its first line has."""
    if code[:1] == "\ufeff":
        code = code[1:]
    if "\r" in code:
        code = code.replace("\r\n", "\n").replace("\r", "\n")
    match = _OUTSIDE.match(code)
    start = match.end() if match is not None else 0
    for prompt, any_prompt in _PROMPTS.items():
        if prompt.match(code, start):
            code = any_prompt.sub("", code)
    first = code[start:].partition("\n")[0]
    indent = first[: len(first) - len(first.lstrip(" \t"))]
    return re.sub(f"^{indent}", "", code, flags=re.MULTILINE) if indent else code
