"""What is known of the word at the cursor, or of the call that the cursor is in, without running anything."""

from __future__ import annotations

import re

from . import lookup
from .bounded import BRACKETS, PLAIN, Writer
from .draft import Draft
from .infer import Drafted, DraftedFunction, Reader, Unloaded
from .known import Live, Of
from .rows import one_line
from .scan import Scan, expression_before
from .signatures import doc_of, is_partial, name_of, signature, unwrapped
from .sources import code_of, cut, place_of, text_of

DOC_LIMIT = 64 << 10
VALUE_LIMIT = 200
NOTHING = {"name": "", "type": "", "signature": "", "doc": "", "source": "", "file": "", "line": None, "value": ""}

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Sequence

    from .known import Known
    from .scan import Token


def inspect(namespace: dict[str, Any], params: dict[str, Any], overtaken: Callable[[], bool]) -> dict[str, Any]:
    code, cursor, detail = params["code"], params["cursor"], params.get("detail", 0)
    if overtaken():
        return {}
    end = cursor
    while end < len(code) and (code[end].isalnum() or code[end] == "_"):
        end += 1
    magic = _magic(code, cursor)
    if magic is not None:
        return {"found": True, **NOTHING, **magic}
    described = _Seen(namespace, code, end).describe(detail)
    return {"found": described is not None, **NOTHING, **(described or {})}


def _magic(code: str, cursor: int) -> dict[str, Any] | None:
    """The command whose name the cursor is on, or of which the name is all that the line says."""
    begin = code.rfind("\n", 0, cursor) + 1
    match = re.compile(r"[ \t]*(?:[\w, ]+=[ \t]*)?((%%?)(\w+))").match(code, begin)
    if match is None or not match.start(1) <= cursor <= match.end(1) or match.group(2) == "%%" and begin:
        return None
    from .commands.table import CELL, LINE

    doc = (CELL if match.group(2) == "%%" else LINE).get(match.group(3))
    return {"name": match.group(1), "type": "magic", "doc": doc} if doc is not None else None


class _Seen:
    """The code up to the end of the word that the cursor is on."""

    def __init__(self, namespace: dict[str, Any], code: str, end: int) -> None:
        self._code = code
        self._end = end
        begin = 0
        lines = []
        head = code.find("\n")
        if code.startswith("%%") and 0 <= head < end:
            begin = head + 1
        self._scan = Scan(code[:end], begin)
        if self._scan.inside == "command":
            lines = self._scan.lines
            arguments = re.compile(r"\S*\s?").match(code, self._scan.command, end)
            assert arguments is not None
            self._scan = Scan(code[:end], arguments.end())
        draft = Draft(code, [*lines, *self._scan.lines])
        rest = code.find("\n", end)
        if rest >= 0:
            draft.read_rest(code, rest + 1)
        self._reader = Reader(namespace, draft)

    def describe(self, detail: int) -> dict[str, Any] | None:
        tokens = self._scan.tokens
        if self._scan.inside == "comment":
            return None
        if tokens and tokens[-1].kind == "name" and tokens[-1].end == self._end and not self._scan.inside:
            begin = expression_before(tokens, len(tokens))
            found = self._described(tokens[begin:], detail)
            if found is not None:
                return found
        for opening in reversed(self._scan.brackets):
            begin = expression_before(tokens, opening)
            if tokens[opening].text == "(" and begin < opening:
                return self._described(tokens[begin:opening], detail)
        return None

    def _read(self, tokens: Sequence[Token]) -> Known | None:
        return self._reader.read(self._text(tokens), place=self._end)

    def _text(self, tokens: Sequence[Token]) -> str:
        return self._code[tokens[0].start : tokens[-1].end]

    def _described(self, tokens: Sequence[Token], detail: int) -> dict[str, Any] | None:
        if not tokens:
            return None
        shown, last = " ".join(self._text(tokens).split()), tokens[-1].text
        if len(tokens) > 2 and tokens[-2].text == ".":
            getter = _property(self._read(tokens[:-2]), last)
            if getter is not None:
                return {"name": shown, **_of_property(getter, detail)}
        known = self._read(tokens)
        if isinstance(known, Live):
            return {"name": shown, **_of_live(known, last, detail)}
        if isinstance(known, Of):
            return {"name": shown, **_of_class(known.kind, detail), "type": name_of(known.kind), "signature": ""}
        if isinstance(known, (Drafted, DraftedFunction)):
            return {"name": shown, **_of_draft(known, last)}
        if isinstance(known, Unloaded):
            return {"name": shown, **_of_module(known)}
        return None


def _property(base: Known | None, name: str) -> Any:
    """The descriptor that would answer for an attribute of an instance; None when it is no descriptor."""
    if not isinstance(base, (Live, Of)) or isinstance(base, Live) and name in lookup.instance_dict(base.value):
        return None
    entry = lookup.in_class(base.kind, name)
    return entry if entry is not lookup.MISSING and lookup.kind_of(entry, True) == "property" else None


def _of_property(entry: Any, detail: int) -> dict[str, Any]:
    function = code_of(entry)
    doc = doc_of(function) if function is not None else entry.__doc__ if lookup.trusted_getter(entry) else ""
    return {
        "type": name_of(type(entry)),
        "doc": cleaned(doc),
        "signature": "",
        **_place(entry),
        "source": text_of(entry) if detail else "",
    }


def _of_live(known: Live, name: str, detail: int) -> dict[str, Any]:
    value = known.value
    doc = doc_of(unwrapped(value) if is_partial(value) else value)
    if not doc and known.owner is not None:
        doc = next((text for text in (_inherited(base, name) for base in lookup.mro_of(known.owner)) if text), "")
    plain = lookup.one_of(type(value), PLAIN) or lookup.one_of(type(value), BRACKETS)
    return {
        "type": name_of(type(value)),
        "signature": signature(name, value, known.owner is not None, full=True) if _is_called(value) else "",
        "doc": cleaned(doc),
        **_place(value if _has_code(value) else type(value)),
        "source": text_of(value if _has_code(value) else type(value)) if detail else "",
        "value": _line(value) if plain else "",
    }


def _of_class(kind: Any, detail: int) -> dict[str, Any]:
    return {"doc": cleaned(doc_of(kind)), **_place(kind), "source": text_of(kind) if detail else ""}


def _of_draft(known: Drafted | DraftedFunction, name: str) -> dict[str, Any]:
    doc = cleaned(written_out(known.scope.doc))
    if isinstance(known, DraftedFunction):
        return {"type": "function", "signature": known.scope.signature(), "doc": doc}
    if known.made:
        return {"type": known.scope.name, "doc": doc}
    parameters = ", ".join(parameter.text for parameter in known.parameters() or ())
    return {"type": "type", "signature": f"{name}({parameters})", "doc": doc}


def _of_module(known: Unloaded) -> dict[str, Any]:
    from .importable import doc_in_source, source_of

    return {"type": "module", "doc": cleaned(doc_in_source(known.name)), "file": source_of(known.name), "line": 1}


def _is_called(value: Any) -> bool:
    return lookup.is_class(value) or lookup.in_class(type(value), "__call__") is not lookup.MISSING


def _has_code(value: Any) -> bool:
    callable_or_property = _is_called(value) or lookup.kind_of(value, True) == "property"
    return lookup.is_class(value) or lookup.is_module(value) or callable_or_property and code_of(value) is not None


def _inherited(base: Any, name: str) -> str:
    entry = lookup.own_of(base).get(name)
    return doc_of(entry) if lookup.is_function(entry) else ""


def _place(value: Any) -> dict[str, Any]:
    file, line = place_of(value)
    return {"file": file, "line": line or None}


def _line(value: Any) -> str:
    try:
        return one_line(Writer(VALUE_LIMIT, lambda item, limit: f"<{name_of(type(item))}>").text(value), VALUE_LIMIT)
    except RuntimeError:  # the cell that runs changes it
        return ""


def written_out(text: str) -> Any:
    """What a string that stands in code says; None for what is none."""
    import ast

    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError, MemoryError):
        return None


def cleaned(doc: Any) -> str:
    """Without the indentation that a docstring has in its source."""
    if type(doc) is not str:
        return ""
    lines = doc.expandtabs().strip("\n").split("\n")
    margin = min((len(line) - len(line.lstrip()) for line in lines[1:] if line.strip()), default=0)
    return cut("\n".join([lines[0].strip(), *(line[margin:].rstrip() for line in lines[1:])]).strip(), DOC_LIMIT)
