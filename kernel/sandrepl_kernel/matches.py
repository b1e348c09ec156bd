"""Which of the names that could be completed are told, and in which order."""

from __future__ import annotations

import time

LIMIT = 1000
ROUND = 16  # matches between two looks at the clock
SIGNATURE_SECONDS = 0.004  # of this thread's own time; the matches that are left get none

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Iterable

    Tell = Callable[[str, bool], tuple[str, str]]  # the kind and the signature of a name; with False, a kind alone


class Group:
    """Names of one origin. `ordered`: they stay in the order that they come in. `chosen`: they all fit, however they
    begin."""

    def __init__(self, names: Iterable[str], tell: Tell, ordered: bool = False, chosen: bool = False) -> None:
        self.names = names if isinstance(names, list) else list(names)
        self.tell = tell
        self.ordered = ordered
        self.chosen = chosen

    def beginning(self, prefix: str) -> list[str]:
        return self.names if self.chosen else [name for name in self.names if name.startswith(prefix)]

    def beginning_alike(self, prefix: str) -> list[str]:
        folded = prefix.casefold()
        return self.names if self.chosen else [name for name in self.names if name.casefold().startswith(folded)]


def alike(kind: str) -> Tell:
    return lambda name, signed: (kind, "")


def answer(start: int, end: int, prefix: str, groups: list[Group], overtaken: Callable[[], bool]) -> dict[str, Any]:
    """The reply: names that begin with the prefix, or when there are none, those that do in another case."""
    chosen = [(group, group.beginning(prefix)) for group in groups]
    if prefix and not any(names for _, names in chosen):
        chosen = [(group, group.beginning_alike(prefix)) for group in groups]
    found: list[tuple[str, Tell]] = []
    hidden: tuple[list[tuple[str, Tell]], list[tuple[str, Tell]]] = [], []  # with one underscore, with two
    seen: set[str] = set()
    for group, names in chosen:
        if overtaken():
            return {}
        for name in names if group.ordered else sorted(names, key=str.lower):
            if name in seen:
                continue
            seen.add(name)
            if name[:1] == "_" and prefix[:1] != "_" and not group.ordered:
                hidden[name[:2] == "__"].append((name, group.tell))
            else:
                found.append((name, group.tell))
    ranked = [*found, *hidden[0], *hidden[1]]
    matches = []
    signed, until = True, time.thread_time() + SIGNATURE_SECONDS
    for place, (name, tell) in enumerate(ranked[:LIMIT]):
        if place % ROUND == 0:
            signed = signed and time.thread_time() < until
            if overtaken():
                return {}
        kind, signature = tell(name, signed)
        matches.append({"text": name, "kind": kind, "signature": signature})
    return {"cursor_start": start, "cursor_end": end, "matches": matches, "truncated": len(ranked) > LIMIT}
