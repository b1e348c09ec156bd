"""Interoperation with an agent's `CloudflareREPL` that used the sandbox before: its variables and its
latest cell. That client keeps `rlm_state.json` and `rlm_exec.py` beside the kernel's folder.
"""

from __future__ import annotations

import binascii
import json
import os
import re

STATE_BYTES = 256 << 20
SCRIPT_BYTES = 64 << 20

_CELL = re.compile(rb"""b64decode\(\s*b?["']([A-Za-z0-9+/=\s]*)["']\s*\)""")
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
    from typing import Any, Callable


class Found:
    """What an agent left: `values` to bind, the names among them that were flattened, its latest cell if any."""

    def __init__(self) -> None:
        self.values: dict[str, Any] = {}
        self.flattened: dict[str, str] = {}
        self.code: str | None = None
        self.problem = ""


def find(folder: str) -> Found:
    found = Found()
    try:
        data = _read(os.path.join(folder, "rlm_state.json"), STATE_BYTES)
        state = json.loads(data) if data else {}
        if not isinstance(state, dict):
            raise ValueError("it is not a JSON object")
        for name, value in state.items():
            if name.isidentifier() and not name.startswith("_"):
                found.values[name] = value
                if type(value) is str and looks_flattened(value):
                    found.flattened[name] = value
    except (OSError, ValueError, RecursionError) as error:
        found.problem = f"the agent's variables in {folder}/rlm_state.json could not be read: {error}"
    try:
        found.code = cell_in(_read(os.path.join(folder, "rlm_exec.py"), SCRIPT_BYTES))
    except OSError:
        found.code = None
    return found


def _read(path: str, limit: int) -> bytes:
    try:
        with open(path, "rb") as file:
            data = file.read(limit + 1)
    except FileNotFoundError:
        return b""
    if len(data) > limit:
        raise ValueError(f"it is over {limit} bytes")
    return data


def cell_in(script: bytes) -> str | None:
    """The cell's source, which the script holds in base64."""
    match = _CELL.search(script)
    if match is None:
        return None
    try:
        return binascii.a2b_base64(match.group(1)).decode("utf-8")
    except ValueError:
        return None


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
