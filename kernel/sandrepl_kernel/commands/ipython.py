"""`get_ipython()`, for the cells and exported notebooks that call it: what it gives does what the commands do.

It is not IPython, and says so to who asks (its `config` is empty, its class has another name): only the namespace of
cells has it, so that a library which looks for IPython goes on finding none.
"""

from __future__ import annotations

import sys

from .. import errors
from ..display import panel
from .files import set_next_input

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable

    from .dispatch import Commands

HAS = "run_line_magic, run_cell_magic, magic, system, getoutput, run_cell, ex, ev, push, set_next_input and user_ns"


class Ran:
    """What became of a `run_cell`, under IPython's names."""

    def __init__(self) -> None:
        self.result: Any = None
        self.error_before_exec: BaseException | None = None
        self.error_in_exec: BaseException | None = None

    @property
    def success(self) -> bool:
        return self.error_before_exec is None and self.error_in_exec is None

    def raise_error(self) -> None:
        error = self.error_before_exec or self.error_in_exec
        if error is not None:
            raise error


class SandreplShell:
    def __init__(self, commands: Callable[[], Commands]) -> None:
        self._commands = commands
        self.config: dict[str, Any] = {}

    def __repr__(self) -> str:
        return f"<sandrepl's get_ipython(): {HAS}>"

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(f"this is not IPython, and sandrepl's get_ipython() has no {name}: it has {HAS}")

    @property
    def user_ns(self) -> dict[str, Any]:
        return self._commands().interpreter.namespace

    user_global_ns = user_ns

    def run_line_magic(self, magic_name: str, line: str = "", _stack_depth: int = 1) -> Any:
        return self._commands().line(magic_name, line.strip(), frame=sys._getframe(_stack_depth))

    def run_cell_magic(self, magic_name: str, line: str, cell: str) -> Any:
        return self._commands().cell(magic_name, line.strip(), cell, frame=sys._getframe(1))

    def magic(self, arg_s: str) -> Any:
        name, _, line = arg_s.strip().lstrip("%").partition(" ")
        return self._commands().line(name, line.strip(), frame=sys._getframe(1))

    def system(self, cmd: str) -> None:
        self._commands().system(cmd, frame=sys._getframe(1))

    system_raw = system_piped = system

    def getoutput(self, cmd: str, split: bool = True, depth: int = 0) -> Any:
        lines = self._commands().getoutput(cmd, frame=sys._getframe(1 + depth))
        return lines if split else "\n".join(lines)

    def run_cell(self, raw_cell: str, store_history: bool = False, silent: bool = False, **_: Any) -> Ran:
        """Runs code as a cell within this one. What it raises is shown and is in what this gives, and goes no further."""
        ran, interpreter, filename = Ran(), self._commands().interpreter, "<run_cell>"
        try:
            parts = interpreter.compile_tree(*interpreter.parse(raw_cell, filename), filename)
        except SyntaxError as error:
            ran.error_before_exec = error
            return self._failed(ran, error)
        body, last = parts
        try:
            if body is not None:
                interpreter.execute(body)
            ran.result = interpreter.execute(last) if last is not None else None
            shown = panel.present(ran.result) if ran.result is not None and not silent else None
            if shown is not None:
                panel.emit("display_data", {"data": shown[0], "metadata": shown[1], "transient": {}})
        except Exception as error:
            ran.error_in_exec = error
            return self._failed(ran, error)
        return ran

    def _failed(self, ran: Ran, error: BaseException) -> Ran:
        sys.stderr.write("\n".join(errors.describe(error, "<run_cell>")["traceback"]) + "\n")
        return ran

    def ex(self, cmd: str) -> None:
        exec(cmd, self.user_ns)

    def ev(self, expr: str) -> Any:
        return eval(expr, self.user_ns)

    def push(self, variables: dict[str, Any], interactive: bool = True) -> None:
        self.user_ns.update(variables)
        self._commands().interpreter.mentioned.update(variables)

    def set_next_input(self, s: str, replace: bool = False) -> None:
        set_next_input(self._commands(), s, replace)

    def enable_gui(self, gui: str | None = None) -> None:
        """There is no window system to run a loop for."""
