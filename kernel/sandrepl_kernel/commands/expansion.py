"""`{expression}` and `$name` in the text of a command."""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_DOLLAR = re.compile(r"\$(\$?)([^\W\d]\w*(?:\.[^\W\d]\w*)*)")


def expand(text: str, names: dict[str, Any], variables: dict[str, Any]) -> str:
    """The text with the values of expressions in it; as it was when one of those in braces has none."""
    try:
        parts = _parts(text, names, variables)
    except Exception:
        return text
    made: list[str] = []
    quotes = 0  # that stand behind
    for plain, part in reversed(parts):
        made.append(_dollars(part, quotes, names, variables) if plain else part)
        quotes += part.count("'") if plain else 0
    return "".join(reversed(made))


def _parts(text: str, names: dict[str, Any], variables: dict[str, Any]) -> list[tuple[bool, str]]:
    """What stands in the text, and what its braces give."""
    parts: list[tuple[bool, str]] = []
    plain, place = "", 0
    while place < len(text):
        sign = text[place]
        if sign in "{}" and text[place + 1 : place + 2] == sign:
            plain += sign
            place += 2
        elif sign == "{":
            end = _closing(text, place)
            parts += (True, plain), (False, str(_value(text[place + 1 : end], names, variables)))
            plain, place = "", end + 1
        elif sign == "}":
            raise ValueError("a brace that nothing opens")
        else:
            plain += sign
            place += 1
    return [*parts, (True, plain)]


def _closing(text: str, opening: int) -> int:
    depth = 0
    for place in range(opening, len(text)):
        depth += (text[place] == "{") - (text[place] == "}")
        if not depth:
            return place
    raise ValueError("a brace that nothing closes")


def _value(source: str, names: dict[str, Any], variables: dict[str, Any]) -> Any:
    """Of an expression, or of one with `!r` or a format behind it, as in an f-string."""
    try:
        code = compile(source.strip(), "<command>", "eval", dont_inherit=True)
    except SyntaxError:
        code = compile("f" + repr("{" + source + "}"), "<command>", "eval", dont_inherit=True)
    return eval(code, names, variables)


def _dollars(text: str, quotes: int, names: dict[str, Any], variables: dict[str, Any]) -> str:
    """With the values of names: not within single quotes, nor of names that are unknown, which may be the shell's."""

    def value(match: Any) -> str:
        if (quotes + text.count("'", match.end())) % 2:
            return match.group()
        if match.group(1):
            return match.group()[1:]
        name = match.group(2)
        if name.partition(".")[0] not in variables and name.partition(".")[0] not in names:
            return match.group()
        try:
            return str(eval(name, names, variables))
        except Exception:
            return match.group()

    return _DOLLAR.sub(value, text)
