"""Running cells: compile, run, show the last value, remember. Only the main thread is here."""

from __future__ import annotations

import sys
from _ast import Expr, Expression, Module, PyCF_ALLOW_TOP_LEVEL_AWAIT, PyCF_ONLY_AST
from io import StringIO

from . import errors
from .interrupts import Interrupts
from .loop import Loop

REMEMBERED = 1000  # cells whose code and value stay in In, Out and linecache
CO_COROUTINE = 0x80

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import CodeType
    from typing import Any, Callable

    from .commands.dispatch import Commands

    Parsed = tuple[Module, str, Callable[[Any], None]]  # what puts its nodes in place is called once it was read
    Bundle = tuple[dict[str, str], dict[str, Any]]  # a value's forms by MIME type, and their metadata


class Cell:
    """A cell to run. `count` is None for one that does not count."""

    def __init__(self, id: str, code: str, filename: str, count: int | None) -> None:
        self.id = id
        self.code = code
        self.filename = filename
        self.count = count


class Outcome:
    def __init__(self) -> None:
        self.error: dict[str, Any] | None = None
        self.raised: BaseException | None = None  # what the error tells of
        self.result: Bundle | None = None
        self.names: set[str] = set()  # the names that the cell mentions


class Interpreter:
    def __init__(self, namespace: dict[str, Any], interrupts: Interrupts) -> None:
        self.namespace = namespace
        self.inputs: list[str] = [""]
        self.outputs: dict[int, Any] = {}
        self.before: list[Callable[[], None]] = []  # run ahead of each cell, where an interrupt can reach them
        self.after: list[Callable[[], None]] = []  # run behind it, whether it failed or not, before its result shows
        self.behind: list[Callable[[], None]] = []  # run at once behind its code, before anything else can fail
        self.present: Callable[[Any], Bundle | None]  # how a value is shown; None: it has shown itself
        self.commands: Callable[[], Commands]  # what cells need that are not Python
        self.get_ipython: Callable[[], Any]
        self.mentioned: set[str] = set()  # the names in what the running cell has compiled
        self.loop = Loop(interrupts)
        self._interrupts = interrupts
        self._flags = 0
        self._last: Any = None
        namespace.update(In=self.inputs, Out=self.outputs, _=None, __=None, ___=None)

    def run(self, cell: Cell) -> Outcome:
        """Runs a cell to its end. Raises nothing: whatever the code does is in the outcome."""
        outcome = Outcome()
        self._register(cell)
        self._interrupts.arm()
        try:
            try:
                self._interrupts.begin(cell.id)
                self._evaluate(cell, outcome)
            finally:
                self._interrupts.running = None
        except BaseException:  # an interrupt that struck between the cell and the lines around it
            self._interrupts.running = None
            outcome.error = outcome.error or errors.interrupted()
        return outcome

    def _evaluate(self, cell: Cell, outcome: Outcome) -> None:
        try:
            value = None
            try:
                value = self._value(cell, outcome)
            except SystemExit as error:
                if error.code is not None and error.code != 0:
                    raise
            if value is not None and cell.count is not None:
                self._remember(cell.count, value)
                outcome.result = self.present(value)
        except BaseException as error:
            self._fail(cell, outcome, error)
        for hook in self.after:
            try:
                hook()
            except BaseException as error:
                self._fail(cell, outcome, error)

    def _fail(self, cell: Cell, outcome: Outcome, error: BaseException) -> None:
        if outcome.error is None:
            running, self._interrupts.running = self._interrupts.running, None  # an import that is cut short stays broken
            errors.prepare()
            self._interrupts.running = running
            outcome.error, outcome.raised = errors.describe(error, cell.filename), error
            errors.remember(error)

    def _value(self, cell: Cell, outcome: Outcome) -> Any:
        """Runs the code. Returns the value of its last expression."""
        for hook in self.before:
            hook()
        try:
            body, last = self._compile(cell, outcome)
            if body is not None:
                self.execute(body)
            return self.execute(last) if last is not None else None
        finally:
            for hook in self.behind:
                hook()

    def _compile(self, cell: Cell, outcome: Outcome) -> tuple[CodeType | None, CodeType | None]:
        self.mentioned = outcome.names
        return self.compile_tree(*self.parse(cell.code, cell.filename), cell.filename)

    def parse(self, code: str, filename: str) -> Parsed:
        """The tree of a cell or of a part of one, with the text that it is of: commands are rewritten in it."""
        flags = self._flags | PyCF_ALLOW_TOP_LEVEL_AWAIT | PyCF_ONLY_AST
        try:
            tree = compile(code, filename, "exec", flags, dont_inherit=True)
        except SyntaxError:
            parsed = None
            if "%" in code or "!" in code or "?" in code or "\n" not in code.strip():
                parsed = self.commands().parse(code, filename, flags)
            if parsed is None:
                raise
        else:
            parsed = self.commands().parse(code, filename, flags) if self._names_nothing(code, tree) else None
        return parsed or (tree, code, lambda tree: None)  # type: ignore[return-value]

    def _names_nothing(self, code: str, tree: Module) -> bool:
        """Whether it is one line of Python that fails at its first word, as `pwd` and `cd /tmp` do."""
        if len(tree.body) != 1 or type(tree.body[0]) is not Expr:
            return False
        first, _, rest = code.strip().partition(" ")
        follows = rest.lstrip()[:1] in ("", "-", "/", "*", "#") and "\n" not in rest
        return follows and first.isidentifier() and first not in self.namespace

    def compile_tree(
        self, tree: Module, code: str, place: Callable[[Any], None], filename: str
    ) -> tuple[CodeType | None, CodeType | None]:
        """The statements before the last expression, and that expression, where its value is to be shown."""
        flags = self._flags | PyCF_ALLOW_TOP_LEVEL_AWAIT
        final = tree.body[-1] if tree.body else None
        shows = isinstance(final, Expr) and not hushed(code, final)
        place(tree)
        if shows:
            tree.body.pop()
        body = last = None
        if tree.body:
            body = compile(tree, filename, "exec", flags, dont_inherit=True)
            self._flags |= body.co_flags & future_flags()
            collect_names(body, self.mentioned)
        if shows:
            flags = self._flags | PyCF_ALLOW_TOP_LEVEL_AWAIT
            last = compile(Expression(final.value), filename, "eval", flags, dont_inherit=True)  # type: ignore
            collect_names(last, self.mentioned)
        return body, last

    def execute(self, code: CodeType, names: dict[str, Any] | None = None) -> Any:
        value = eval(code, self.namespace if names is None else names)
        return self.loop.wait(value) if code.co_flags & CO_COROUTINE else value

    def _register(self, cell: Cell) -> None:
        """Keeps the source where tracebacks, inspect and pdb look for it."""
        import linecache

        lines = list(StringIO(cell.code + "\n"))  # traceback's carets are one off in a line without an end
        linecache.cache[cell.filename] = (len(cell.code), None, lines, cell.filename)
        if cell.count is None:
            return
        self.inputs.append(cell.code)
        old = cell.count - REMEMBERED
        if old > 0:
            self.inputs[old] = ""
            linecache.cache.pop(cell_name(old), None)

    def forget_last(self) -> None:
        """The latest values are no longer `_`, `__` and `___`."""
        self._last = None
        self.namespace.update(_=None, __=None, ___=None)

    def _remember(self, count: int, value: Any) -> None:
        if value is self.outputs:  # it would hold itself
            return
        namespace = self.namespace
        self.outputs[count] = value
        namespace[f"_{count}"] = value
        if namespace.get("_", self._last) is self._last:  # otherwise the user has a `_` of their own, until they delete it
            namespace["___"], namespace["__"] = namespace.get("__"), namespace.get("_")
            namespace["_"] = self._last = value
        old = count - REMEMBERED
        if old > 0:
            self.outputs.pop(old, None)
            namespace.pop(f"_{old}", None)


def cell_name(count: int) -> str:
    return f"<cell {count}>"


def hushed(code: str, final: Any) -> bool:
    """Whether a semicolon follows the last expression. Only `)`, space, `;` and comments can."""
    lines = code.split("\n")[final.end_lineno - 1 :]
    lines[0] = lines[0].encode("utf-8")[final.end_col_offset :].decode("utf-8", "replace")
    return any(";" in line.partition("#")[0] for line in lines)


def future_flags() -> int:
    import __future__

    return sum({getattr(__future__, name).compiler_flag for name in __future__.all_feature_names} - {0})


def collect_names(code: CodeType, names: set[str]) -> None:
    names.update(code.co_names)
    for constant in code.co_consts:
        if type(constant) is type(code):
            collect_names(constant, names)
