"""`%prun`: where a statement spends its time."""

from __future__ import annotations

import os
from types import CodeType

from .files import unquoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .dispatch import Call

OPTIONS = "D= l* r s* T= q"
CO_COROUTINE = 0x80


async def prun(call: Call) -> Any:
    options, code = call.options(call.text, OPTIONS)
    parts: list[CodeType | None] = [*call.compile(code, False)] if code else []
    if call.body is not None:
        parts += call.compile(call.body, True)
    profile = profiler()
    try:
        for part in parts:
            if part is not None:
                profile.enable()
                value = eval(part, call.names, call.variables)
                if part.co_flags & CO_COROUTINE:
                    await value
    except SystemExit as end:
        print(f"SystemExit: {end}")
    finally:
        profile.disable()
    return report(call, profile, options)


def profiler() -> Any:
    from cProfile import Profile

    return Profile()


def report(call: Call, profile: Any, options: dict[str, str]) -> Any:
    """Prints what a profiler has found, as the options say; gives it where `r` is one of them."""
    from io import StringIO
    from pstats import Stats

    held = StringIO()
    stats = Stats(profile, stream=held).strip_dirs()
    try:
        stats.sort_stats(*options.get("s", "time").split())
    except (KeyError, AttributeError):
        keys = ", ".join(sorted(stats.get_sort_arg_defs()))
        raise call.wrong(f"it cannot sort by {options['s']}; what it can sort by: {keys}") from None
    stats.print_stats(*map(_limit, options.get("l", "").split()))
    if "q" not in options:
        print(held.getvalue().rstrip())
    if "D" in options:
        profile.dump_stats(os.path.expanduser(unquoted(options["D"])))
        print(f"Statistics, as pstats reads them, are in {options['D']}.")
    if "T" in options:
        with open(os.path.expanduser(unquoted(options["T"])), "w", encoding="utf-8") as file:
            file.write(held.getvalue().rstrip() + "\n")
        print(f"The report is in {options['T']}.")
    return stats if "r" in options else None


def _limit(text: str) -> int | float | str:
    """A number of lines, a fraction of them, or a pattern of functions' names."""
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            pass
    return text
