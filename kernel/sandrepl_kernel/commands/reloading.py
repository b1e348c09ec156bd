"""`%autoreload`: modules whose files have changed are loaded anew before a cell runs.

What was imported from them by name, and the instances of their classes, are of the new code then, too.
"""

from __future__ import annotations

import importlib
import os
import sys
from importlib.util import cache_from_source
from weakref import ref

from .. import errors
from .renewing import renew, renewable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType
    from typing import Any, Iterable

    from .dispatch import Call

OFF, CHOSEN, ALL, ALL_AND_NEW_NAMES = range(4)
MODES = {
    "0": OFF, "off": OFF, "1": CHOSEN, "explicit": CHOSEN, "2": ALL, "all": ALL, "3": ALL_AND_NEW_NAMES,
    "complete": ALL_AND_NEW_NAMES,
}  # fmt: skip
_KERNEL = os.path.dirname(os.path.dirname(os.path.abspath(__file__))) + os.sep


class Reloader:
    def __init__(self, interpreter: Any) -> None:
        self.mode = OFF
        self.chosen: set[str] = set()  # by %aimport
        self.spared: set[str] = set()
        self.tells = False
        self._namespace: dict[str, Any] = interpreter.namespace
        self._dates: dict[str, int] = {}  # of the files that modules were loaded from
        self._earlier: dict[tuple[str, str], list[Any]] = {}  # what names of modules stood for
        self.note()
        interpreter.before.append(self.reload)
        interpreter.after.append(self.note)  # a file may change before the next cell: its date now is what was loaded

    def note(self) -> None:
        for name in list(sys.modules):
            if name not in self._dates:
                self._dates[name] = _date(name)

    def reload(self, every: bool = False) -> None:
        if self.mode == OFF and not every:
            return
        names: Iterable[str] = self.chosen if self.mode == CHOSEN and not every else list(sys.modules)
        for name in names:
            date = _date(name) if name not in self.spared else 0
            if date and date != self._dates.setdefault(name, date):
                self._dates[name] = date
                try:
                    self._reload(sys.modules[name])
                except Exception as error:
                    print(f"[autoreload of {name} failed: {_told(error, sys.modules[name])}]", file=sys.stderr)

    def _reload(self, module: ModuleType) -> None:
        """As it was before where the new code fails."""
        if self.tells:
            print(f"Reloading '{module.__name__}'.")
        before = dict(vars(module))
        for name, value in before.items():
            if renewable(value, module):
                self._earlier.setdefault((module.__name__, name), []).append(ref(value))
        try:
            os.unlink(cache_from_source(str(module.__file__)))  # it may pass for the new code's: its dates are coarse
        except (OSError, NotImplementedError):
            pass
        try:
            importlib.reload(module)
        except BaseException:
            vars(module).update(before)
            raise
        for name, new in list(vars(module).items()):
            if not renewable(new, module):
                continue
            kept = [earlier for earlier in self._earlier.pop((module.__name__, name), ()) if earlier() is not None]
            for earlier in kept:
                old = earlier()
                if old is not new:
                    renew(old, new)
                    self._rebind(old, new)
            if kept:
                self._earlier[module.__name__, name] = kept
            if self.mode == ALL_AND_NEW_NAMES and name not in before:
                self._namespace[name] = new

    def _rebind(self, old: Any, new: Any) -> None:
        for name in [name for name, value in self._namespace.items() if value is old]:
            self._namespace[name] = new


def _told(error: Exception, module: ModuleType) -> str:
    """The error's traceback from the module's own code on."""
    trace = error.__traceback__
    while trace is not None and trace.tb_frame.f_code.co_filename != module.__file__:
        trace = trace.tb_next
    return "\n".join(errors.describe(error.with_traceback(trace), "")["traceback"])


def _date(name: str) -> int:
    """When a module's file changed last, in ns; 0 for one that is not loaded again."""
    try:
        file = object.__getattribute__(sys.modules.get(name), "__dict__").get("__file__")  # nothing that loads lazily
    except AttributeError:
        return 0
    if name in ("__main__", "__mp_main__") or type(file) is not str or not file.endswith(".py") or file.startswith(_KERNEL):
        return 0
    try:
        return os.stat(file).st_mtime_ns
    except OSError:
        return 0


def _reloader(call: Call) -> Reloader:
    commands = call.commands
    if commands.reloader is None:
        commands.reloader = Reloader(commands.interpreter)
    return commands.reloader


def load_ext(call: Call) -> None:
    if call.text != "autoreload":
        raise call.wrong(f"{call.text or 'which one? It'} needs IPython; the one extension that there is here is autoreload")
    reloader = _reloader(call)
    if call.name == "unload_ext":
        reloader.mode = OFF


def autoreload(call: Call) -> None:
    options, text = call.options(call.expanded(), "p print l log hide-errors")
    word, reloader = text.lower(), _reloader(call)
    reloader.tells = bool({"p", "print", "l", "log"} & set(options))
    if word in ("", "now"):
        reloader.reload(every=True)
    elif word in MODES:
        reloader.mode = MODES[word]
    else:
        raise call.wrong(f"the modes are 0 (off), 1 (what %aimport names), 2 (all) and 3 (all, and their new names), not {word}")


def aimport(call: Call) -> None:
    """Imports modules for `%autoreload 1`; those with a `-` before them are never loaded anew."""
    reloader = _reloader(call)
    names = [name for part in call.expanded().split(",") for name in part.split()]
    for name in names:
        if name.startswith("-"):
            reloader.chosen.discard(name[1:])
            reloader.spared.add(name[1:])
            continue
        importlib.import_module(name)
        reloader.spared.discard(name)
        reloader.chosen.add(name)
        top = name.partition(".")[0]
        call.namespace[top] = sys.modules[top]
        call.commands.interpreter.mentioned.add(top)
    if not names:
        every = "all modules that are loaded" if reloader.mode in (ALL, ALL_AND_NEW_NAMES) else " ".join(sorted(reloader.chosen))
        print(f"Modules to reload: {every}\nModules to skip: {' '.join(sorted(reloader.spared))}")
