"""What an agent's client leaves of values that it cannot keep: their `repr`."""

from __future__ import annotations

import re

_OPAQUE = re.compile(
    r"<(module|function|class|built-in|bound method|method|coroutine|generator|code|frame|slot wrapper|"
    r"re\.Match)\b.*>\Z"
    r"|<[^\n]* at 0x[0-9a-fA-F]+[^\n]*>\Z|<[\w.]+: [^\n]*>\Z|<_io\.\w+ [^\n]*>\Z",
    re.DOTALL,
)
_CALL = re.compile(r"(?:[A-Za-z_]\w*\.)*([A-Za-z_]\w*)\(.*\)\Z", re.DOTALL)
_TABLE_END = re.compile(r"\n\n?\[\d+ rows x \d+ columns\]\Z|\n(Name: .*, )?(Length: \d+, )?dtype: \w+\Z")
_TABLE_ROW = re.compile(r"(\S+\s+)+\S+")
_LOWER_CONSTRUCTORS = frozenset(
    "array bytearray compile date datetime defaultdict deque dict_items dict_keys dict_values frozenset mappingproxy "
    "matrix memoryview namespace partial range set slice tensor time timedelta timezone".split()
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def looks_flattened(text: str) -> bool:
    """Whether text looks like the repr of something that was not text: `<…>` of modules, functions, classes and
    objects; bytes, sets and complex numbers; calls of constructors such as `Decimal('1')`, `array([1, 2])`,
    `datetime.datetime(…)` or `Point(x=1)`; tables and series as pandas prints them. Text that happens to look so is
    marked too; the mark says "maybe", and changes nothing in the value."""
    if _OPAQUE.match(text):
        return True
    if text[:2] in ("b'", 'b"') or text[:1] == "{" or text[:1] == "(" and text[-2:] == "j)":
        return _is_literal_of_no_json(text)
    call = _CALL.match(text)
    if call:
        name = call.group(1)
        return (name[0].isupper() or name in _LOWER_CONSTRUCTORS) and _parses(text)
    return _is_table(text)


def _parse(text: str) -> Any:
    from _ast import PyCF_ONLY_AST

    if len(text) > 1 << 20:
        return None
    import warnings

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return compile(text, "<state>", "eval", PyCF_ONLY_AST, dont_inherit=True).body  # type: ignore[attr-defined]
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _parses(text: str) -> bool:
    """A constructor's repr is an expression, unless its arguments hold a `<…>` or an array's `...`."""
    body = _parse(re.sub(r"<[^<>\n]*>", "0", text))
    return type(body).__name__ == "Call"


def _is_literal_of_no_json(text: str) -> bool:
    body = _parse(re.sub(r"<[^<>\n]*>", "0", text))
    kind = type(body).__name__
    if kind == "Constant":
        return isinstance(body.value, (bytes, complex))
    return kind in ("Set", "Dict") or kind == "BinOp" and text.endswith("j)")


def _is_table(text: str) -> bool:
    if "\n" not in text:
        return False
    if _TABLE_END.search(text):
        return True
    lines = text.split("\n")
    width = len(lines[0])
    aligned = all(len(line) == width and _TABLE_ROW.fullmatch(line.strip()) for line in lines[1:])
    return aligned and lines[0][:1] == " " and all(line.split()[0].isdigit() for line in lines[1:])
