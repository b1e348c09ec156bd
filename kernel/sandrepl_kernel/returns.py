"""The class of what a function or a property would give, by what is written of it: annotations, and docstrings."""

from __future__ import annotations

import ast
import re
import sys

from . import lookup
from .signatures import doc_of

DEPTH = 10

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Iterable


def returned(function: Any, owner: Any) -> Any:
    """By the annotation of what a function returns; `owner` is the class that it was reached by."""
    module = function.__module__
    if owner is not None and type(module) is str and module.partition(".")[0] == "pathlib":
        for kind, names in _PATHS.items():
            if function.__name__ in names.split():
                return owner if kind == "path" else vars(sys.modules["builtins"])[kind]
    hints = lookup.annotations(function)
    hint = hints.get("return")
    if owner is not None and hint is not None and function.__code__.co_argcount:
        first = hints.get(function.__code__.co_varnames[0], lookup.MISSING)
        if first is hint or type(hint) is str and type(first) is str and first == hint:
            return owner
    return hinted(hint, function.__globals__, owner)


_PATHS = {
    "path": "parent joinpath absolute resolve expanduser with_name with_stem with_suffix relative_to rename replace cwd"
    " home readlink __truediv__ __rtruediv__",
    "str": "name stem suffix read_text as_posix as_uri owner group root drive anchor __str__",
    "bytes": "read_bytes",
    "bool": "exists is_dir is_file is_symlink is_absolute match samefile",
    "tuple": "parts",
    "list": "suffixes",
}


def hinted(hint: Any, names: dict[str, Any], owner: Any = None, depth: int = 0) -> Any:
    """The class that an annotation says, where `names` are in sight; of a choice the first one that is not None."""
    if hint is None or hint is type(None) or depth > DEPTH:
        return None
    if lookup.is_class(hint):
        return hint
    if type(hint) is str:
        try:
            tree = ast.parse(hint.strip(), mode="eval").body
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None
        return _by_syntax(tree, names, owner, depth)
    if lookup.module_of(type(hint)) not in ("typing", "types", "typing_extensions"):
        return None
    kind, origin = lookup.name_of(type(hint)), getattr(hint, "__origin__", None)
    if kind == "TypeVar" or getattr(hint, "_name", None) == "Self":
        return owner
    if kind == "NewType":
        return hinted(hint.__supertype__, names, owner, depth + 1)
    if kind in ("UnionType", "Union", "_UnionGenericAlias") or getattr(origin, "_name", None) == "Union":
        return first(hinted(part, names, owner, depth + 1) for part in hint.__args__)
    return hinted(origin, names, owner, depth + 1)


def first(found: Iterable[Any]) -> Any:
    return next((kind for kind in found if kind is not None), None)


def _by_syntax(tree: Any, names: dict[str, Any], owner: Any, depth: int) -> Any:
    if isinstance(tree, ast.BinOp):
        return first(_by_syntax(side, names, owner, depth + 1) for side in (tree.left, tree.right))
    if isinstance(tree, ast.Subscript):
        base = tree.value.attr if isinstance(tree.value, ast.Attribute) else getattr(tree.value, "id", "")
        if base not in ("Optional", "Union", "Annotated"):
            return _by_syntax(tree.value, names, owner, depth + 1)
        inner = getattr(tree.slice, "value", tree.slice) if type(tree.slice).__name__ == "Index" else tree.slice
        parts = inner.elts if isinstance(inner, ast.Tuple) else [inner]
        return first(_by_syntax(part, names, owner, depth + 1) for part in parts)
    if isinstance(tree, ast.Constant):
        return hinted(tree.value, names, owner, depth + 1) if type(tree.value) is str else None
    if isinstance(tree, ast.Name) and tree.id == "Self":
        return owner
    found = _dotted(tree, names)
    return None if found is lookup.MISSING else hinted(found, names, owner, depth + 1)


def _dotted(tree: Any, names: dict[str, Any]) -> Any:
    if isinstance(tree, ast.Attribute):
        base = _dotted(tree.value, names)
        if lookup.is_class(base):
            return lookup.in_class(base, tree.attr)
        return lookup.instance_dict(base).get(tree.attr, lookup.MISSING)
    if not isinstance(tree, ast.Name):
        return lookup.MISSING
    return names.get(tree.id, vars(sys.modules["builtins"]).get(tree.id, lookup.MISSING))


_RETURNS = re.compile(r"\n\s*Returns\n\s*-{3,}\s*\n\s*(?:\w[\w, ]* : )?\{?([A-Za-z_][\w.]*)")


def documented(function: Any) -> Any:
    """By the "Returns" of a docstring in numpy's way."""
    module = getattr(function, "__module__", None) if lookup.is_function(function) else lookup.module_of(type(function))
    package = sys.modules.get(module.partition(".")[0]) if type(module) is str else None
    match = _RETURNS.search(doc_of(function)) if package is not None else None
    if match is None:
        return None
    names = lookup.instance_dict(package)
    name = match.group(1).rpartition(".")[2]
    for scope in (names, lookup.instance_dict(sys.modules.get("numpy")), vars(sys.modules["builtins"])):
        if lookup.is_class(scope.get(name)):
            return scope[name]
    return None


_BUILTIN_RETURNS = {
    "str.str": "capitalize casefold center expandtabs format format_map join ljust lower lstrip removeprefix"
    " removesuffix replace rjust rstrip strip swapcase title translate upper zfill",
    "str.list": "split rsplit splitlines",
    "str.tuple": "partition rpartition",
    "str.bytes": "encode",
    "str.int": "count find index rfind rindex",
    "bytes.str": "decode hex",
    "bytes.bytes": "lower upper strip lstrip rstrip replace join",
    "bytes.list": "split rsplit splitlines",
    "TextIOWrapper.str": "read readline",
    "TextIOWrapper.list": "readlines",
    "list.list": "copy",
    "list.int": "count index",
    "dict.dict": "copy fromkeys",
    "dict.dict_keys": "keys",
    "dict.dict_values": "values",
    "dict.dict_items": "items",
    "set.set": "copy difference intersection symmetric_difference union",
    "builtins.int": "len hash id ord sum",
    "builtins.str": "repr chr ascii bin hex oct format input",
    "builtins.list": "sorted dir",
    "builtins.dict": "vars globals locals",
    "builtins.bool": "all any callable isinstance issubclass",
    "builtins.TextIOWrapper": "open",
    "_io.TextIOWrapper": "open",
    "io.TextIOWrapper": "open",
}


def builtin_returned(function: Any) -> Any:
    holder = getattr(function, "__objclass__", None) or getattr(function, "__self__", None)
    if lookup.is_module(holder):
        place = lookup.instance_dict(holder).get("__name__")
    else:
        holder = holder if lookup.is_class(holder) else type(holder)
        known = lookup.one_of(holder, (str, bytes, list, dict, set)) or lookup.module_of(holder) == "_io"
        place = lookup.name_of(holder) if known else None
    for key, functions in _BUILTIN_RETURNS.items():
        if key.partition(".")[0] == place and function.__name__ in functions.split():
            return kind_called(key.partition(".")[2])
    return None


def kind_called(name: str) -> Any:
    if name == "TextIOWrapper":
        import _io

        return _io.TextIOWrapper
    if name.startswith("dict_"):
        return type(getattr({}, name[5:])())
    return vars(sys.modules["builtins"])[name]
