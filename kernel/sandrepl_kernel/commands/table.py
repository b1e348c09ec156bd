"""Every command: what it is for, in one line, and the function that does it.

Light to import: completion and help read it. A function is loaded when its command is first used.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable

# name: (module of this package or a full path, and the function in it; what it is for)
_LINE = {
    "time": ("timing:time", "Run a statement once, and tell the CPU and wall time that it took; gives its value"),
    "timeit": (
        "timing:timeit",
        "Run a statement many times and tell how long one takes: [-n loops] [-r runs] [-p digits] [-q] [-o]",
    ),
    "sx": ("shell:captured", "Run a shell command and give its output as a list of lines, as !! does"),
    "system": ("shell:captured", "Run a shell command and give its output as a list of lines, as !! does"),
    "cat": ("shell:alias", "Show files, by the shell's cat"),
    "cp": ("shell:alias", "Copy files, by the shell's cp"),
    "ll": ("shell:alias", "List files with their details, by the shell's ls -l"),
    "ls": ("shell:alias", "List files, by the shell's ls"),
    "mkdir": ("shell:alias", "Make directories, by the shell's mkdir"),
    "mv": ("shell:alias", "Move files, by the shell's mv"),
    "push": (
        "sandrepl_kernel.agents.pushing:push",
        "Write variables for the cells of an agent that works in this sandbox: NAME [NAME …]",
    ),
    "rm": ("shell:alias", "Remove files, by the shell's rm"),
    "rmdir": ("shell:alias", "Remove empty directories, by the shell's rmdir"),
}
_CELL = {
    "!": ("shell:captured", "Run the cell by the shell and give its output as a list of lines"),
    "bash": ("shell:script", "Run the cell by bash: [--out name] [--err name] [--no-raise-error]"),
    "script": (
        "shell:script",
        "Run the cell by a program: [--out name] [--err name] [--no-raise-error] program arguments",
    ),
    "sh": ("shell:script", "Run the cell by sh: [--out name] [--err name] [--no-raise-error]"),
    "sx": ("shell:captured", "Run the cell by the shell and give its output as a list of lines"),
    "system": ("shell:captured", "Run the cell by the shell and give its output as a list of lines"),
    "time": ("timing:time", "Run the cell once, and tell the CPU and wall time that it took"),
    "timeit": (
        "timing:timeit",
        "Run the cell many times, the first line as setup: [-n loops] [-r runs] [-p digits] [-q] [-o]",
    ),
}

LINE = {name: told for name, (_, told) in _LINE.items()}
CELL = {name: told for name, (_, told) in _CELL.items()}


def function_of(name: str, of_cell: bool) -> Callable[..., Any]:
    from importlib import import_module

    module, _, function = (_CELL if of_cell else _LINE)[name][0].partition(":")
    return getattr(import_module(module if "." in module else f"{__package__}.{module}"), function)
