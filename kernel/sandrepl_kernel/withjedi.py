"""What jedi knows where the live objects do not: in code that has not run.

Asked last and never first, and for one thing: which class or module an expression would be. The members of that come from
the live class, like those of anything else: to list them from its stubs takes jedi 20 to 60 ms even when it has read them,
to tell the type 1 to 15. It reads the text of this cell and the earlier ones only, and is not shown the namespace, so it
runs nothing of the user's.

jedi works in a thread of its own. Loading it and reading the stubs of the builtins costs it half a second and 30 MB; that
begins with the first attribute that is completed, before an answer of jedi's is needed. Whoever asks waits as long as a person
would, and no longer than until the next question; what jedi has read by then, it knows the next time.
"""

from __future__ import annotations

import re
import sys
import threading
import time
from queue import SimpleQueue

from . import lookup
from .known import Either, Live, Of
from .returns import hinted

TEXT_LIMIT = 50_000  # characters of earlier cells that jedi reads
SECONDS = 1.0  # that an answer is waited for
LOOK = 0.01  # seconds between two looks whether the question still stands
_COMMAND = re.compile(r"^([ \t]*)(?:[%!?].*|[\w, ]+=[ \t]*[%!](?!=).*|[\w. ]+\?+)$", re.MULTILINE)
_KINDS = frozenset("module class function instance property keyword param".split())
_READ_FIRST = "def f(): return {'': [0]}.items()\nf()"

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable

    from .known import Known


class _Worker:
    """The thread that jedi works in, begun with its first task."""

    def __init__(self) -> None:
        self._tasks: SimpleQueue[_Task] = SimpleQueue()
        self._begun = False

    def give(self, task: _Task) -> None:
        self._tasks.put(task)
        if not self._begun:
            self._begun = True
            threading.Thread(target=self._run, name="sandrepl-jedi", daemon=True).start()

    def _run(self) -> None:
        while True:
            task = self._tasks.get()
            if not task.over:
                task.result = task.work()
            task.done.release()


class _Task:
    def __init__(self, work: Callable[[], Any]) -> None:
        self.work = work
        self.result: Any = None
        self.over = False  # nobody waits any more
        self.done = threading.Lock()
        self.done.acquire()

    def wait(self, overtaken: Callable[[], bool]) -> Any:
        """The result; None when it comes too late."""
        until = time.monotonic() + SECONDS
        while not self.done.acquire(timeout=LOOK):
            if overtaken() or time.monotonic() > until:
                self.over = True
                return None
        return self.result


_worker: _Worker | None = None


def warm() -> None:
    """Has jedi read what every answer of it needs, where the sandbox has it."""
    global _worker
    if _worker is None:
        _worker = _Worker()
        _worker.give(_Task(lambda: _types(_READ_FIRST, _READ_FIRST.rfind("f"), len(_READ_FIRST))))


def known(namespace: dict[str, Any], code: str, begin: int, end: int, overtaken: Callable[[], bool]) -> Known | None:
    """What the expression `code[begin:end]` would be, where that is a class or module that is loaded."""
    text, place = _with_earlier(namespace, code, begin)
    found = _ask(lambda: _types(text, place, place + end - begin), overtaken)
    known = [one for one in (_live(*each) for each in found or ()) if one is not None]
    return Either(known) if len(known) > 1 else known[0] if known else None


def names(namespace: dict[str, Any], code: str, cursor: int, overtaken: Callable[[], bool]) -> list[tuple[str, str]]:
    """Names at the cursor and their kinds, in jedi's order."""
    text, place = _with_earlier(namespace, code, cursor)
    return _ask(lambda: _names(text, place), overtaken) or []


def _ask(work: Callable[[], Any], overtaken: Callable[[], bool]) -> Any:
    warm()
    assert _worker is not None
    task = _Task(work)
    _worker.give(task)
    return task.wait(overtaken)


def _load() -> Any:
    """jedi, or None when the sandbox has none that works."""
    limit = sys.getrecursionlimit()
    try:
        import jedi

        return jedi
    except Exception:
        return None
    finally:
        sys.setrecursionlimit(limit)  # jedi raises it: the user's code is to fail where it always did


def _types(text: str, begin: int, end: int) -> list[tuple[str, str]]:
    """Kinds and full names of what jedi takes the expression for."""
    asked = f"{text[:begin]}( {text[begin:end]}){_after_word(text, end)}"
    script, line, column = _script(asked, begin + 1)
    try:
        return [(each.type, each.full_name or "") for each in script.infer(line, column)] if script else []
    except Exception:  # whatever jedi trips over
        return []


def _names(text: str, place: int) -> list[tuple[str, str]]:
    script, line, column = _script(text, place)
    try:
        found = script.complete(line, column) if script else []
        return [(match.name, match.type if match.type in _KINDS else "instance") for match in found]
    except Exception:
        return []


def _script(text: str, place: int) -> tuple[Any, int, int]:
    jedi = _load()
    if jedi is None:
        return None, 0, 0
    script = jedi.Script(text, environment=jedi.api.environment.InterpreterEnvironment())
    return script, text.count("\n", 0, place) + 1, place - text.rfind("\n", 0, place) - 1


def _after_word(text: str, end: int) -> str:
    """What follows the dot behind an expression, and the name that is being typed there."""
    return re.sub(r"\A\s*\.[ \t]*\w*", "", text[end:])


def _live(kind: str, name: str) -> Known | None:
    """What a full name that jedi gives is here."""
    module, names = name, []
    while module and module not in sys.modules:
        module, _, last = module.rpartition(".")
        names.insert(0, last)
    value: Any = sys.modules.get(module)
    for each in names:
        value = lookup.in_class(value, each) if lookup.is_class(value) else lookup.instance_dict(value).get(each)
    if value is None or value is lookup.MISSING:
        return None
    if kind == "instance":
        found = hinted(value, {})
        return Of(found) if found is not None else None
    return Live(value) if kind in ("module", "class") else None


def _with_earlier(namespace: dict[str, Any], code: str, place: int) -> tuple[str, int]:
    """The earlier cells and this one, as Python, and where the place in this one comes to stand."""
    done = code.rfind("\n", 0, place) + 1
    before = _earlier(namespace) + _COMMAND.sub(r"\1pass", code[:done])
    return before + code[done:], len(before) + place - done


def _earlier(namespace: dict[str, Any]) -> str:
    """The text of the cells that ran, commands left out."""
    cells = namespace.get("In")
    if type(cells) is not list:
        return ""
    kept: list[str] = []
    room = TEXT_LIMIT
    for cell in reversed(cells):
        if type(cell) is not str or cell.startswith("%%"):
            continue
        room -= len(cell)
        if room < 0:
            break
        kept.append(cell)
    return "".join(_COMMAND.sub(r"\1pass", cell) + "\n" for cell in reversed(kept))
