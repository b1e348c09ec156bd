"""Python code as tokens up to a cursor, however unfinished it is.

`tokenize` and `ast` give up where somebody is still typing. This reads on: a string that does not end ends with its
line, a bracket that does not close is given up where a statement must begin, and the braces of an f-string are code.
"""

from __future__ import annotations

import re
import sys
from collections import namedtuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Sequence

Token = namedtuple("Token", "kind text start end")  # kind: name, number, string, op, or command: `%…` or `!…`

_TOKEN = re.compile(
    r"""
      (?P<space>[ \t\f\r]+|\\\r?\n)
    | (?P<comment>\#[^\n]*)
    | (?P<newline>\n)
    | (?P<string>(?:[rRuUbBfFtT]|[rR][bBfFtT]|[bBfFtT][rR])?(?:'''|\"\"\"|'|\"))
    | (?P<name>[^\W\d]\w*)
    | (?P<number>0[xXoObB]\w*|(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][-+]?\d*)?[jJ]?)
    | (?P<op>\.\.\.|:=|->|\*\*=?|//=?|>>=?|<<=?|[-+*/%&|^@=<>!]=|.)
    """,
    re.VERBOSE | re.DOTALL,
)
_STATEMENT = re.compile(
    r"[ \t]*(?:import|from|def|class|return|with|while|try|raise|del|assert|global|nonlocal|pass|break|continue)\b"
)
_ENDS = {
    quote: re.compile(rf"(?:\\.|[^\\{'' if len(quote) == 3 else chr(10)}])*?{quote}", re.DOTALL)
    for quote in ("'", '"', "'''", '"""')
}
_LITERAL = re.compile(r"\\.|\{\{|\}\}|[{}'\"\n]", re.DOTALL)
_INDENT = re.compile(r"[ \t]*")
_COMMAND = re.compile(r"[ \t]*([%!](?!=)[^\n]*(?:(?<=\\)\n[^\n]*)*)")
_OPENING = {")": "(", "]": "[", "}": "{"}
_NESTS = sys.version_info >= (3, 12)  # an f-string's own quote may stand within its braces


class Line:
    """A logical line: its tokens, whichever brackets they are in."""

    __slots__ = ("indent", "tokens")

    def __init__(self) -> None:
        self.indent = 0
        self.tokens: list[Token] = []


class _Frame:
    """An f-string that is being read."""

    __slots__ = ("start", "prefix", "quote", "content", "tokens", "brackets")

    def __init__(self, start: int, prefix: str, quote: str, content: int, tokens: int, brackets: int) -> None:
        self.start, self.prefix, self.quote, self.content = start, prefix, quote, content
        self.tokens, self.brackets = tokens, brackets


class Scan:
    """`inside` says what the text ends in: "" for code, or "comment", "string" or "command"."""

    def __init__(self, text: str, start: int = 0) -> None:
        self.text = text
        self.lines = [Line()]
        self.brackets: list[int] = []  # places in the last line's tokens of the brackets that are open
        self.inside = ""
        self.string: tuple[int, str, str, int] | None = None  # start, prefix, quote, start of what it holds
        self.command = 0
        self._modes: list[tuple[_Frame, str]] = []  # of the f-strings around: literal, field, or spec
        self._read(start)

    @property
    def tokens(self) -> list[Token]:
        return self.lines[-1].tokens

    def _read(self, place: int) -> None:
        text, end = self.text, len(self.text)
        if place < end:
            place = self._begin(place)
        while place < end:
            if self._modes and self._modes[-1][1] != "field":
                place = self._read_literal(place)
                continue
            match = _TOKEN.match(text, place)
            assert match is not None  # anything matches
            kind = match.lastgroup
            if kind == "newline":
                place = self._break(match.end())
            elif kind == "string":
                place = self._read_string(match)
            elif kind == "op":
                place = self._read_op(match)
            else:
                place = match.end()
                if kind == "name" or kind == "number":
                    self.tokens.append(Token(kind, match.group(), match.start(), place))
                elif kind == "comment" and place == end:
                    self.inside = "comment"
        if self._modes and self._modes[-1][1] != "field" and not self.inside:
            frame = self._modes[-1][0]
            self.inside, self.string = "string", (frame.start, frame.prefix, frame.quote, frame.content)

    def _begin(self, place: int) -> int:
        """The start of a logical line: how far it is indented, and whether it is a command."""
        match = _INDENT.match(self.text, place)
        assert match is not None
        self.lines[-1].indent = len(match.group().expandtabs())
        return self._read_command(place)

    def _read_command(self, place: int) -> int:
        match = _COMMAND.match(self.text, place)
        if match is None:
            return place
        self.tokens.append(Token("command", match.group(1), match.start(1), match.end()))
        if match.end() == len(self.text):
            self.inside, self.command = "command", match.start(1)
        return match.end()

    def _break(self, place: int) -> int:
        while self._modes and len(self._modes[-1][0].quote) == 1:
            self._leave_string(place - 1)
        if self.brackets and not _STATEMENT.match(self.text, place):
            return place
        if not self._modes:
            self.brackets.clear()
            if self.tokens:
                self.lines.append(Line())
            return self._begin(place)
        return place

    def _read_string(self, match: Any) -> int:
        opening = match.group()
        prefix = opening.rstrip("'\"")
        quote = opening[len(prefix) :]
        if self._modes and not _NESTS and quote == self._modes[-1][0].quote:
            return self._leave_string(match.end())
        if "f" in prefix.lower() or "t" in prefix.lower():
            frame = _Frame(match.start(), prefix, quote, match.end(), len(self.tokens), len(self.brackets))
            self._modes.append((frame, "literal"))
            return match.end()
        ends = _ENDS[quote].match(self.text, match.end())
        if ends is not None:
            end = ends.end()
        else:
            end = self.text.find("\n", match.end()) if len(quote) == 1 else -1
            if end < 0:
                self.inside, self.string = "string", (match.start(), prefix, quote, match.end())
                return len(self.text)
        self.tokens.append(Token("string", self.text[match.start() : end], match.start(), end))
        return end

    def _read_literal(self, place: int) -> int:
        """On to the next brace or to the end of an f-string."""
        frame, mode = self._modes[-1]
        for match in _LITERAL.finditer(self.text, place):
            found = match.group()
            if found == "{" or found == "{{" and mode == "spec":
                frame.content = match.start() + 1
                self._modes.append((frame, "field"))
                self._open("{", match.start())
                return match.start() + 1
            if found[0] == "}" and mode == "spec":
                self._end_field(match.start() + 1)
                return match.start() + 1
            if found == "\n" and len(frame.quote) == 1:
                return self._leave_string(match.start())
            if self.text.startswith(frame.quote, match.start()):
                return self._leave_string(match.start() + len(frame.quote))
        return len(self.text)

    def _end_field(self, end: int) -> None:
        self._modes.pop()[0].content = end
        self._close("}")
        self.tokens.append(Token("op", "}", end - 1, end))

    def _leave_string(self, end: int) -> int:
        """All that was read of an f-string becomes one token."""
        frame = self._modes[-1][0]
        while self._modes and self._modes[-1][0] is frame:
            self._modes.pop()
        del self.tokens[frame.tokens :]
        del self.brackets[frame.brackets :]
        self.tokens.append(Token("string", self.text[frame.start : end], frame.start, end))
        return end

    def _open(self, bracket: str, place: int) -> None:
        self.brackets.append(len(self.tokens))
        self.tokens.append(Token("op", bracket, place, place + 1))

    def _close(self, bracket: str) -> None:
        """Brackets that were left open within are given up; one that was never opened is passed over."""
        floor = self._modes[-1][0].brackets if self._modes else 0
        for place in range(len(self.brackets) - 1, floor - 1, -1):
            if self.tokens[self.brackets[place]].text == _OPENING[bracket]:
                del self.brackets[place:]
                return

    def _read_op(self, match: Any) -> int:
        text, start, end = match.group(), match.start(), match.end()
        if self._modes and self._field_is_open():
            frame = self._modes[-1][0]
            if text[0] == ":":
                self._modes[-1] = (frame, "spec")
                frame.content = start + 1
                return start + 1
            if text == "}":
                self._end_field(end)
                return end
        if text in "([{" and len(text) == 1:
            self._open(text, start)
            return end
        self.tokens.append(Token("op", text, start, end))
        if text in _OPENING:
            self._close(text)
        elif text == "=" and not self.brackets:
            return self._read_command(end)
        return end

    def _field_is_open(self) -> bool:
        """Whether the innermost bracket is the brace that began this part of an f-string."""
        if not self.brackets:
            return False
        opener = self.tokens[self.brackets[-1]]
        return opener.text == "{" and opener.start + 1 == self._modes[-1][0].content


def depths_of(tokens: Sequence[Token]) -> list[int]:
    """How many brackets each token is in; a bracket counts as outside of itself."""
    depths, depth = [], 0
    for token in tokens:
        if token.kind == "op" and token.text in _OPENING:
            depth = max(depth - 1, 0)
        depths.append(depth)
        if token.kind == "op" and token.text in ("(", "[", "{"):
            depth += 1
    return depths


def expression_before(tokens: Sequence[Token], end: int) -> int:
    """Where the operand (a name, literal or bracket with what follows it: `a.b(c)[d]`) begins that ends before token
    number `end`. `end` itself when there is none."""
    place = end
    while place > 0:
        token = tokens[place - 1]
        if token.kind == "op" and token.text in _OPENING:
            start = _opening_of(tokens, place - 1)
            if start is None:
                return end
            place = start
            if token.text == "}" or not place or not _ends_operand(tokens[place - 1]):
                return place  # a display, or something in brackets
            continue
        if token.kind == "string":
            place -= 1
            while place and tokens[place - 1].kind == "string":
                place -= 1
            return place
        if token.kind not in ("name", "number") or token.kind == "name" and token.text in _NOT_OPERANDS:
            return end
        place -= 1
        if not place or tokens[place - 1].text != ".":
            return place
        place -= 1
    return end


def _opening_of(tokens: Sequence[Token], place: int) -> int | None:
    depth = 0
    for at in range(place, -1, -1):
        token = tokens[at]
        if token.kind == "op":
            if token.text in _OPENING:
                depth += 1
            elif token.text in ("(", "[", "{"):
                depth -= 1
                if not depth:
                    return at if token.text == _OPENING[tokens[place].text] else None
    return None


def _ends_operand(token: Token) -> bool:
    if token.kind == "op":
        return token.text in _OPENING
    return token.kind in ("string", "name") and token.text not in _NOT_OPERANDS


_NOT_OPERANDS = frozenset(
    "and as assert async await break class continue def del elif else except finally for from global if import in is"
    " lambda nonlocal not or pass raise return try while with yield".split()
)
