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
    "cd": ("files:cd", "Go to a directory; - is the one before, and nothing is home: [-q]"),
    "debug": ("running:debug", "Debug where the last error was raised, or a statement"),
    "dirs": ("files:dirs", "The directories that %pushd has left"),
    "env": ("files:env", "Show environment variables, or set one: NAME, NAME=VALUE or NAME VALUE"),
    "hist": ("past:history", "Show earlier cells, as %history does"),
    "history": ("past:history", "Show earlier cells: [-n] [-o] [-p] [-u] [-l count] [-f file] [-g pattern] [range]"),
    "load": ("files:load", "Put a file, a URL or earlier cells into the editor: [-r lines] source"),
    "lsmagic": ("help:lsmagic", "List the commands"),
    "magic": ("help:magic", "List the commands with what each is for"),
    "matplotlib": ("preferences:matplotlib", "Choose where figures show: inline, or agg for not at all; [--list]"),
    "pdoc": ("help:pdoc", "Show an object's docstring"),
    "pinfo": ("help:pinfo", "Show what is known of an object, as name? does"),
    "pinfo2": ("help:pinfo2", "Show what is known of an object and its source, as name?? does"),
    "pip": ("running:pip", "Run pip for the kernel's Python"),
    "popd": ("files:popd", "Go back to the directory that %pushd left last"),
    "precision": ("preferences:precision", "Set how results show floats: a number of digits, a format, or as they are"),
    "psearch": ("help:psearch", "List the names that a pattern with * fits"),
    "psource": ("help:psource", "Show an object's source"),
    "pushd": ("files:pushd", "Go to a directory, and remember this one for %popd"),
    "pwd": ("files:pwd", "The current directory"),
    "reset": ("namespace:reset", "Delete all variables and results: [-f] [-s] [in] [out] [dhist] [array]"),
    "run": (
        "running:run",
        "Run a file as a program and take its names over: [-i] [-n] [-e] [-m module] file arguments",
    ),
    "set_env": ("files:set_env", "Set an environment variable: NAME=VALUE or NAME VALUE"),
    "who": ("namespace:who", "List the variables, or those of some types"),
    "who_ls": ("namespace:who_ls", "The names of the variables as a list, or of those of some types"),
    "whos": ("namespace:whos", "List the variables with their types and values"),
    "xdel": ("namespace:xdel", "Delete a variable, and the results that are the same object"),
    "xmode": ("preferences:xmode", "Set how much tracebacks tell: Plain, Context, Verbose or Minimal"),
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
    "capture": (
        "capturing:capture",
        "Keep what the cell writes and shows: [--no-stdout] [--no-stderr] [--no-display] [name]",
    ),
    "file": ("files:writefile", "Write the cell into a file, as %%writefile does"),
    "html": ("showing:show", "Show the cell as HTML"),
    "javascript": ("showing:show", "Show the cell as JavaScript"),
    "js": ("showing:show", "Show the cell as JavaScript"),
    "latex": ("showing:show", "Show the cell as LaTeX"),
    "markdown": ("showing:show", "Show the cell as Markdown"),
    "svg": ("showing:show", "Show the cell as an SVG picture"),
    "writefile": ("files:writefile", "Write the cell into a file: [-a] file; -a appends"),
}

LINE = {name: told for name, (_, told) in _LINE.items()}
CELL = {name: told for name, (_, told) in _CELL.items()}


def function_of(name: str, of_cell: bool) -> Callable[..., Any]:
    from importlib import import_module

    module, _, function = (_CELL if of_cell else _LINE)[name][0].partition(":")
    return getattr(import_module(module if "." in module else f"{__package__}.{module}"), function)
