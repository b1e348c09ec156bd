"""Cells that were copied from somewhere: with the indentation, or the prompts, that they had there."""

from __future__ import annotations

import re

_PROMPTS = (
    (re.compile(r">>>(?: |$)", re.MULTILINE), re.compile(r"^(?:>>>|\.\.\.)(?: |$)", re.MULTILINE)),
    (re.compile(r"In \[\d+\]: ?"), re.compile(r"^(?:In \[\d+\]: ?|[ ]*\.{3,}: ?)", re.MULTILINE)),
)
_FIRST = re.compile(r"(?:[ \t]*(?:#[^\n]*)?\n)*([ \t]*)(?=[^\s#])")


def unpasted(code: str) -> str:
    """Code of as many lines without them. Only code that begins with either, which is no Python, is changed."""
    first = _FIRST.match(code)
    if first is None:
        return code
    if first.group(1):
        code = re.compile("^" + first.group(1), re.MULTILINE).sub("", code)
        first = _FIRST.match(code)
        assert first is not None
    for begins, prompt in _PROMPTS:
        if begins.match(code, first.end()):
            return prompt.sub("", code)
    return code
