"""`multiprocessing` with spawn and forkserver: what cells defined, as a file that the child can run.

Such a child is a new Python, which looks for functions and classes in the main program's file. Cells have none, so one
is written when a process is started: the cells' own definitions, with their file names and lines, the imports and the
values that they refer to, and nothing else that a cell did.
"""

from __future__ import annotations

import _ast
import io
import linecache
import os
import pickle
import sys
import warnings
from _ast import PyCF_ALLOW_TOP_LEVEL_AWAIT, PyCF_ONLY_AST
from types import FunctionType, ModuleType

from .files import write_atomically

VALUES_BYTES = 64 << 20  # of the values that go to each child
KEPT_FILES = 16  # children may still be on their way to an earlier one
DEFINITIONS = (_ast.FunctionDef, _ast.AsyncFunctionDef, _ast.ClassDef)
IMPORTS = (_ast.Import, _ast.ImportFrom)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Iterator

    Place = tuple[str, int]  # a cell's name, and the number of a statement in it


class Cell:
    """The statements of a cell, its text, and the compiler's flags for it: those of `from __future__` last."""

    def __init__(self, text: str, statements: list[Any], flags: int) -> None:
        self.text = text
        self.statements = statements
        self.flags = flags


class Definitions:
    """What child processes need of the namespace."""

    def __init__(self, namespace: dict[str, Any], names: list[str]) -> None:
        self._namespace = namespace
        self.cells = dict(parsed(names))
        self._bound: dict[str, Place] = {}  # where each name was bound last
        self._stars: list[Place] = []
        for name, cell in self.cells.items():
            for number, statement in enumerate(cell.statements):
                for target in targets(statement):
                    self._bound[target] = name, number
                if isinstance(statement, IMPORTS) and any(alias.name == "*" for alias in statement.names):
                    self._stars.append((name, number))
        self.kept: set[Place] = set(self._stars)
        self.values: dict[str, Any] = {}
        self._seen: set[str] = set()
        for name, value in list(namespace.items()):
            if type(name) is str and own(value):
                self._need(name)

    def _need(self, name: str) -> None:
        if name in self._seen or name not in self._namespace:
            return
        self._seen.add(name)
        place = self._bound.get(name)
        value = self._namespace[name]
        statement = self.cells[place[0]].statements[place[1]] if place is not None else None
        if place is not None and (defines(statement) or own(value) and assigns(statement)):
            self.kept.add(place)
            for used in names_in(statement):
                self._need(used)
        elif not own(value):
            self.values[name] = value

    def write(self) -> str:
        """The file's text."""
        chunks = []
        for name, cell in self.cells.items():
            numbers = sorted(number for place, number in self.kept if place == name)
            if numbers:
                chunks.append((name, cell.text, numbers, cell.flags))
        modules = {name: value.__name__ for name, value in self.values.items() if type(value) is ModuleType}
        others = {name: value for name, value in self.values.items() if name not in modules}
        pickles, problems = pickled(others)
        return CHILD.format(chunks=chunks, modules=modules, pickles=pickles, problems=problems)


def parsed(names: list[str]) -> Iterator[tuple[str, Cell]]:
    flags = 0
    for name in names:
        lines = linecache.cache.get(name, (0, None, [], ""))[2]
        text = "".join(lines)
        try:
            text, tree = parse(text, name, flags)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
        for statement in tree.body:
            if isinstance(statement, _ast.ImportFrom) and statement.module == "__future__":
                flags |= future_flag([alias.name for alias in statement.names])
        yield name, Cell(text, tree.body, flags)


def parse(text: str, name: str, flags: int) -> tuple[str, _ast.Module]:
    """A cell as Python, without its warnings: they were shown when it ran."""
    flags |= PyCF_ALLOW_TOP_LEVEL_AWAIT | PyCF_ONLY_AST
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            tree = compile(text, name, "exec", flags, dont_inherit=True)
        except SyntaxError:
            from .commands.syntax import rewrite

            rewritten = rewrite(text)
            if rewritten is None:
                raise
            text = rewritten.text
            tree = compile(text, name, "exec", flags, dont_inherit=True)
    assert isinstance(tree, _ast.Module)
    return text, tree


def future_flag(names: list[str]) -> int:
    import __future__

    return sum({getattr(__future__, name).compiler_flag for name in names if hasattr(__future__, name)})


def own(value: Any) -> bool:
    """Whether a value is a function or class that cells defined."""
    return (type(value) is FunctionType or issubclass(type(value), type)) and value.__module__ == "__main__"


def targets(statement: Any) -> set[str]:
    """The names that a statement binds at the top of a cell."""
    if isinstance(statement, DEFINITIONS):
        return {statement.name}
    if isinstance(statement, IMPORTS):
        return {alias.asname or alias.name.partition(".")[0] for alias in statement.names}
    found = set()
    for node in nodes_in(statement, into=False):
        if isinstance(node, DEFINITIONS):
            found.add(node.name)
        elif isinstance(node, IMPORTS):
            found |= targets(node)
        elif isinstance(node, _ast.Name) and isinstance(node.ctx, _ast.Store):
            found.add(node.id)
    return found


def assigns(statement: Any) -> bool:
    """Whether a statement makes one value for one name, such as `Pair = namedtuple("Pair", "x y")`."""
    one = isinstance(statement, _ast.Assign) and len(statement.targets) == 1
    return bool(one and isinstance(statement.targets[0], _ast.Name))


def defines(statement: Any) -> bool:
    """Whether a child may run it: a definition, or `if` and `try` around definitions, imports and nothing else."""
    if isinstance(statement, (*DEFINITIONS, *IMPORTS)):
        return True
    if isinstance(statement, _ast.If):
        test = statement.test
        if any(isinstance(node, _ast.Name) and node.id == "__name__" for node in nodes_in(test)):
            return False
        return all(map(harmless, statement.body + statement.orelse))
    if isinstance(statement, _ast.Try):
        bodies = [statement.body, statement.orelse, statement.finalbody, *(h.body for h in statement.handlers)]
        return all(harmless(each) for body in bodies for each in body)
    return False


def harmless(statement: Any) -> bool:
    if isinstance(statement, _ast.Assign):
        return isinstance(statement.value, _ast.Constant)
    return isinstance(statement, _ast.Pass) or defines(statement)


def names_in(statement: Any) -> set[str]:
    """All names that a statement, or the functions in it, may look up."""
    return {node.id for node in nodes_in(statement) if isinstance(node, _ast.Name)}


def nodes_in(node: Any, into: bool = True) -> Iterator[Any]:
    """A node and those within it; with `into` false, what functions and classes hold is left out."""
    waiting = [node]
    while waiting:
        node = waiting.pop()
        yield node
        if not into and isinstance(node, (*DEFINITIONS, _ast.Lambda)):
            continue
        for name in node._fields:
            field = getattr(node, name, None)
            for child in field if isinstance(field, list) else (field,):
                if isinstance(child, _ast.AST):
                    waiting.append(child)


def pickled(values: dict[str, Any]) -> tuple[dict[str, bytes], dict[str, str]]:
    """Each value as a pickle of its own; and of those that cannot be sent, why not and what to do."""
    pickles: dict[str, bytes] = {}
    problems: dict[str, str] = {}
    left = VALUES_BYTES
    for name, value in values.items():
        file = Bounded(left)
        try:
            pickle.Pickler(file, pickle.HIGHEST_PROTOCOL).dump(value)
        except Exception as error:
            why = f"{type(error).__name__}: {error}"[:300]
            problems[name] = f"{name!r} is not in this process: it cannot be sent to it ({why}); " + ADVICE
            continue
        pickles[name] = file.getvalue()
        left -= len(pickles[name])
    return pickles, problems


class TooLarge(Exception):
    pass


class Bounded(io.BytesIO):
    def __init__(self, limit: int) -> None:
        super().__init__()
        self._limit = limit

    def write(self, data: Any) -> int:
        if self.tell() + len(memoryview(data).cast("B")) > self._limit:
            raise TooLarge(f"what functions refer to is over {VALUES_BYTES >> 20} MiB")
        return super().write(data)


class Output:
    """Loaded in the child, before anything else runs there: a child of the fork server is the child of a process that
    was started in some earlier cell, but what it prints belongs to this one."""

    def __reduce__(self) -> tuple[Any, ...]:
        return exec, (REDIRECT.format(pid=os.getpid()),)


class Spawning:
    """Has each process that multiprocessing starts find what the cells defined."""

    def __init__(self, namespace: dict[str, Any], folder: str) -> None:
        self._namespace = namespace
        self._folder = folder

    def attach(self, module: Any) -> None:
        """`module` is `multiprocessing.spawn`."""
        prepare = module.get_preparation_data

        def get_preparation_data(name: str) -> dict[str, Any]:
            """Return info about parent needed by child to unpickle process object."""
            data: dict[str, Any] = prepare(name)
            if "init_main_from_path" not in data and "init_main_from_name" not in data:
                data["init_main_from_path"] = self.file()
            data["sandrepl"] = Output()
            return data

        module.get_preparation_data = get_preparation_data

    def file(self) -> str:
        """The path of a file with what cells define now; the same path while that stays the same."""
        names = [name for name in linecache.cache if name.startswith(("<cell ", "<setup "))]
        text = Definitions(self._namespace, names).write()
        import hashlib

        path = os.path.join(self._folder, f"cells-{hashlib.sha256(text.encode()).hexdigest()[:16]}.py")
        os.makedirs(self._folder, mode=0o700, exist_ok=True)
        if os.path.exists(path):
            os.utime(path)
        else:
            write_atomically(path, text)
            self._forget_old()
        return path

    def _forget_old(self) -> None:
        entries = [entry for entry in os.scandir(self._folder) if entry.name.endswith(".py")]
        for entry in sorted(entries, key=lambda entry: entry.stat().st_mtime)[:-KEPT_FILES]:
            os.unlink(entry.path)


REDIRECT = """import os
if os.getppid() != {pid}:
    for number in (1, 2):
        try:
            pipe = os.open("/proc/{pid}/fd/%d" % number, os.O_WRONLY)
            os.dup2(pipe, number)
            os.close(pipe)
        except OSError:
            pass
"""
ADVICE = "pass it as an argument, make it inside of the function, or start processes by fork"

# What the child runs as its main module. It has the standard library and nothing of the kernel.
CHILD = '''\
# What the cells of a sandrepl kernel define, for a process that multiprocessing has started.
def _sandrepl(chunks, modules, pickles, problems):
    import importlib, io, linecache, pickle, sys, traceback, warnings
    from _ast import PyCF_ALLOW_TOP_LEVEL_AWAIT, PyCF_ONLY_AST

    space = globals()

    class Unpickler(pickle.Unpickler):
        def find_class(self, module, name):
            if module in ("__main__", "__mp_main__"):
                value = space[name.partition(".")[0]]
                for part in name.split(".")[1:]:
                    value = getattr(value, part)
                return value
            return super().find_class(module, name)

    class Absent:
        """Stands for a value that could not be sent: any use of it says so."""

        def __init__(self, why):
            object.__setattr__(self, "_why", why)

        def _fail(self, *arguments, **named):
            raise RuntimeError(object.__getattribute__(self, "_why"))

    for special in (
        "getattr setattr delattr call iter next len getitem setitem delitem contains enter exit aenter aexit aiter "
        "await bool str repr format hash int float complex index eq ne lt gt le ge add radd sub rsub mul rmul matmul "
        "rmatmul truediv rtruediv floordiv rfloordiv mod rmod pow rpow and rand or ror xor rxor lshift rshift neg abs"
    ).split():
        setattr(Absent, "__%s__" % special, Absent._fail)

    def compiled(source, name, flags):
        with warnings.catch_warnings():  # they were shown when the cell ran
            warnings.simplefilter("ignore")
            return compile(source, name, "exec", flags, dont_inherit=True)

    def load(name):
        try:
            space[name] = Unpickler(io.BytesIO(pickles[name])).load()
            return True
        except Exception as error:
            why = "%s: %s" % (type(error).__name__, error)
            problems[name] = "%r could not be loaded in this process: %s" % (name, why)
            return False

    for name, module in modules.items():
        try:
            space[name] = importlib.import_module(module)
        except Exception as error:
            space[name] = Absent("%r is not in this process: %s: %s" % (name, type(error).__name__, error))
    late = [name for name in pickles if not load(name)]
    for name, text, numbers, flags in chunks:
        linecache.cache[name] = (len(text), None, list(io.StringIO(text)), name)
        flags |= PyCF_ALLOW_TOP_LEVEL_AWAIT
        tree = compiled(text, name, flags | PyCF_ONLY_AST)
        statements = tree.body
        for number in numbers:
            tree.body = [statements[number]]
            try:
                exec(compiled(tree, name, flags), space)
            except Exception:
                sys.stderr.write("in a child process, while it prepares itself with the definitions of cells:\\n")
                traceback.print_exc()
    for name in late:
        problems.pop(name, None)
        load(name)
    for name, why in problems.items():
        space[name] = Absent(why)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(line_buffering=True)


def __getattr__(name):
    if name.startswith("__"):
        raise AttributeError(name)

    def absent(*arguments, **named):
        raise RuntimeError(
            "%r is not in this process: it was not yet defined when the process started, or not in a cell. "
            "Define it in a cell, then make the pool or process; or put it into a module and import it" % name
        )

    return absent


_sandrepl(
    {chunks!r},
    {modules!r},
    {pickles!r},
    {problems!r},
)
del _sandrepl
'''.replace("{", "{{").replace("}", "}}")
for _slot in ("chunks", "modules", "pickles", "problems"):
    CHILD = CHILD.replace("{{" + _slot + "!r}}", "{" + _slot + "!r}")
