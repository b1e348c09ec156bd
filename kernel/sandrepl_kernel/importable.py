"""Which modules could be imported, and what a module that was not imported would hold, without importing anything."""

from __future__ import annotations

import os
import sys

SOURCE_LIMIT = 256 << 10  # bytes of a module that are parsed for its names

TYPE_CHECKING = False
if TYPE_CHECKING:
    import ast
    from ast import Module
    from typing import Iterable

_listed: dict[str, tuple[int, frozenset[str]]] = {}  # by folder: when it changed last, and the modules in it
_parsed: dict[str, tuple[int, frozenset[str]]] = {}  # by file: the same of the names in it


def top_level() -> set[str]:
    found = set(sys.builtin_module_names)
    found.update(name for name in list(sys.modules) if "." not in name)
    for folder in list(sys.path):
        if type(folder) is str:
            found |= modules_in(folder or os.getcwd())
    return found


def submodules(name: str) -> set[str]:
    found = {module[len(name) + 1 :] for module in list(sys.modules) if module.startswith(name + ".")}
    found = {module for module in found if "." not in module}
    for folder in folders_of(name):
        found |= modules_in(folder)
    return found


def folders_of(name: str) -> list[str]:
    """Where a package keeps its modules."""
    loaded = sys.modules.get(name)
    if loaded is not None:
        from .lookup import instance_dict

        path = instance_dict(loaded).get("__path__", ())
        if type(path) is not list:
            path = getattr(path, "_path", ()) if type(path).__name__ == "_NamespacePath" else ()
        return [folder for folder in path if type(folder) is str]
    outer, _, last = name.rpartition(".")
    around: Iterable[str] = folders_of(outer) if outer else [folder for folder in sys.path if type(folder) is str]
    return [folder for folder in (os.path.join(place, last) for place in around) if os.path.isdir(folder)]


def modules_in(folder: str) -> frozenset[str]:
    try:
        changed = os.stat(folder).st_mtime_ns
        kept = _listed.get(folder)
        if kept is not None and kept[0] == changed:
            return kept[1]
        found = frozenset(_list(folder))
    except OSError:
        return frozenset()
    _listed[folder] = changed, found
    return found


def _list(folder: str) -> Iterable[str]:
    from _imp import extension_suffixes

    suffixes = (".py", ".pyc", *extension_suffixes())
    with os.scandir(folder) as entries:
        for entry in entries:
            name = entry.name
            if name.isidentifier():
                if name != "__pycache__" and os.path.exists(os.path.join(folder, name, "__init__.py")):
                    yield name
                continue
            stem = next((name[: -len(suffix)] for suffix in suffixes if name.endswith(suffix)), "")
            stem = stem.partition(".")[0]
            if stem.isidentifier() and stem != "__init__":
                yield stem


def source_of(name: str) -> str:
    """The file of a module, where it is Python's."""
    outer, _, last = name.rpartition(".")
    for folder in folders_of(outer) if outer else [place for place in list(sys.path) if type(place) is str]:
        for path in (os.path.join(folder, last, "__init__.py"), os.path.join(folder, last + ".py")):
            if os.path.isfile(path):
                return path
    return ""


def names_in_source(name: str) -> frozenset[str]:
    """What the statements of a module's file bind, and the modules of a package."""
    path = source_of(name)
    if not path:
        return frozenset()
    try:
        changed = os.stat(path).st_mtime_ns
        kept = _parsed.get(path)
        if kept is None or kept[0] != changed:
            kept = _parsed[path] = changed, frozenset(_parse(path))
    except (OSError, SyntaxError, ValueError, RecursionError):
        return frozenset(submodules(name))
    return kept[1] | submodules(name)


def doc_in_source(name: str) -> str:
    import ast

    try:
        return ast.get_docstring(_tree(source_of(name))) or ""
    except (OSError, SyntaxError, ValueError, RecursionError):
        return ""


def _tree(path: str) -> Module:
    import ast

    with open(path, "rb") as file:
        source = file.read(SOURCE_LIMIT + 1)
    return ast.parse(source if len(source) <= SOURCE_LIMIT else b"")


def _strings(tree: ast.AST) -> Iterable[str]:
    """What `__all__` says beside what is bound: a module may load it when it is asked for."""
    import ast

    parts = tree.elts if isinstance(tree, (ast.List, ast.Tuple)) else []
    yield from (part.value for part in parts if isinstance(part, ast.Constant) and type(part.value) is str)


def _parse(path: str) -> Iterable[str]:
    import ast

    waiting: list[ast.AST] = list(_tree(path).body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            yield node.name
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            yield from ((alias.asname or alias.name.partition(".")[0]) for alias in node.names if alias.name != "*")
        elif isinstance(node, (ast.Assign, ast.AnnAssign)):
            for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                yield from (found.id for found in ast.walk(target) if isinstance(found, ast.Name))
                if isinstance(target, ast.Name) and target.id == "__all__" and node.value is not None:
                    yield from _strings(node.value)
        elif isinstance(node, (ast.If, ast.Try, ast.With)):
            waiting += (part for part in ast.iter_child_nodes(node) if isinstance(part, (ast.stmt, ast.ExceptHandler)))
        elif isinstance(node, ast.ExceptHandler):
            waiting += node.body
