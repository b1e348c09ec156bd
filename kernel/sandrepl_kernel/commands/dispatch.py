"""What the calls in a rewritten cell do: find the command's function, and give it what it is called with."""

from __future__ import annotations

import sys

from .syntax import NAME, rewrite
from .table import CELL, LINE, function_of
from .usage import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import CodeType, FrameType
    from typing import Any, Callable

    from ..agents.watcher import Watcher
    from ..execute import Interpreter
    from ..output import Outbox
    from ..settings import Settings
    from ..stdin import Console
    from ..variables import Variables

CO_COROUTINE = 0x80


class Commands:
    """Bound in the namespace as `_sandrepl`, for cells and for the functions that they define."""

    def __init__(
        self,
        interpreter: Interpreter,
        outbox: Outbox,
        console: Console,
        variables: Variables,
        settings: Settings,
        agents: Callable[[], Watcher],
    ) -> None:
        self.interpreter = interpreter
        self.outbox = outbox
        self.console = console
        self.variables = variables
        self.settings = settings
        self.agents = agents
        self.directories: list[str] = []  # where %cd has been
        self.stack: list[str] = []  # where %popd goes
        self.reloader: Any = None  # from the first %autoreload on
        self.background: list[Any] = []  # the processes that `--bg` left running

    def parse(self, code: str, filename: str, flags: int) -> tuple[Any, str, Any] | None:
        """A cell with commands: its tree, the text that the tree is of, and what is to have the last word on
        where its nodes are. None where there are no commands."""
        namespace = self.interpreter.namespace
        rewritten = rewrite(code, lambda name: name not in namespace)
        if rewritten is None:
            return None
        namespace[NAME] = self
        try:
            tree = compile(rewritten.text, filename, "exec", flags, dont_inherit=True)
        except SyntaxError as second:
            rewritten.blame(second)
            raise second from None
        return tree, rewritten.text, rewritten.place

    # What rewritten cells call, and for others, with the frame that they speak for, get_ipython().

    def line(self, name: str, text: str, awaits: bool = False, frame: FrameType | None = None) -> Any:
        if name not in LINE:
            raise UsageError(unknown(name, LINE, CELL, "%"))
        return self._perform(Call(self, name, text, None, frame or sys._getframe(1)), awaits)

    def cell(self, name: str, text: str, body: str, awaits: bool = False, frame: FrameType | None = None) -> Any:
        name = name.lower() if name.lower() in CELL else name
        if name not in CELL:
            raise UsageError(unknown(name, CELL, LINE, "%%"))
        if not body:
            meant = f"; %{name} is the command of a line" if name in LINE else ""
            raise UsageError(f"%%{name} is a cell command, and nothing stands below it{meant}")
        return self._perform(Call(self, name, text, body, frame or sys._getframe(1)), awaits)

    def system(self, text: str, frame: FrameType | None = None) -> None:
        from .shell import system

        system(Call(self, "!", text, None, frame or sys._getframe(1)))

    def getoutput(self, text: str, frame: FrameType | None = None) -> Any:
        from .shell import captured

        return captured(Call(self, "!!", text, None, frame or sys._getframe(1)))

    def inspect(self, text: str, detail: int) -> None:
        from .help import inspect

        inspect(Call(self, "?", text, None, sys._getframe(1)), text, detail)

    def search(self, pattern: str) -> None:
        from .help import search

        search(Call(self, "?", pattern, None, sys._getframe(1)), pattern)

    def _perform(self, call: Call, awaits: bool) -> Any:
        value = function_of(call.name, call.body is not None)(call)
        if awaits or not hasattr(value, "cr_code"):
            return value
        try:
            value.send(None)
        except StopIteration as end:
            return end.value
        raise RuntimeError(f"{call.sign}{call.name} would wait, and nothing in it awaits")


class Call:
    """A command with what it is called with."""

    def __init__(self, commands: Commands, name: str, text: str, body: str | None, frame: FrameType) -> None:
        self.commands = commands
        self.name = name
        self.text = text
        self.body = body
        self.frame = frame
        self.names = frame.f_globals
        self.variables = frame.f_locals

    @property
    def sign(self) -> str:
        return "%" if self.body is None else "%%"

    @property
    def namespace(self) -> dict[str, Any]:
        """The user's, whichever module the command stands in."""
        return self.commands.interpreter.namespace

    def expanded(self, text: str | None = None) -> str:
        from .expansion import expand

        return expand(self.text if text is None else text, self.names, self.variables)

    def options(self, text: str, accepted: str) -> tuple[dict[str, str], str]:
        from .options import read

        return read(self, text, accepted)

    def wrong(self, message: str) -> UsageError:
        return UsageError(f"{self.sign}{self.name}: {message}")

    def parse(self, code: str, in_body: bool) -> tuple[Any, str, Any]:
        """Code of the command's body, or of its line, as a tree whose nodes are where the cell has them."""
        interpreter, filename, line = self.commands.interpreter, self.frame.f_code.co_filename, self.frame.f_lineno
        if in_body:
            return interpreter.parse("\n" * line + code, filename)
        import linecache

        written = linecache.getline(filename, line)
        column = len(written[: max(written.find(code), 0)].encode("utf-8", "surrogatepass"))
        tree, text, place = interpreter.parse("\n" * (line - 1) + code, filename)
        return tree, text, lambda tree: (place(tree), shift(tree, line, column))

    def compile(self, code: str, in_body: bool) -> tuple[CodeType | None, CodeType | None]:
        tree, text, place = self.parse(code, in_body)
        filename, name = self.frame.f_code.co_filename, self.frame.f_code.co_name
        parts = self.commands.interpreter.compile_tree(tree, text, place, filename)
        return parts if name == "<module>" else tuple(part and part.replace(co_name=name) for part in parts)

    async def execute(self, code: CodeType | None) -> Any:
        if code is None:
            return None
        value = eval(code, self.names, self.variables)
        return await value if code.co_flags & CO_COROUTINE else value


def shift(tree: Any, line: int, columns: int) -> None:
    """Moves the nodes of one line to the right."""
    import ast

    for node in ast.walk(tree):
        if getattr(node, "lineno", 0) == line:
            node.col_offset += columns
        if getattr(node, "end_lineno", 0) == line:
            node.end_col_offset += columns


def unknown(name: str, table: dict[str, str], other: dict[str, str], sign: str) -> str:
    """What to say of a command that there is not."""
    if name.startswith("%"):
        return f"%{name} is a cell command: it stands on the first line of a cell"
    if name in other:
        if sign == "%":
            return f"%{name} is a cell command: %%{name}, on the first line of a cell"
        return f"%%{name} is a line command: %{name}"
    near = nearest(name, table, sign)
    hint = near or "%lsmagic lists what there is"
    return f"there is no {'line' if sign == '%' else 'cell'} command {sign}{name}; {hint}"


def nearest(name: str, table: dict[str, str], sign: str) -> str:
    if name in INSTEAD:
        return f"instead: {INSTEAD[name]}"
    from difflib import get_close_matches

    near = ", ".join(sign + found for found in get_close_matches(name, table, 2, 0.6))
    return f"nearest: {near}" if near else ""


INSTEAD = {
    "alias": "a function that has !command in it",
    "alias_magic": "a function that has the command in it",
    "automagic": "it is always on",
    "bookmark": "%cd, and %dhist",
    "clear": "clear_output(), or a client's own key",
    "cls": "clear_output(), or a client's own key",
    "colors": "the terminal's theme",
    "doctest_mode": "%pprint, and %xmode Plain",
    "conda": "%pip",
    "micromamba": "%pip",
    "mamba": "%pip",
    "edit": "%load, which puts a file into the editor, and %%writefile",
    "ed": "%load, which puts a file into the editor, and %%writefile",
    "lprun": "%prun",
    "memit": "%time",
    "mprun": "%time",
    "notebook": "%save",
    "page": "display()",
    "pdb": "%debug, in the cell behind the error",
    "pylab": "%matplotlib",
    "quickref": "%magic",
    "rehashx": "!command",
    "sc": "name = !command",
    "unalias": "del",
    "gui": "%matplotlib",
    "logstart": "%history -f file",
    "store": "pickle",
    "macro": "%rerun, or a function",
    "python2": "%%python",
    "js": "%%script node",
    "R": "%%script Rscript -",
    "sql": "sqlite3",
}
