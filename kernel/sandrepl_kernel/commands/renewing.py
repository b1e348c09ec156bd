"""Functions and classes that were loaded before, given the code that was loaded now."""

from __future__ import annotations

import enum
import gc
from types import FunctionType

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType
    from typing import Any

_OF_FUNCTION = ("__code__", "__defaults__", "__kwdefaults__", "__doc__", "__annotations__", "__dict__")
_OF_CLASS = frozenset(("__dict__", "__weakref__", "__slots__", "__module__", "__qualname__"))


def renewable(value: Any, module: ModuleType) -> bool:
    """Whether it is a function or a class that this module has made."""
    return (type(value) is FunctionType or isinstance(value, type)) and value.__module__ == module.__name__


def renew(old: Any, new: Any) -> None:
    if type(old) is FunctionType and type(new) is FunctionType:
        _renew_function(old, new)
    elif isinstance(old, type) and isinstance(new, type) and not isinstance(old, enum.EnumMeta):
        _renew_class(old, new)
        _move_instances(old, new)


def _renew_function(old: FunctionType, new: FunctionType) -> None:
    """Not where the code needs other variables of an outer function: those cannot be changed."""
    if old.__code__.co_freevars == new.__code__.co_freevars:
        for name in _OF_FUNCTION:
            setattr(old, name, getattr(new, name))


def _renew_class(old: type, new: type) -> None:
    """As far as it allows."""
    before, after = dict(vars(old)), dict(vars(new))
    for name in before.keys() | after.keys():
        was, now = before.get(name), after.get(name)
        if name in _OF_CLASS or was is now:
            continue
        if type(was) is FunctionType and type(now) is FunctionType and was.__code__.co_freevars == now.__code__.co_freevars:
            _renew_function(was, now)
            continue
        try:
            if name in after:
                setattr(old, name, now)
            else:
                delattr(old, name)
        except (AttributeError, TypeError):
            pass
    try:
        old.__bases__ = new.__bases__
    except TypeError:
        pass


def _move_instances(old: type, new: type) -> None:
    for value in gc.get_objects():
        if type(value) is old:
            try:
                object.__setattr__(value, "__class__", new)
            except TypeError:  # it has other slots
                pass
