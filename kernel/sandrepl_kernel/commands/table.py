"""Every command: what it is for, in one line, and the function that does it.

Light to import: completion and help read it. A function is loaded when its command is first used.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable

_SCRIPT = "[--out name] [--err name] [--proc name] [--bg] [--no-raise-error]"

# name: (module of this package or a full path, and the function in it; what it is for)
_LINE = {
    "time": ("timing:time", "Run a statement once, and tell the CPU and wall time that it took; gives its value"),
    "timeit": (
        "timing:timeit",
        "Run a statement many times and tell how long one takes: [-n loops] [-r runs] [-p digits] [-q] [-o]",
    ),
    "sx": ("shell:captured", "Run a shell command and give its output as a list of lines, as !! does"),
    "system": ("shell:captured", "Run a shell command and give its output as a list of lines, as !! does"),
    "aimport": ("reloading:aimport", "Import modules for %autoreload 1, or with a - never load them anew: [-]module …"),
    "autoreload": (
        "reloading:autoreload",
        "Load changed modules anew before each cell: 0 off, 1 those of %aimport, 2 all, 3 with new names, too; now",
    ),
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
    "config": ("preferences:config", "Say what can be set, and how"),
    "debug": ("running:debug", "Debug where the last error was raised, or a statement"),
    "dhist": ("files:dhist", "List the directories that were visited, for %cd -NUMBER"),
    "dirs": ("files:dirs", "The directories that %pushd has left"),
    "env": ("files:env", "Show environment variables, or set one: NAME, NAME=VALUE or NAME VALUE"),
    "hist": ("past:history", "Show earlier cells, as %history does"),
    "history": ("past:history", "Show earlier cells: [-n] [-o] [-p] [-u] [-l [count]] [-f file] [-g pattern] [range]"),
    "killbgscripts": ("shell:killbgscripts", "End the programs that %%bash --bg and the like have left running"),
    "less": ("shell:alias", "Show files, as %cat does"),
    "load": (
        "files:load",
        "Put a file, a URL, earlier cells or, with -n, an object's source into the editor: "
        "[-r lines] [-s names] [-n] source",
    ),
    "load_ext": ("reloading:load_ext", "Load IPython's extension autoreload, the one that there is"),
    "lsmagic": ("help:lsmagic", "List the commands"),
    "magic": ("help:magic", "List the commands with what each is for"),
    "man": ("shell:alias", "Show a program's manual, by the shell's man"),
    "matplotlib": ("preferences:matplotlib", "Choose where figures show: inline, or agg for not at all; [--list]"),
    "more": ("shell:alias", "Show files, as %cat does"),
    "pdef": ("help:pdef", "Show an object's signature"),
    "pdoc": ("help:pdoc", "Show an object's docstring"),
    "pfile": ("help:pfile", "Show the file that an object is defined in"),
    "pinfo": ("help:pinfo", "Show what is known of an object, as name? does"),
    "pinfo2": ("help:pinfo2", "Show what is known of an object and its source, as name?? does"),
    "pip": ("running:pip", "Run pip for the kernel's Python"),
    "popd": ("files:popd", "Go back to the directory that %pushd left last"),
    "precision": ("preferences:precision", "Set how results show floats: a number of digits, a format, or as they are"),
    "pprint": ("preferences:pprint", "Choose whether long results show over many lines: on, off, or the other of both"),
    "prun": (
        "profiling:prun",
        "Run a statement and tell where it spends its time: [-s key] [-l limit] [-r] [-q] [-D file] [-T file]",
    ),
    "psearch": ("help:psearch", "List the names that a pattern with * fits: [-i] pattern [types]"),
    "psource": ("help:psource", "Show an object's source"),
    "pushd": ("files:pushd", "Go to a directory, and remember this one for %popd"),
    "pycat": ("help:pycat", "Show a file's text, or a variable's"),
    "pwd": ("files:pwd", "The current directory"),
    "reset": ("namespace:reset", "Delete all variables and results: [-f] [-s] [in] [out] [dhist] [array]"),
    "recall": ("past:recall", "Put earlier cells, or the last value, into the editor: [range]"),
    "reload_ext": ("reloading:load_ext", "Load IPython's extension autoreload, the one that there is"),
    "rep": ("past:recall", "Put earlier cells, or the last value, into the editor: [range]"),
    "rerun": ("past:rerun", "Run earlier cells again: [-l count] [-g text] [range]"),
    "reset_selective": ("namespace:reset_selective", "Delete the variables whose names a pattern fits: [-f] pattern"),
    "run": (
        "running:run",
        "Run a file as a program and take its names over: "
        "[-i] [-n] [-e] [-G] [-t [-N runs]] [-d] [-p] [-m module] file arguments",
    ),
    "save": ("past:save", "Write earlier cells into a file: [-a] [-f] [-r] file [range]"),
    "set_env": ("files:set_env", "Set an environment variable: NAME=VALUE or NAME VALUE"),
    "tb": ("preferences:tb", "Show the last traceback once more"),
    "unload_ext": ("reloading:load_ext", "Switch autoreload off"),
    "uv": ("running:uv", "Run uv for the kernel's Python"),
    "who": ("namespace:who", "List the variables, or those of some types"),
    "who_ls": ("namespace:who_ls", "The names of the variables as a list, or of those of some types"),
    "whos": ("namespace:whos", "List the variables with their types and values"),
    "xdel": ("namespace:xdel", "Delete a variable, and the results that are the same object"),
    "xmode": ("preferences:xmode", "Set how much tracebacks tell: Plain, Context, Verbose or Minimal"),
}
_CELL = {
    "!": ("shell:captured", "Run the cell by the shell and give its output as a list of lines"),
    "bash": ("shell:script", f"Run the cell by bash: {_SCRIPT} arguments"),
    "perl": ("shell:script", f"Run the cell by perl: {_SCRIPT} arguments"),
    "python": ("shell:script", f"Run the cell by a Python of its own: {_SCRIPT} arguments"),
    "python3": ("shell:script", f"Run the cell by a Python of its own: {_SCRIPT} arguments"),
    "ruby": ("shell:script", f"Run the cell by ruby: {_SCRIPT} arguments"),
    "script": ("shell:script", f"Run the cell by a program: {_SCRIPT} program arguments"),
    "sh": ("shell:script", f"Run the cell by sh: {_SCRIPT} arguments"),
    "sx": ("shell:captured", "Run the cell by the shell and give its output as a list of lines"),
    "system": ("shell:captured", "Run the cell by the shell and give its output as a list of lines"),
    "time": ("timing:time", "Run the cell once, and tell the CPU and wall time that it took"),
    "timeit": (
        "timing:timeit",
        "Run the cell many times, the first line as setup: [-n loops] [-r runs] [-p digits] [-q] [-o]",
    ),
    "prun": (
        "profiling:prun",
        "Run the cell and tell where it spends its time: [-s key] [-l limit] [-r] [-q] [-D file] [-T file]",
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
