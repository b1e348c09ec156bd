"""Attributes read without running anything of the user's: straight from the dictionaries of instances and classes.

No property, `__getattr__`, `__getattribute__`, `__class__` or metaclass gets a say. `__dir__` does, where a class or a
module defines its own: that is what it is for. If it raises, what the dictionaries hold is told instead.
"""

from __future__ import annotations

import sys
from _collections import _tuplegetter as Field  # type: ignore[attr-defined]
from itertools import islice
from types import (
    BuiltinFunctionType,
    FunctionType,
    GetSetDescriptorType,
    MemberDescriptorType,
    MethodDescriptorType,
    MethodType,
    MethodWrapperType,
    ModuleType,
    WrapperDescriptorType,
)

DIR_LIMIT = 100_000

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Iterable

mro_of = type.__dict__["__mro__"].__get__
own_of = type.__dict__["__dict__"].__get__
module_of = type.__dict__["__module__"].__get__
name_of = type.__dict__["__name__"].__get__

BUILTINS = (BuiltinFunctionType, MethodDescriptorType, WrapperDescriptorType, MethodWrapperType)
FUNCTIONS = (FunctionType, MethodType, *BUILTINS, type(dict.__dict__["fromkeys"]))
WRAPPERS = (staticmethod, classmethod)
_FUNCTION_IDS = frozenset(map(id, FUNCTIONS))
_flags_of = type.__dict__["__flags__"].__get__
_ON_HEAP = 1 << 9  # set on every class that Python code defined

_PLAIN_DIRS = [kind.__dict__["__dir__"] for kind in (object, type, ModuleType)]
# Packages whose getters, docstrings and calls for keys are known to only read.
_TRUSTED = frozenset(
    "builtins types numpy pandas polars datetime _datetime _io io re decimal fractions collections functools array"
    " pathlib uuid".split()
)
MISSING = object()


def package_of(kind: Any) -> str:
    module = module_of(kind)
    return module.partition(".")[0] if type(module) is str else ""


def genuine(kind: Any) -> bool:
    """Whether a class is the one that its module has under its name, or one of C: its `__module__` may lie."""
    if not _flags_of(kind) & _ON_HEAP:
        return True
    module = module_of(kind)
    held = instance_dict(sys.modules.get(module)) if type(module) is str else {}
    return held.get(name_of(kind)) is kind


def trusted(kind: Any) -> bool:
    return package_of(kind) in _TRUSTED and genuine(kind)


def is_class(value: Any) -> bool:
    return issubclass(type(value), type)


def one_of(kind: Any, kinds: Iterable[Any]) -> bool:
    """`kind in kinds`, past the `__eq__` of a metaclass."""
    for other in kinds:
        if kind is other:
            return True
    return False


def is_function(value: Any) -> bool:
    return id(type(value)) in _FUNCTION_IDS


def is_module(value: Any) -> bool:
    return issubclass(type(value), ModuleType)


def instance_dict(value: Any) -> dict[str, Any]:
    """The `__dict__` that Python itself gave an instance; empty where its class has another idea of it."""
    for kind in mro_of(type(value)):
        entry = own_of(kind).get("__dict__")
        if entry is None:
            continue
        plain = type(entry) is GetSetDescriptorType or type(entry) is MemberDescriptorType
        if not plain and not issubclass(kind, ModuleType):
            return {}
        found = entry.__get__(value)
        return found if type(found) is dict else {}
    return {}


def in_class(kind: Any, name: str) -> Any:
    """What a class or a base of it binds to a name; MISSING when none does."""
    for base in mro_of(kind):
        entry = own_of(base).get(name, MISSING)
        if entry is not MISSING:
            return entry
    return MISSING


def all_of(kind: Any) -> dict[str, Any]:
    """What a class and its bases bind."""
    found: dict[str, Any] = {}
    for base in reversed(mro_of(kind)):
        found.update(own_of(base))
        for name in assigned(base):
            found.setdefault(name, MISSING)
        for name in annotated(base):
            found.setdefault(name, MISSING)
    return found


def assigned(kind: Any) -> Iterable[str]:
    """The attributes that a class's methods assign to `self`; before Python 3.13, which keeps them, those of `__init__`."""
    known = own_of(kind).get("__static_attributes__")
    if type(known) is tuple:
        return known
    maker = own_of(kind).get("__init__")
    return _assigned_by(maker.__code__) if type(maker) is FunctionType and maker.__code__.co_argcount else ()


def _assigned_by(code: Any) -> Iterable[str]:
    """The names that `code` stores right after it has loaded its first parameter."""
    from opcode import EXTENDED_ARG, opmap

    load, store, wide, before = opmap["LOAD_FAST"], opmap["STORE_ATTR"], 0, (0, 0)
    written = code.co_code
    for place in range(0, len(written) - 1, 2):
        operation, argument = written[place], written[place + 1] | wide << 8
        if operation == EXTENDED_ARG:
            wide = argument
            continue
        if operation == store and before == (load, 0) and argument < len(code.co_names):
            yield code.co_names[argument]
        wide, before = 0, (operation, argument)


def annotated(kind: Any) -> dict[str, Any]:
    found = own_of(kind).get("__annotations__")
    if type(found) is dict:
        return found
    return annotations_by(own_of(kind).get("__annotate_func__"))


def annotations(function: Any) -> dict[str, Any]:
    """A function's annotations. From 3.14 on they are code that has not run: then they are told as text."""
    if sys.version_info < (3, 14):
        return function.__annotations__
    return annotations_by(function.__annotate__)


def annotations_by(annotate: Any) -> dict[str, Any]:
    if type(annotate) is not FunctionType:
        return {}
    import annotationlib  # type: ignore[import-not-found]

    try:
        return annotationlib.call_annotate_function(annotate, annotationlib.Format.STRING)
    except Exception:
        return {}


def directory(value: Any) -> list[str] | None:
    """The names that an object's own idea of `dir` gives; None when it has none, or one that does not work."""
    if is_module(value):
        asked = instance_dict(value).get("__dir__")
        arguments: tuple[Any, ...] = ()
    else:
        asked = in_class(type(value), "__dir__")
        arguments = (value,)
        if one_of(asked, _PLAIN_DIRS):
            return None
    if type(asked) is not FunctionType:
        return None
    try:
        names = [name for name in islice(asked(*arguments), DIR_LIMIT) if type(name) is str]
    except BaseException as error:
        if isinstance(error, SystemExit):
            raise  # how the thread is told to stop
        return None
    return names or None


def members(value: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """What a live object has of its own, and what it has by its class."""
    if is_module(value):
        own, shared = dict(instance_dict(value)), {}
    elif is_class(value):
        own, shared = {}, all_of(value)
    else:
        own, shared = dict(instance_dict(value)), all_of(type(value))
    names = directory(value)
    if names is not None:
        for name in names:
            if name not in own and name not in shared:
                own[name] = MISSING
    return own, shared


def is_data_descriptor(entry: Any) -> bool:
    return in_class(type(entry), "__set__") is not MISSING and in_class(type(entry), "__get__") is not MISSING


def kind_of(entry: Any, by_class: bool) -> str:
    """The kind of what a name is bound to, as a completion says it."""
    kind = type(entry)
    if entry is MISSING:
        return "instance"
    if id(kind) in _FUNCTION_IDS:
        return "function"
    if issubclass(kind, ModuleType):
        return "module"
    if issubclass(kind, type):
        return "class"
    if by_class and issubclass(kind, WRAPPERS):
        return "function"
    if by_class and in_class(kind, "__get__") is not MISSING and not wraps_function(entry):
        return "property"
    if trusted(kind) and not issubclass(kind, property) and in_class(kind, "__call__") is not MISSING:
        return "function"
    return "instance"


def wraps_function(entry: Any) -> bool:
    """Whether it is what a decorator such as `functools.lru_cache` made of a function."""
    return type(instance_dict(entry).get("__wrapped__")) is FunctionType


def trusted_getter(entry: Any) -> bool:
    """Whether reading this descriptor is known to run no Python code: a slot, or a C getter of a well-known type."""
    if type(entry) is MemberDescriptorType:
        return True
    return type(entry) is GetSetDescriptorType and trusted(entry.__objclass__)
