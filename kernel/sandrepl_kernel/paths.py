"""Paths of files, in strings and on a shell's command line, and the commands that a shell would find."""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Callable, Iterator

LIMIT = 20_000  # entries of a folder that are looked at
_commands: dict[str, tuple[int, list[str]]] = {}  # by folder of PATH: when it changed last, and what is in it


def split(text: str) -> tuple[str, str]:
    """The folder that a path begins with, as written, and what is written of a name in it."""
    place = text.rfind("/") + 1
    return text[:place], text[place:]


def names_in(folder: str, begin: str, overtaken: Callable[[], bool]) -> Iterator[str]:
    """What a folder holds that begins so in any case, sorted, hidden files last; a folder's name ends in a slash."""
    place = os.path.expanduser(folder) or "."
    begin = begin.casefold()
    found = []
    try:
        with os.scandir(place) as entries:
            for number, entry in enumerate(entries):
                if number >= LIMIT or number % 100 == 0 and overtaken():
                    break
                if entry.name.casefold().startswith(begin):
                    found.append(entry)
    except (OSError, ValueError):
        return
    for entry in sorted(found, key=lambda entry: (entry.name.startswith("."), entry.name.lower(), entry.name)):
        yield entry.name + "/" if is_folder(entry) else entry.name


def is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False


def homes() -> Iterator[str]:
    """`~` and everybody's `~name/`."""
    yield "~/"
    try:
        import pwd
    except ImportError:
        return
    for entry in pwd.getpwall():
        yield f"~{entry.pw_name}/"


def commands() -> set[str]:
    found: set[str] = set()
    for folder in os.environ.get("PATH", os.defpath).split(os.pathsep):
        try:
            changed = os.stat(folder).st_mtime_ns
            kept = _commands.get(folder)
            if kept is None or kept[0] != changed:
                kept = _commands[folder] = changed, os.listdir(folder)
        except OSError:
            continue
        found.update(kept[1])
    return found
