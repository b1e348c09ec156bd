"""Completion at any place of a cell that somebody is typing.

The live objects answer first, read without running anything (`lookup.py`, `known.py`); then what the cell itself says
of what it has not run yet (`draft.py`, `infer.py`); and only where neither knows, jedi, if the sandbox has it
(`withjedi.py`). jedi is not asked first because it is slow: through ipykernel it takes 75 ms for `np.`, and 1 s among
10,000 names.
"""

from __future__ import annotations

import re
import sys
from keyword import kwlist

from . import commandline, imports, lookup, quoted
from .draft import Draft, closing, parted
from .infer import Reader, Sketch
from .known import Live
from .matches import Group, alike, answer
from .scan import Scan, expression_before
from .signatures import KEYWORD_ONLY, POSITIONAL, signature

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Sequence

    from .draft import Binding
    from .known import Known
    from .matches import Tell
    from .scan import Line, Token

IN_EXPRESSIONS = "None True False lambda not await and or if else for in is async yield".split()
BETWEEN_OPERANDS = "and as else for if import in is not or".split()
_END_OF_STRING = re.compile(r"[^'\"\n]*['\"]")
STATEMENTS = [*kwlist, *(("match", "case") if sys.version_info >= (3, 10) else ())]
NAMING = frozenset(("def", "class", "as"))  # a new name follows
BEFORE_OPERANDS = frozenset(kwlist) - {"None", "True", "False"}


def complete(namespace: dict[str, Any], params: dict[str, Any], overtaken: Callable[[], bool]) -> dict[str, Any]:
    question = Question(namespace, params["code"], params["cursor"], overtaken)
    if question.code.startswith("%%"):
        found = commandline.complete_cell(question)
    else:
        found = question.python(0, [])
    return {} if overtaken() else found


class Question:
    def __init__(self, namespace: dict[str, Any], code: str, cursor: int, overtaken: Callable[[], bool]) -> None:
        self.namespace = namespace
        self.code = code
        self.cursor = cursor
        self.overtaken = overtaken
        self.reader: Reader

    def give(self, start: int, groups: list[Group], end: int | None = None) -> dict[str, Any]:
        """The reply for the code from `start` on, of which what is before the cursor was typed."""
        prefix = self.code[start : self.cursor]
        return answer(start, self.cursor if end is None else end, prefix, groups, self.overtaken)

    def python(self, start: int, above: list[Line]) -> dict[str, Any]:
        """In the Python code that begins at `start`, with lines above it that were read already."""
        scan = Scan(self.code[: self.cursor], start)
        if scan.inside == "comment":
            return self.give(self.cursor, [])
        tokens = scan.tokens
        word = tokens.pop() if tokens and tokens[-1].end == self.cursor and tokens[-1].kind != "op" else None
        if word is not None and word.kind == "command":
            return commandline.complete_line(self, word.start, [*above, *scan.lines])
        draft = Draft(self.code, [*above, *scan.lines])
        rest = self.code.find("\n", self.cursor)
        if rest >= 0:
            draft.read_rest(self.code, rest + 1)
        if scan.brackets:
            ends = _END_OF_STRING.match(self.code, self.cursor) if scan.inside == "string" else None
            draft.read_around(self.code, ends.end() if ends is not None else self.cursor, len(scan.brackets))
        self.reader = Reader(self.namespace, draft)
        if scan.inside == "string":
            return quoted.complete(self, scan)
        return self._code(scan, draft, word)

    def _code(self, scan: Scan, draft: Draft, word: Token | None) -> dict[str, Any]:
        tokens = scan.tokens
        start = word.start if word is not None else self.cursor
        if word is not None and word.kind == "string":
            return self.give(self.cursor, [])
        statement = imports.importing(tokens)
        if statement:
            return imports.complete(self, statement, start)
        if tokens and tokens[-1].text == ".":
            return self._attributes(tokens, start)
        if word is not None and word.kind == "number":
            return self.give(start, quoted.keys_at(self, scan))
        return self._names(scan, draft, start)

    def known(self, tokens: Sequence[Token]) -> Known | None:
        """What the expression is that these tokens make."""
        return self.reader.read(self.code[tokens[0].start : tokens[-1].end], place=self.cursor) if tokens else None

    # Attributes.

    def _attributes(self, tokens: Sequence[Token], start: int) -> dict[str, Any]:
        from . import withjedi

        withjedi.warm()
        expression = tokens[expression_before(tokens, len(tokens) - 1) : -1]
        known = self.known(expression)
        group = self.members(known) if known is not None else None
        if (group is None or not group.names) and expression:
            begin, end = expression[0].start, expression[-1].end
            known = withjedi.known(self.namespace, self.code, begin, end, self.overtaken)
            group = self.members(known) if known is not None else None
        if group is not None and group.names:
            return self.give(start, [group])
        if self.overtaken():
            return {}
        kinds = dict(withjedi.names(self.namespace, self.code, self.cursor, self.overtaken))
        return self.give(start, [Group(kinds, lambda name, signed: (kinds[name], ""))])

    def members(self, known: Known) -> Group:
        own, shared = known.members()
        bound = not (isinstance(known, Live) and lookup.is_class(known.value))

        def tell(name: str, signed: bool) -> tuple[str, str]:
            by_class = name not in own
            entry = shared[name] if by_class else own[name]
            if isinstance(entry, Sketch):
                return self._tell_binding(name, entry.binding, signed)
            kind = lookup.kind_of(entry, by_class)
            return kind, _signature(name, kind, entry, by_class and bound) if signed else ""

        return Group([name for name in {**own, **shared} if type(name) is str and name.isidentifier()], tell)

    # Names.

    def _names(self, scan: Scan, draft: Draft, start: int) -> dict[str, Any]:
        tokens = scan.tokens
        last = tokens[-1] if tokens else None
        if last is not None and last.kind == "name" and last.text in NAMING:
            return self.give(start, [])
        if last is not None and _ends_operand(tokens) and "\n" not in self.code[last.end : start]:
            apart = last.end < start or last.text in (")", "]", "}")
            return self.give(start, [Group(BETWEEN_OPERANDS, alike("keyword"))] if apart else [])
        begins = last is None or last.text in (";", ":") and not scan.brackets
        builtins = vars(sys.modules["builtins"])
        groups = [*self._keywords(scan), *quoted.keys_at(self, scan)]
        for scope in draft.visible():
            bound = scope.bindings if scope is not draft.here else scope.bound_before(self.cursor)
            groups.append(Group(bound, self._teller(scope.bindings)))
        groups.append(Group([name for name in list(self.namespace) if type(name) is str], self._tell_live))
        groups.append(Group(list(builtins), lambda name, signed: _tell(name, builtins.get(name), signed)))
        groups.append(Group(STATEMENTS if begins else IN_EXPRESSIONS, alike("keyword")))
        return self.give(start, groups)

    def _teller(self, bindings: dict[str, list[Binding]]) -> Tell:
        def tell(name: str, signed: bool) -> tuple[str, str]:
            found = self._tell_binding(name, bindings[name][-1], signed)
            return self._tell_live(name, signed) if found[0] == "instance" and name in self.namespace else found

        return tell

    def _tell_binding(self, name: str, binding: Binding, signed: bool) -> tuple[str, str]:
        if binding.how in ("function", "class"):
            return binding.how, binding.scope.signature() if binding.how == "function" else ""
        if binding.how == "module":
            return "module", ""
        known = self.reader.bound(binding) if signed else None
        return _tell(name, known.value, signed) if isinstance(known, Live) else ("instance", "")

    def _tell_live(self, name: str, signed: bool) -> tuple[str, str]:
        return _tell(name, self.namespace.get(name), signed)

    def _keywords(self, scan: Scan) -> list[Group]:
        """The parameters of the call that the cursor is in, which it does not give yet."""
        tokens = scan.tokens
        if not scan.brackets or tokens[-1].text not in ("(", ","):
            return []
        opening = scan.brackets[-1]
        begin = expression_before(tokens, opening)
        if tokens[opening].text != "(" or begin and tokens[begin - 1].text in ("def", "class"):
            return []
        known = self.known(tokens[begin:opening])
        parameters = known.parameters() if known is not None else None
        if not parameters:
            return []
        given = [part for part in parted(tokens[opening + 1 :]) if part]
        after = Scan(self.code[self.cursor :]).lines[0].tokens
        later = [part for part in parted(after[: closing(after)]) if part]
        named = {part[0].text for part in [*given, *later] if len(part) > 1 and part[1].text == "="}
        plain = sum(1 for part in given if part[0].text not in ("*", "**") and part[0].text not in named)
        texts = {
            f"{parameter.name}=": parameter.text
            for place, parameter in enumerate(parameters)
            if parameter.kind == KEYWORD_ONLY or parameter.kind == POSITIONAL and place >= plain
            if parameter.name not in named and parameter.name.isidentifier()
        }
        return [Group(texts, lambda name, signed: ("param", texts[name]), ordered=True)]


def _tell(name: str, value: Any, signed: bool) -> tuple[str, str]:
    kind = lookup.kind_of(value, False)
    return kind, _signature(name, kind, value, False) if signed else ""


def _signature(name: str, kind: str, entry: Any, bound: bool) -> str:
    if kind not in ("function", "class"):
        return ""
    return signature(name, entry, bound and type(entry) is not staticmethod or type(entry) is classmethod)


def _ends_operand(tokens: Sequence[Token]) -> bool:
    last = tokens[-1]
    if last.kind == "name":
        return last.text not in BEFORE_OPERANDS and not (len(tokens) == 1 and last.text in ("match", "case", "type"))
    return last.kind != "op" or last.text in (")", "]", "}", "...")
