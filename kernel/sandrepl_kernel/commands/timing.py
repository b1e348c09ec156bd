"""`%time` and `%timeit`."""

from __future__ import annotations

import time as clocks
from resource import RUSAGE_SELF, getrusage

from .options import number

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable

    from .dispatch import Call

RUNS = 7
LONG_ENOUGH = 0.2  # seconds that a run takes at least, unless the number of loops is given
SUSPICIOUS = 4  # times longer than the fastest run
_UNITS = (("s", 1.0), ("ms", 1e3), ("μs", 1e6), ("ns", 1e9))
_LONG_UNITS = (("d", 86400), ("h", 3600), ("min", 60), ("s", 1))


async def time(call: Call) -> Any:
    body, last = call.compile(call.text if call.body is None else call.body, call.body is not None)
    if call.body is not None and call.text:
        raise call.wrong(f"it takes no arguments: what is timed stands below it, or behind %{call.name}")
    watch = Stopwatch()
    try:
        await call.execute(body)
        return await call.execute(last)
    finally:
        watch.tell()


class Stopwatch:
    """Runs from its making on. Its clock is read last then, and first at the end: nothing of its own is timed."""

    def __init__(self) -> None:
        self._used = getrusage(RUSAGE_SELF)
        self._start = clocks.perf_counter()

    def tell(self, runs: int = 1) -> None:
        """Prints what each of so many runs took."""
        wall, used = (clocks.perf_counter() - self._start) / runs, getrusage(RUSAGE_SELF)
        user = (used.ru_utime - self._used.ru_utime) / runs
        system = (used.ru_stime - self._used.ru_stime) / runs
        each = f", each of {runs} runs" if runs > 1 else ""
        print(f"CPU times: user {told(user)}, sys: {told(system)}, total: {told(user + system)}{each}")
        print(f"Wall time: {told(wall)}{each}")


async def timeit(call: Call) -> Any:
    options, rest = call.options(call.text, "n= r= p= t c q o")
    loops, runs, digits = number(call, options, "n", 0), number(call, options, "r", RUNS), number(call, options, "p", 3)
    if runs < 1 or loops < 0:
        raise call.wrong("it needs at least one run and one loop")
    code, setup = (rest, "") if call.body is None else (call.body, rest)
    if not code.strip():
        return None
    clock = clocks.process_time if "c" in options else clocks.time if "t" in options else clocks.perf_counter
    start = clocks.perf_counter()
    timed = _timed(call, code, setup)
    compiled = clocks.perf_counter() - start
    if not loops:
        loops = 1
        while await _run(timed, loops, clock) < LONG_ENOUGH and loops < 10**9:
            loops *= 10
    result = TimeitResult(loops, [await _run(timed, loops, clock) for _ in range(runs)], compiled, digits)
    if "q" not in options:
        if result.worst > SUSPICIOUS * result.best > 0 and result.worst > 1e-6:
            print(
                f"The slowest run took {result.worst / result.best:.2f} times longer than the fastest. "
                "This could mean that an intermediate result is being cached."
            )
        print(result)
    return result if "o" in options else None


def _timed(call: Call, code: str, setup: str) -> Callable[..., Any]:
    """A function that runs the code so many times and gives the seconds that took."""
    import ast

    from .syntax import holds_await

    in_body = call.body is not None
    tree, _, place = call.parse(code, in_body)
    place(tree)
    first = tree.body[0] if tree.body else None
    prepare: list[Any] = []
    if setup:
        before, _, place = call.parse(setup, False)
        place(before)
        prepare = before.body
    kind = "async def" if holds_await(code) or holds_await(setup) else "def"
    frame = ast.parse(
        f"{kind} timeit(_sandrepl_loops, _sandrepl_clock):\n    _sandrepl_start = _sandrepl_clock()\n"
        "    for _sandrepl_loop in _sandrepl_loops:\n        pass\n    return _sandrepl_clock() - _sandrepl_start"
    )
    for node in ast.walk(frame):
        if first is not None and hasattr(node, "lineno"):
            ast.copy_location(node, first)
    function: Any = frame.body[0]
    function.body[1].body = tree.body or [ast.copy_location(ast.Pass(), function)]
    function.body[:0] = prepare
    interpreter = call.commands.interpreter
    names = call.names if call.variables is call.names else {**call.names, **call.variables}
    made: dict[str, Any] = {}
    for part in interpreter.compile_tree(frame, "", lambda tree: None, call.frame.f_code.co_filename):
        if part is not None:
            exec(part, names, made)
    return made["timeit"]


async def _run(timed: Callable[..., Any], loops: int, clock: Callable[[], float]) -> float:
    import gc
    from itertools import repeat

    collects = gc.isenabled()
    gc.disable()
    try:
        seconds = timed(repeat(None, loops), clock)
        return await seconds if hasattr(seconds, "cr_code") else seconds
    finally:
        if collects:
            gc.enable()


class TimeitResult:
    """What %timeit -o gives. Seconds are those of one loop, but in `all_runs`."""

    def __init__(self, loops: int, runs: list[float], compiled: float, digits: int) -> None:
        self.loops = loops
        self.repeat = len(runs)
        self.all_runs = runs
        self.compile_time = compiled
        self.timings = [seconds / loops for seconds in runs]
        self.best, self.worst = min(self.timings), max(self.timings)
        self.average = sum(self.timings) / len(runs)
        self.stdev = (sum((seconds - self.average) ** 2 for seconds in self.timings) / len(runs)) ** 0.5
        self._digits = digits

    def __str__(self) -> str:
        runs, loops = ("" if count == 1 else "s" for count in (self.repeat, self.loops))
        return (
            f"{told(self.average, self._digits)} ± {told(self.stdev, self._digits)} per loop "
            f"(mean ± std. dev. of {self.repeat} run{runs}, {self.loops:,} loop{loops} each)"
        )

    def __repr__(self) -> str:
        return f"<TimeitResult : {self}>"


def told(seconds: float, digits: int = 3) -> str:
    """A time in the unit that suits it: `1.23 μs`, or `1min 5s`."""
    if seconds >= 60:
        parts = []
        for unit, size in _LONG_UNITS:
            count, seconds = divmod(seconds, size)
            if count:
                parts.append(f"{int(count)}{unit}")
        return " ".join(parts)
    forms = ((f"{seconds * scale:.{digits}g}", unit) for unit, scale in _UNITS)
    form, unit = next((each for each in forms if float(each[0]) >= 1), (f"{seconds * 1e9:.{digits}g}", "ns"))
    return f"{form} {unit}"
