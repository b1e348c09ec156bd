"""`%run`, `%pip` and `%debug`: programs in this process and beside it."""

from __future__ import annotations

import os
import shlex
import sys
from io import StringIO
from shutil import which

from . import profiling
from .files import unquoted
from .options import number
from .syntax import NAME
from .timing import Stopwatch

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .dispatch import Call


def run(call: Call) -> Any:
    """Runs a file as a program. Its names are the user's afterwards. Gives the statistics of `-p -r`."""
    options, text = call.options(call.expanded(), f"i n e m= G t N= d p {profiling.OPTIONS}")
    words = shlex.split(text)
    if "m" in options:
        path, name = _of_module(call, options["m"]), "__main__"
    elif words:
        path, name = _file(call, os.path.expanduser(words.pop(0))), "__main__"
    else:
        raise call.wrong("which file?")
    if "G" not in options:
        words = [name for word in words for name in _fitting(word)]
    if "n" in options:
        name = os.path.splitext(os.path.basename(path))[0]
    from types import ModuleType

    module = ModuleType(name)
    names = vars(module)
    kept = dict(names)
    helpers = call.commands.variables.helpers
    names.update(helpers)
    if "i" in options:
        names.update(call.namespace)
    names.update(__name__=name, __file__=path, __builtins__=sys.modules["builtins"], **{NAME: call.commands})
    arguments, main, folder = sys.argv[:], sys.modules["__main__"], os.path.dirname(os.path.abspath(path))
    sys.argv[:] = [path, *words]
    sys.path.insert(0, "" if "m" in options else folder)
    if name == "__main__":
        sys.modules["__main__"] = module
    runs, profile = number(call, options, "N", 1), profiling.profiler() if "p" in options else None
    watch = Stopwatch()
    try:
        for part in _parts(path) * runs:
            if profile is not None:
                profile.enable()
            _execute(call, *part, names, "d" in options)
    except SystemExit as error:
        if error.code not in (None, 0) and "e" not in options:
            raise
    finally:
        if profile is not None:
            profile.disable()
        sys.argv[:], sys.modules["__main__"] = arguments, main
        if sys.path[:1] == ["" if "m" in options else folder]:
            del sys.path[0]
        made = {key: value for key, value in names.items() if key not in kept and key not in OWN and helpers.get(key) is not value}
        call.namespace.update(made)
        call.commands.interpreter.mentioned.update(made)
    if "t" in options:
        watch.tell(runs)
    return None if profile is None else profiling.report(call, profile, options)


OWN = frozenset(("__file__", "__builtins__", "__cached__", "__annotations__", "__warningregistry__", NAME))


def _file(call: Call, path: str) -> str:
    for found in (path, path + ".py"):
        if os.path.isfile(found):
            return found
    raise call.wrong(f"there is no file {path}")


def _fitting(word: str) -> list[str]:
    """The files that a word with `~` or `*` means, or the word where there are none."""
    from glob import glob

    word = os.path.expanduser(word)
    return sorted(glob(word)) or [word]


def _of_module(call: Call, name: str) -> str:
    from importlib.util import find_spec

    spec = find_spec(name)
    if spec is not None and spec.submodule_search_locations is not None:
        spec = find_spec(f"{name}.__main__")
    if spec is None or not spec.origin or not os.path.isfile(spec.origin):
        raise call.wrong(f"there is no module {name} to run")
    return spec.origin


def _parts(path: str) -> list[tuple[str, str]]:
    """What is to run, and the name that tracebacks call it by. A notebook's cells are parts of their own."""
    if not path.endswith(".ipynb"):
        from tokenize import open as open_source

        with open_source(path) as file:
            return [(file.read(), os.path.abspath(path))]
    import json
    import linecache

    with open(path, encoding="utf-8") as notebook:
        cells = json.load(notebook).get("cells", [])
    parts = []
    for number, cell in enumerate(cells, 1):
        if cell.get("cell_type") == "code":
            code = "".join(cell.get("source", ""))
            filename = f"{path}, cell {number}"
            linecache.cache[filename] = (len(code), None, list(StringIO(code + "\n")), filename)
            parts.append((code, filename))
    return parts


def _execute(call: Call, code: str, filename: str, names: dict[str, Any], debugs: bool) -> None:
    if debugs:
        import pdb

        pdb.run(compile(code, filename, "exec", dont_inherit=True), names)
        return
    if filename.endswith(".py"):
        exec(compile(code, filename, "exec", dont_inherit=True), names)
        return
    interpreter = call.commands.interpreter
    for part in interpreter.compile_tree(*interpreter.parse(code, filename), filename):
        if part is not None:
            interpreter.execute(part, names)


def pip(call: Call) -> None:
    from importlib.util import find_spec

    if find_spec("pip") is None:
        raise call.wrong(
            f"{sys.executable} has no pip; it may get one by !{shlex.quote(sys.executable)} -m ensurepip, "
            f"or uv does the same: !uv pip install --python {shlex.quote(sys.executable)} …"
        )
    quiet = ["--disable-pip-version-check", "--no-input"]
    _install(call, [sys.executable, "-m", "pip", *quiet, *shlex.split(call.expanded())])


def uv(call: Call) -> None:
    from importlib.util import find_spec

    command = [sys.executable, "-m", "uv"] if find_spec("uv") is not None else ["uv"]
    if command == ["uv"] and which("uv") is None:
        raise call.wrong("there is no uv; %pip does the same, or gets it: %pip install uv")
    _install(call, ["env", f"UV_PYTHON={sys.executable}", *command, *shlex.split(call.expanded())])


def _install(call: Call, command: list[str]) -> None:
    """Runs what may install packages, and says of which ones another state is loaded."""
    from .shell import run_program

    before = _loaded()
    run_program(call, command)
    import importlib

    importlib.invalidate_caches()
    after = _loaded()
    changed = sorted(name for name, date in before.items() if after.get(name) != date)
    if changed:
        print(f"Note: {', '.join(changed)} changed while loaded; restart the kernel to use what is installed now.")


def _loaded() -> dict[str, float]:
    """The packages that are loaded, and when their files changed last."""
    dates = {}
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None)
        if "." not in name and type(file) is str and "site-packages" in file:
            try:
                dates[name] = os.stat(file).st_mtime
            except OSError:
                dates[name] = 0.0
    return dates


def debug(call: Call) -> None:
    """The debugger where the last error was raised, or in a statement."""
    import pdb

    code = unquoted(call.text)
    if code:
        pdb.run(compile(code, call.frame.f_code.co_filename, "exec", dont_inherit=True), call.names, call.variables)
        return
    trace = getattr(sys, "last_traceback", None)
    if trace is None:
        print("No traceback has been produced, nothing to debug.")
        return
    pdb.post_mortem(trace)
