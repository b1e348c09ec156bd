"""Which of the names that could be completed are told, and in which order."""

from __future__ import annotations

import time

LIMIT = 1000
SIGNATURE_SECONDS = 0.005  # of this thread's own time; the matches that are left get none

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
    ranked: list[tuple[int, int, str, str, Group]] = []
    seen: set[str] = set()
    for number, (group, names) in enumerate(chosen):
        if overtaken():
            return {}
        for place, name in enumerate(names):
            if name not in seen:
                seen.add(name)
                order = f"{place:09d}" if group.ordered else name.lower()
                hidden = 0 if group.ordered or prefix.startswith("_") else hiddenness(name)
                ranked.append((hidden, number, order, name, group))
    ranked.sort(key=lambda entry: entry[:4])
    matches = []
    until = time.thread_time() + SIGNATURE_SECONDS
    for place, (_, _, _, name, group) in enumerate(ranked[:LIMIT]):
        if place % 50 == 0 and overtaken():
            return {}
        kind, signature = group.tell(name, time.thread_time() < until)
        matches.append({"text": name, "kind": kind, "signature": signature})
    return {"cursor_start": start, "cursor_end": end, "matches": matches, "truncated": len(ranked) > LIMIT}


def hiddenness(name: str) -> int:
    return 2 if name.startswith("__") else 1 if name.startswith("_") else 0
