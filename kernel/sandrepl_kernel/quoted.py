"""Completion within the quotes of a string: keys of what is subscripted, columns of a frame, and paths of files."""

from __future__ import annotations

import re

from . import paths
from .keys import is_frame, keys_of
from .known import Live
from .matches import Group, alike
from .scan import expression_before

KEY_LIMIT = 200  # characters of a key that is offered
OF_KEYS = frozenset(("get", "pop", "setdefault"))  # methods of a mapping whose first argument is a key of it
NESTING = 3  # brackets around a string, such as those of `frame[["a", "b`

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable

    from .complete import Question
    from .scan import Scan


def complete(question: Question, scan: Scan) -> dict[str, Any]:
    assert scan.string is not None
    start, prefix, quote, content = scan.string
    prefix = prefix.lower()
    written = question.code[content : question.cursor]
    if content != start + len(prefix) + len(quote) or "\\" in written and "r" not in prefix:
        return question.give(question.cursor, [])  # an f-string after a brace; or an escape
    keys = _keys_in_string(question, scan) if "f" not in prefix and "t" not in prefix else []
    wanted = bytes if "b" in prefix else str
    texts = [escaped(key, quote) for key in keys if type(key) is wanted and len(key) < KEY_LIMIT]
    if texts:
        return _complete_key(question, scan, content, quote, texts)
    asked = bool(written) or bool(scan.brackets) and scan.tokens[-1].text in ("(", ",", "=")
    if len(quote) == 3 or not asked:
        return question.give(question.cursor, [])
    unfit = {quote[0], "\\", "\n", "{", "}"}
    return complete_path(question, content, lambda name: "" if unfit & set(name) else name)


def _complete_key(question: Question, scan: Scan, content: int, quote: str, keys: list[str]) -> dict[str, Any]:
    """What the editor closed already stays; what it did not is added."""
    rest = question.code[question.cursor :]
    closed = re.match(rf"(\w*){quote}", rest)
    if closed is not None:
        return question.give(content, [Group(keys, alike("key"), ordered=True)], question.cursor + closed.end(1))
    tokens = scan.tokens
    subscript = tokens[-1].text == "[" and expression_before(tokens, len(tokens) - 1) < len(tokens) - 1
    ending = quote + ("]" if subscript and not rest.lstrip(" ").startswith("]") else "")
    return question.give(content, [Group([key + ending for key in keys], alike("key"), ordered=True)])


def _keys_in_string(question: Question, scan: Scan) -> list[Any]:
    """Of the subscript that the string is the start of; or the columns of the frame whose method or selection it is
    in, as in `frame.groupby("…` and `frame[["…`."""
    tokens = scan.tokens
    for opening in reversed(scan.brackets[-NESTING:]):
        begin = expression_before(tokens, opening)
        if begin == opening:
            continue
        if tokens[opening].text == "[":
            known = question.known(tokens[begin:opening])
            if isinstance(known, Live) and (opening == len(tokens) - 1 or is_frame(known.kind)):
                return keys_of(known.value)
        elif opening - begin > 2 and tokens[opening - 2].text == ".":
            base = question.known(tokens[begin : opening - 2])
            if not isinstance(base, Live):
                return []
            by_key = tokens[opening - 1].text in OF_KEYS and opening == len(tokens) - 1
            return keys_of(base.value) if by_key or is_frame(base.kind) else []
    return []


def keys_at(question: Question, scan: Scan) -> list[Group]:
    """The keys of what is subscripted, as they would be written, where no quote was typed yet."""
    tokens = scan.tokens
    last = len(tokens) - 1
    if not scan.brackets or scan.brackets[-1] != last or tokens[last].text != "[":
        return []
    known = question.known(tokens[expression_before(tokens, last) : last])
    if not isinstance(known, Live):
        return []
    code = question.code
    quote = "'" if "'" in code and '"' not in code else '"'
    ending = "" if code[question.cursor :].lstrip(" ").startswith("]") else "]"
    typed = code[tokens[last].end : question.cursor].strip().casefold()
    texts = []
    for key in keys_of(known.value):
        if type(key) is str and len(key) < KEY_LIMIT and key.casefold().startswith(typed):
            texts.append(f"{quote}{escaped(key, quote)}{quote}{ending}")
        elif type(key) is int and str(key).startswith(typed):
            texts.append(f"{key}{ending}")
    return [Group(texts, alike("key"), ordered=True, chosen=True)]


def escaped(key: str | bytes, quote: str) -> str:
    """A key as it stands between quotes."""
    text = repr(key)[1:-1] if type(key) is str else repr(key)[2:-1]
    return text.replace("\\'", "'").replace(quote[0], "\\" + quote[0])


def complete_path(question: Question, content: int, write: Callable[[str], str] = str) -> dict[str, Any]:
    """A path that begins at `content`; `write` says how a name is written there, "" when it cannot be."""
    folder, name = paths.split(question.code[content : question.cursor])
    if not folder and name.startswith("~"):
        return question.give(content, [Group(paths.homes(), alike("path"))])
    found = [write(entry) for entry in paths.names_in(folder, name.partition("\\")[0], question.overtaken)]
    found = [entry for entry in found if entry and (name.startswith(".") or not entry.startswith("."))]
    return question.give(question.cursor - len(name), [Group(found, alike("path"), ordered=True)])
