"""Files, folders and the environment: `%%writefile`, `%load`, `%cd`, `%env`."""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .dispatch import Call

SECRETS = ("key", "token", "secret", "password")


def writefile(call: Call) -> None:
    options, name = call.options(call.expanded(), "a append")
    if not name:
        raise call.wrong("into which file?")
    path = os.path.expanduser(unquoted(name))
    text = call.body or ""
    told = "Appending to" if options else "Overwriting" if os.path.exists(path) else "Writing"
    with open(path, "a" if options else "w", encoding="utf-8") as file:
        file.write(text if text.endswith("\n") or not text else text + "\n")
    print(told, name)


def load(call: Call) -> None:
    """Puts a file, a page or earlier cells into the editor, in place of the command."""
    options, name = call.options(call.expanded(), "r= y n")
    if not name:
        raise call.wrong("a file, a URL, or numbers of cells such as 3-5?")
    text = _loaded(call, unquoted(name))
    if "r" in options:
        first, _, last = options["r"].replace(":", "-").partition("-")
        lines = text.splitlines(keepends=True)
        text = "".join(lines[max(int(first or 1) - 1, 0) : int(last) if last else len(lines)])
    outbox = call.commands.outbox
    outbox.emit("set_next_input", outbox.owner(), {"text": f"# %load {call.text}\n{text}", "replace": True})


def _loaded(call: Call, name: str) -> str:
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
    raise call.wrong(f"there is no file {name}")


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


def env(call: Call) -> dict[str, str] | str | None:
    text = call.expanded()
    if not text:
        return {name: "<hidden>" if _is_secret(name) else value for name, value in os.environ.items()}
    if "=" in text.partition(" ")[0] or " " in text:
        return set_env(call)
    if text not in os.environ:
        raise call.wrong(f"there is no environment variable {text}")
    return os.environ[text]


def set_env(call: Call) -> None:
    text = call.expanded()
    name, sign, value = text.partition("=" if "=" in text.partition(" ")[0] else " ")
    if not sign or not name.strip():
        raise call.wrong("it takes a name and a value: NAME=VALUE or NAME VALUE")
    os.environ[name.strip()] = value.strip()
    print(f"env: {name.strip()}={value.strip()}")


def _is_secret(name: str) -> bool:
    return any(part in name.lower() for part in SECRETS)


def unquoted(name: str) -> str:
    return name[1:-1] if len(name) > 1 and name[0] == name[-1] and name[0] in "'\"" else name
