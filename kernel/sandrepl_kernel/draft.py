"""What a cell that has not run would bind: its names by scope, each with the code that its value would come from.

Made from tokens, since a cell that somebody is typing is rarely one that parses. Nothing here knows about values.
"""

from __future__ import annotations

from collections import namedtuple

from .scan import Scan, depths_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Iterator, Sequence

    from .scan import Line, Token

# How a name is bound. `how`: value, annotation, item (of what is iterated), enter (by `with`), module, member (of a
# module), function, class, self, or plain, of which no more is known. `source`: the code that it comes from.
Binding = namedtuple("Binding", "how source place scope")


class Scope:
    def __init__(self, kind: str, name: str, indent: int, parent: Scope | None) -> None:
        self.kind = kind  # module, function or class
        self.name = name
        self.indent = indent
        self.parent = parent
        self.bindings: dict[str, list[Binding]] = {}
        self.attributes: dict[str, Binding] = {}  # of a class: what its methods assign to self
        self.bases: list[str] = []
        self.parameters: list[tuple[str, str]] = []  # of a function: name with its stars, and all that is said of it
        self.returns = ""
        self.decorators: list[str] = []
        self.doc = ""  # as it is written, with its quotes
        self.begins = kind != "module"  # nothing stands in it yet

    def bind(self, name: str, how: str, source: str, place: int, scope: Scope | None = None) -> None:
        self.bindings.setdefault(name, []).append(Binding(how, source, place, scope or self))

    @property
    def is_method(self) -> bool:
        """Whether its first parameter is an instance or a class, which no caller gives."""
        return self.parent is not None and self.parent.kind == "class" and "staticmethod" not in self.decorators

    @property
    def is_property(self) -> bool:
        return any(name.rpartition(".")[2] in ("property", "cached_property") for name in self.decorators)

    def bound_before(self, place: int) -> list[str]:
        return [name for name, bindings in self.bindings.items() if any(made.place < place for made in bindings)]

    def signature(self) -> str:
        parameters = self.parameters[1:] if self.is_method else self.parameters
        returns = f" -> {self.returns}" if self.returns else ""
        return f"{self.name}({', '.join(text for _, text in parameters)}){returns}"


class Draft:
    """The scopes of the lines before the cursor, and the scope that the cursor is in."""

    def __init__(self, text: str, lines: Sequence[Line]) -> None:
        self.text = text
        self.module = self.here = Scope("module", "", -1, None)
        self._decorators: list[str] = []
        for line in lines:
            if line.tokens:
                self._read(line)
            else:
                self._leave(line.indent)

    def read_rest(self, code: str, start: int) -> None:
        """The lines after the cursor: they add what else there will be, and do not move it."""
        here, self.text = self.here, code
        for line in Scan(code, start).lines:
            if line.tokens:
                self._read(line)
        self.here = here

    def read_around(self, code: str, start: int, brackets: int) -> None:
        """The loops of the comprehensions around the cursor, of which `start` is where the code goes on."""
        self.text = code
        tokens = Scan(code, start).lines[0].tokens
        depth = lowest = 0
        for place, token in enumerate(tokens):
            if token.kind == "op" and token.text in ("(", "[", "{"):
                depth += 1
            elif token.kind == "op" and token.text in (")", "]", "}"):
                depth -= 1
                lowest = min(lowest, depth)
            elif token.text == "for" and depth == lowest > -brackets:
                self._read_for(tokens[place : place + closing(tokens[place:])], self.here.indent)
            if lowest <= -brackets:
                return

    def visible(self) -> Iterator[Scope]:
        """The scopes whose names can be used at the cursor, the innermost first."""
        return visible_from(self.here)

    def _leave(self, indent: int) -> None:
        while self.here.parent is not None and indent <= self.here.indent:
            self.here = self.here.parent

    def _code(self, tokens: Sequence[Token]) -> str:
        return self.text[tokens[0].start : tokens[-1].end] if tokens else ""

    def _read(self, line: Line) -> None:
        self._leave(line.indent)
        depths = depths_of(line.tokens)
        begin = 0
        for place, token in enumerate(line.tokens):
            if token.text == ";" and not depths[place]:
                self._read_statement(line.tokens[begin:place], line.indent)
                begin = place + 1
        self._read_statement(line.tokens[begin:], line.indent)

    def _read_statement(self, tokens: Sequence[Token], indent: int) -> None:
        while tokens:
            first = tokens[0].text
            if first == "@":
                self._decorators.append(self._code(tokens[1:]))
                return
            if first == "async":
                tokens = tokens[1:]
            elif first == "def" or first == "class":
                tokens = self._read_header(tokens, indent)
            elif first == "import":
                return self._read_import(tokens)
            elif first == "from":
                return self._read_from(tokens)
            elif first in _BLOCKS:
                colon = find(tokens, ":")
                self._read_block(tokens[:colon])
                tokens = tokens[colon + 1 :]
            else:
                if tokens[0].kind == "string" and self.here.begins:
                    self.here.doc = tokens[0].text
                self.here.begins = False
                self._read_assignment(tokens)
                self._read_within(tokens)
                return

    def _read_header(self, tokens: Sequence[Token], indent: int) -> Sequence[Token]:
        """`def name(parameters) -> annotation:` or `class Name(bases):`; gives what follows on the same line."""
        if len(tokens) < 2 or tokens[1].kind != "name":
            return []
        kind = "function" if tokens[0].text == "def" else "class"
        outer = self.here
        scope = Scope(kind, tokens[1].text, indent, outer)
        scope.decorators, self._decorators = self._decorators, []
        outer.bind(scope.name, kind, "", tokens[1].start, scope)
        self.here = scope
        colon = find(tokens, ":")
        opening = find(tokens, "(")
        arguments = list(parted(tokens[opening + 1 : closing(tokens, opening)])) if opening < colon else []
        if kind == "class":
            scope.bases = [self._code(part) for part in arguments if len(part) < 2 or part[1].text != "="]
            return tokens[colon + 1 :]
        for part in arguments:
            self._read_parameter(scope, part)
        arrow = find(tokens, "->")
        scope.returns = self._code(tokens[arrow + 1 : colon])
        return tokens[colon + 1 :]

    def _read_parameter(self, scope: Scope, part: Sequence[Token]) -> None:
        stars = part[0].text if part and part[0].text in ("*", "**") else ""
        named = part[1:] if stars else part
        scope.parameters.append((stars + named[0].text if named else stars, self._code(part)))
        if not named or named[0].kind != "name":
            return
        outer = scope.parent
        name, how, source = named[0].text, "plain", ""
        annotation = named[2 : find(named, "=")] if len(named) > 2 and named[1].text == ":" else []
        if stars:
            how, source = "value", "()" if stars == "*" else "{}"
        elif annotation:
            how, source = "annotation", self._code(annotation)
        elif scope.is_method and len(scope.parameters) == 1:
            how = "self"
        elif find(named, "=") < len(named):
            how, source = "value", self._code(named[find(named, "=") + 1 :])
        scope.bind(name, how, source, named[0].start, outer if how == "self" else scope)

    def _read_import(self, tokens: Sequence[Token]) -> None:
        for part in parted(tokens[1:]):
            names = [token.text for token in part if token.kind == "name"]
            if "as" in names[:-1]:
                at = names.index("as")
                self.here.bind(names[-1], "module", ".".join(names[:at]), part[0].start)
            elif names:
                self.here.bind(names[0], "module", names[0], part[0].start)

    def _read_from(self, tokens: Sequence[Token]) -> None:
        split = find(tokens, "import")
        module = "".join(token.text for token in tokens[1:split])
        for part in parted([token for token in tokens[split + 1 :] if token.text not in ("(", ")")]):
            if part and part[0].kind == "name" and (len(part) == 1 or part[-1].kind == "name"):
                self.here.bind(part[-1].text, "member", f"{module}:{part[0].text}", part[0].start)

    def _read_block(self, tokens: Sequence[Token]) -> None:
        """The head of `for`, `with`, `except`, `if` and the like."""
        if tokens[0].text == "for":
            self._read_for(tokens)
        for place in range(2, len(tokens) - 1):
            if tokens[place].text == "as" and tokens[place + 1].kind == "name":
                how = "enter" if tokens[0].text == "with" else "annotation"
                begin = 2 if how == "enter" and closing(tokens, 1) >= place and tokens[1].text == "(" else 1
                *_, part = parted(tokens[begin:place])
                self.here.bind(tokens[place + 1].text, how, self._code(part), tokens[place].start)
        self._read_within(tokens)

    def _read_for(self, tokens: Sequence[Token], at: int | None = None) -> None:
        """`at`: the place from which on the targets are bound, when it is not where they stand."""
        split = find(tokens, "in", inside=True)
        rest = tokens[split + 1 :]
        source = self._code(rest[: min(find(rest, word) for word in ("if", "for", "async"))])
        for target, part in _targets(tokens[1:split]):
            how = "plain" if part is None else "item"
            place = target.start if at is None else at
            self.here.bind(target.text, how, f"{source}\0{part}" if part else source, place)

    def _read_within(self, tokens: Sequence[Token]) -> None:
        """What expressions bind: `:=`, and the parameters of `lambda`, and the loops of comprehensions."""
        for place, token in enumerate(tokens):
            if token.text == ":=" and place and tokens[place - 1].kind == "name":
                value = tokens[place + 1 : place + 1 + closing(tokens[place + 1 :], comma=True)]
                self.here.bind(tokens[place - 1].text, "value", self._code(value), token.start)
            elif token.text == "lambda":
                for part in parted(tokens[place + 1 : place + 1 + find(tokens[place + 1 :], ":")]):
                    for name in [found for found in part if found.kind == "name"][:1]:
                        self.here.bind(name.text, "plain", "", name.start)
            elif token.text == "for" and place:
                self._read_for(tokens[place : place + closing(tokens[place:])])

    def _read_assignment(self, tokens: Sequence[Token]) -> None:
        if tokens[0].text == "type" and len(tokens) > 1 and tokens[1].kind == "name":
            tokens = tokens[1:]
        depths = depths_of(tokens[: find(tokens, "lambda")])
        marks = [place for place, depth in enumerate(depths) if tokens[place].text == "=" and not depth]
        end = marks[-1] if marks else len(tokens)
        value = self._code(tokens[end + 1 :])
        if len(tokens) > 1 and tokens[0].kind == "name" and tokens[1].text == ":":
            annotation = self._code(tokens[2:end])
            how, source = ("annotation", annotation) if annotation else ("value", value)
            return self.here.bind(tokens[0].text, how, source, tokens[0].start)
        begin = 0
        for mark in marks:
            self._read_target(tokens[begin:mark], value)
            begin = mark + 1

    def _read_target(self, target: Sequence[Token], value: str) -> None:
        if not target:
            return
        if len(target) == 1 and target[0].kind == "name":
            return self.here.bind(target[0].text, "value", value, target[0].start)
        head = find(target, ":")
        if len(target) > 2 and target[1].text == "." and target[2].kind == "name" and head in (3, len(target)):
            annotation = self._code(target[4:])
            return self._read_attribute(target, annotation or value, "annotation" if annotation else "value")
        for token, part in _targets(target):
            self.here.bind(token.text, "plain" if part is None else "value", f"({value}\n){part}", token.start)

    def _read_attribute(self, target: Sequence[Token], source: str, how: str) -> None:
        """`self.name = value`, where `self` is what the first parameter of a method is called."""
        for binding in self.here.bindings.get(target[0].text, ())[:1]:
            if binding.how == "self":
                binding.scope.attributes.setdefault(target[2].text, Binding(how, source, target[0].start, self.here))


def _targets(tokens: Sequence[Token]) -> Iterator[tuple[Token, str | None]]:
    """The names that a target binds, each with the subscript of the value that it gets; None where that is not simple."""
    while len(tokens) > 1 and tokens[0].text in ("(", "[") and closing(tokens, 0) == len(tokens) - 1:
        tokens = tokens[1:-1]
    parts = list(parted(tokens))
    one = len(parts) == 1 and len(parts[0]) == len(tokens)
    simple = all(part and part[0].text != "*" for part in parts)
    for at, part in enumerate(parts):
        if len(part) == 1 and part[0].kind == "name":
            yield part[0], "" if one else f"[{at}]" if simple else None
            continue
        for place, token in enumerate(part):
            before = part[place - 1].text if place else ""
            after = part[place + 1].text if place + 1 < len(part) else ""
            if token.kind == "name" and before != "." and after not in (".", "[", "("):
                yield token, None


def visible_from(scope: Scope) -> Iterator[Scope]:
    yield scope
    outer = scope.parent
    while outer is not None:
        if outer.kind != "class":
            yield outer
        outer = outer.parent


def find(tokens: Sequence[Token], text: str, inside: bool = False) -> int:
    """The place of the first such token outside of brackets, or `inside` too; the end when there is none."""
    for place, depth in enumerate(depths_of(tokens)):
        if tokens[place].text == text and (inside or not depth):
            return place
    return len(tokens)


def closing(tokens: Sequence[Token], opening: int = -1, comma: bool = False) -> int:
    """Where the bracket at `opening` closes, or with -1 the one that all of it stands in; or, with `comma`, the next
    comma within it."""
    depth = 0
    for place in range(opening + 1, len(tokens)):
        token = tokens[place]
        if token.kind == "op":
            if token.text in ("(", "[", "{"):
                depth += 1
            elif token.text in (")", "]", "}"):
                depth -= 1
            if depth < 0 or comma and not depth and token.text == ",":
                return place
    return len(tokens)


def parted(tokens: Sequence[Token]) -> Iterator[Sequence[Token]]:
    """The parts between commas, brackets left whole."""
    begin = 0
    for place, depth in enumerate(depths_of(tokens)):
        if tokens[place].text == "," and not depth:
            yield tokens[begin:place]
            begin = place + 1
    if begin < len(tokens):
        yield tokens[begin:]


_BLOCKS = frozenset(("for", "with", "except", "if", "elif", "while", "else", "try", "finally"))
