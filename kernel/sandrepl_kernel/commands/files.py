"""Files, folders and the environment: `%%writefile`, `%load`, `%cd`, `%env`."""

from __future__ import annotations

import os
import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .dispatch import Call, Commands

_RANGE = re.compile(r"(\d*)(?:([-:])(\d*))?$")
_VARIABLE = re.compile(r"([^\s=]+)(?:\s*=\s*|\s+)(.*)", re.DOTALL)
SECRETS = ("key", "token", "secret", "password")


def writefile(call: Call) -> None:
    options, name = call.options(call.expanded(), "a append")
    if not name:
        raise call.wrong("into which file?")
    name = unquoted(name)
    path = os.path.expanduser(name)
    text = call.body or ""
    told = "Appending to" if options else "Overwriting" if os.path.exists(path) else "Writing"
    with open(path, "a" if options else "w", encoding="utf-8") as file:
        file.write(text if text.endswith("\n") or not text else text + "\n")
    print(told, name)


def load(call: Call) -> None:
    """Puts a file, a page or earlier cells into the editor, in place of the command."""
    options, name = call.options(call.expanded(), "r= s= y n")
    if not name:
        raise call.wrong("a file, a URL, the name of a text, or numbers of cells such as 3-5?")
    text = source_of(call, unquoted(name), "n" in options)
    if "s" in options:
        text = _defined(call, text, options["s"].split(","))
    if "r" in options:
        text = _lines(call, text, options["r"])
    set_next_input(call.commands, f"# %load {call.text}\n{text}", True)


def set_next_input(commands: Commands, text: str, replace: bool) -> None:
    outbox = commands.outbox
    outbox.emit("set_next_input", outbox.owner(), {"text": text, "replace": replace})


def _lines(call: Call, text: str, ranges: str) -> str:
    """Lines by their numbers: `2-4` with the last one, `2:4` without it, several parted by commas."""
    lines = text.splitlines(keepends=True)
    chosen = ""
    for part in ranges.split(","):
        match = _RANGE.match(part)
        if match is None:
            raise call.wrong(f"{part} is no range of lines, such as 5, 2-4 or 8:")
        first, sign, last = match.groups()
        start = int(first or 1) - 1
        end = start + 1 if not sign else int(last) - (sign == ":") if last else len(lines)
        chosen += "".join(lines[max(start, 0) : end])
    return chosen


def _defined(call: Call, text: str, names: list[str]) -> str:
    """The functions and classes of these names, each as it is written."""
    import ast

    try:
        tree = ast.parse(text)
    except SyntaxError as error:
        raise call.wrong(f"its functions cannot be told: line {error.lineno} is no Python: {error.msg}") from None
    lines = text.splitlines()
    found = {}
    for node in tree.body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            start = min([node.lineno, *(each.lineno for each in node.decorator_list)])
            found[node.name] = "\n".join(lines[start - 1 : node.end_lineno])
    missing = [name for name in names if name not in found]
    if missing:
        raise call.wrong(f"it defines no {', '.join(missing)}; what it defines: {', '.join(found) or 'nothing'}")
    return "\n\n".join(found[name] for name in names) + "\n"


def source_of(call: Call, name: str, defined: bool = False) -> str:
    """The text of a file, of a page, of earlier cells, of a variable; where `defined`, of what a name stands for."""
    if name.startswith(("http://", "https://")):
        from urllib.request import urlopen

        with urlopen(name, timeout=30) as answer:
            return str(answer.read().decode(answer.headers.get_content_charset() or "utf-8", "replace"))
    path = os.path.expanduser(name)
    for found in (path, path + ".py"):
        if os.path.isfile(found):
            with open(found, encoding="utf-8", errors="replace") as file:
                return file.read()
    from .past import cells

    if all(part.replace("-", "").replace("~", "").replace("/", "").isdigit() for part in name.split()):
        return "\n".join(code for _, code in cells(call, name))
    value = call.variables.get(name, call.names.get(name))
    if type(value) is str:
        return value
    if value is None or not defined:
        hint = "" if value is None else f"; %load -n {name} has its source"
        raise call.wrong(f"there is no file {name}{hint}")
    from inspect import getsource

    try:
        return getsource(value)
    except (OSError, TypeError) as error:
        raise call.wrong(f"{name} has no source: {error}") from None


def cd(call: Call) -> None:
    text = call.expanded()
    options, name = ({}, text) if text[:1] == "-" and text[1:2].isdigit() else call.options(text, "q")
    been = call.commands.directories
    if name == "-":
        if len(been) < 2:
            raise call.wrong("there is no directory before this one")
        path = been[-2]
    elif name[:1] == "-":
        number = int(name[1:])
        if number >= len(been):
            raise call.wrong(f"only {len(been)} directories were visited")
        path = been[number]
    else:
        path = os.path.expanduser(unquoted(name) or "~")
    go(call, path)
    if "q" not in options:
        print(os.getcwd())


def go(call: Call, path: str) -> None:
    been = call.commands.directories
    before = os.getcwd()
    if not been or been[-1] != before:
        been.append(before)
    os.chdir(path)
    been.append(os.getcwd())


def pwd(call: Call) -> str:
    return os.getcwd()


def pushd(call: Call) -> None:
    before = os.getcwd()
    go(call, os.path.expanduser(unquoted(call.expanded()) or "~"))
    call.commands.stack.insert(0, before)
    print(os.getcwd())


def popd(call: Call) -> None:
    if not call.commands.stack:
        raise call.wrong("the stack of directories is empty")
    go(call, call.commands.stack.pop(0))
    print(os.getcwd())


def dirs(call: Call) -> list[str]:
    return list(call.commands.stack)


def dhist(call: Call) -> None:
    print("Directories that were visited; %cd -3 goes to number 3:")
    for number, path in enumerate(call.commands.directories or [os.getcwd()]):
        print(f"{number}: {path}")


def env(call: Call) -> dict[str, str] | str | None:
    text = call.expanded()
    if not text:
        return {name: "<hidden>" if _is_secret(name) else value for name, value in os.environ.items()}
    if "=" in text or " " in text:
        return set_env(call)
    if text not in os.environ:
        raise call.wrong(f"there is no environment variable {text}")
    return os.environ[text]


def set_env(call: Call) -> None:
    text = call.expanded()
    match = _VARIABLE.match(text)
    if match is None:
        raise call.wrong("it takes a name and a value: NAME=VALUE or NAME VALUE")
    name, value = match.groups()
    os.environ[name] = value
    print(f"env: {name}={value}")


def _is_secret(name: str) -> bool:
    return any(part in name.lower() for part in SECRETS)


def unquoted(name: str) -> str:
    return name[1:-1] if len(name) > 1 and name[0] == name[-1] and name[0] in "'\"" else name
