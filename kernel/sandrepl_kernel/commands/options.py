"""The options before a command's arguments, which stay as they are written."""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .dispatch import Call

_WORD = re.compile(r"\s*(\S+)")


def read(call: Call, text: str, accepted: str) -> tuple[dict[str, str], str]:
    """`accepted` names the options, those with a value with a `=` behind them, with a `*` where it may come several
    times, and with a `?` where it is a number that may be left out: "n= q s* l?". Gives those that there are (a flag's
    value is empty, several are parted by spaces), and what follows them."""
    known = {name.rstrip("=*?"): name[-1] if name[-1] in "=*?" else "" for name in accepted.split()}
    found: dict[str, str] = {}
    place = 0
    while True:
        match = _WORD.match(text, place)
        if match is None or match.group(1)[0] != "-" or match.group(1) == "-":
            return found, text[place:].strip()
        place = match.end()
        word = match.group(1)
        if word == "--":
            return found, text[place:].strip()
        name, value = _split(word, known)
        if name not in known:
            shown = ", ".join(_shown(each) for each in known)
            raise call.wrong(f"there is no option {word}; " + (f"options: {shown}" if known else "it takes none"))
        if known[name] and not value:
            match = _WORD.match(text, place)
            if known[name] != "?" or match is not None and match.group(1).isdigit():
                if match is None:
                    raise call.wrong(f"{_shown(name)} needs a value")
                value, place = match.group(1), match.end()
        found[name] = f"{found[name]} {value}" if known[name] == "*" and name in found else value


def _split(word: str, known: dict[str, Any]) -> tuple[str, str]:
    """`-n10`, `-n`, `--out=x` and `--out` as name and value. Flags of one letter may stand together."""
    if word.startswith("--"):
        name, _, value = word[2:].partition("=")
        return name, value
    if word[1:] in known:
        return word[1:], ""
    return (word[1], word[2:]) if known.get(word[1]) else (word[1:], "")


def _shown(name: str) -> str:
    return f"-{name}" if len(name) == 1 else f"--{name}"


def number(call: Call, options: dict[str, str], name: str, otherwise: int) -> int:
    if name not in options:
        return otherwise
    try:
        return int(options[name])
    except ValueError:
        raise call.wrong(f"-{name} takes a whole number, not {options[name]}") from None
