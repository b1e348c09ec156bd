"""What is known of an expression that has not run: a live object, only its type, or a class that is still a draft.

Every step (an attribute, an item, a call) leads from one of these to another, or to None: no code of the user's runs on
the way. A property and a function say by their annotations what they would give; numpy's and pandas' functions by the
"Returns" of their docstrings. A column of a DataFrame is known to be a Series, not which.
"""

from __future__ import annotations

import sys
from types import FunctionType, MethodType

from . import lookup
from .keys import is_frame, keys_of
from .returns import builtin_returned, documented, hinted, returned
from .signatures import parameters, unwrapped

PART = object()
KEY_LIMIT = 100_000  # entries of a dict that are searched for a key

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .signatures import Parameter

    Members = tuple[dict[str, Any], dict[str, Any]]


class Known:
    """What there is to know of something of which nothing is known."""

    def members(self) -> Members:
        return {}, {}

    def attribute(self, name: str) -> Known | None:
        return None

    def called(self) -> Known | None:
        return None

    def item(self, key: Any) -> Known | None:
        """`self[key]`. The key is PART for a slice, a list or a mask, and MISSING when nothing is known of it."""
        return None

    def iterated(self) -> Known | None:
        return None

    def parameters(self) -> list[Parameter] | None:
        return None


class Either(Known):
    """One of several things, it is not known which."""

    def __init__(self, each: list[Known]) -> None:
        self._each = each

    def members(self) -> Members:
        own: dict[str, Any] = {}
        shared: dict[str, Any] = {}
        for known in self._each:
            more, inherited = known.members()
            own.update(more)
            shared.update(inherited)
        return own, shared


class Of(Known):
    """Some instance of a class."""

    def __init__(self, kind: Any) -> None:
        self.kind = kind

    def members(self) -> Members:
        return {}, lookup.all_of(self.kind)

    def attribute(self, name: str) -> Known | None:
        entry = lookup.in_class(self.kind, name)
        if entry is lookup.MISSING:
            for base in lookup.mro_of(self.kind):
                if name in lookup.annotated(base):
                    return some(hinted(lookup.annotated(base)[name], scope_of(base), self.kind))
            return None
        return through(entry, self.kind)

    def called(self) -> Known | None:
        entry = lookup.in_class(self.kind, "__call__")
        return Live(entry, self.kind).called() if type(entry) is FunctionType else None

    def item(self, key: Any) -> Known | None:
        if is_frame(self.kind) and type(key) is str:
            return Of(sys.modules[lookup.package_of(self.kind)].Series)
        if key is PART:
            tabular = lookup.package_of(self.kind) in ("numpy", "pandas", "polars")
            return self if tabular or lookup.one_of(self.kind, (str, bytes, list, tuple)) else None
        if self.kind is str:
            return self
        return self._by_method("__getitem__")

    def iterated(self) -> Known | None:
        if self.kind is str:
            return self
        if lookup.one_of(self.kind, (bytes, bytearray, range)):
            return Of(int)
        if lookup.module_of(self.kind) == "_io":
            return Of(str if lookup.name_of(self.kind) in ("TextIOWrapper", "StringIO") else bytes)
        return self._by_method("__next__")

    def _by_method(self, name: str) -> Known | None:
        entry = lookup.in_class(self.kind, name)
        return Live(entry, self.kind).called() if type(entry) is FunctionType else None

    def parameters(self) -> list[Parameter] | None:
        entry = lookup.in_class(self.kind, "__call__")
        return parameters(entry, True) if type(entry) is FunctionType else None


class Live(Known):
    """An object that is there. `owner`: the class by which it was reached, when it is a method of it."""

    def __init__(self, value: Any, owner: Any = None) -> None:
        self.value = value
        self.owner = owner

    @property
    def kind(self) -> Any:
        return type(self.value)

    def members(self) -> Members:
        return lookup.members(self.value)

    def attribute(self, name: str) -> Known | None:
        value = self.value
        if lookup.is_module(value):
            return attribute_of_module(value, name)
        if lookup.is_class(value):
            return self._attribute_of_class(name)
        entry = lookup.in_class(type(value), name)
        own = lookup.instance_dict(value)
        if name in own and (entry is lookup.MISSING or not lookup.is_data_descriptor(entry)):
            return Live(own[name])
        if entry is lookup.MISSING and is_frame(type(value)):
            return Of(type(value)).item(name) if name in keys_of(value) else None
        if type(entry) is lookup.Field or entry is not lookup.MISSING and lookup.trusted_getter(entry):
            try:
                return Live(entry.__get__(value))
            except Exception:
                return None  # a slot without a value
        return Of(type(value)).attribute(name)

    def _attribute_of_class(self, name: str) -> Known | None:
        entry = lookup.in_class(self.value, name)
        if entry is lookup.MISSING:
            named = lookup.in_class(self.value, "_member_map_")  # of an Enum, until Python 3.11
            if type(named) is dict and name in named:
                return Live(named[name])
            entry = lookup.in_class(type(self.value), name)
            if entry is lookup.MISSING:
                return None
            return through(entry, type(self.value))
        if lookup.one_of(type(entry), lookup.WRAPPERS):
            return Live(entry.__func__, self.value if type(entry) is classmethod else None)
        return Live(entry)

    def called(self) -> Known | None:
        if lookup.is_class(self.value):
            return Of(self.value) if self.value is not type else None
        if type(self.value) is MethodType:
            return Live(self.value.__func__, type(self.value.__self__)).called()
        function = unwrapped(self.value)
        if type(function) is FunctionType:
            kind = returned(function, self.owner)
        elif lookup.one_of(type(function), lookup.BUILTINS):
            kind = builtin_returned(function)
        else:
            caller = lookup.in_class(type(function), "__call__")
            kind = returned(caller, type(function)) if type(caller) is FunctionType else None
        return some(documented(function) if kind is None else kind)

    def item(self, key: Any) -> Known | None:
        value, kind = self.value, self.kind
        if key is lookup.MISSING:
            return None
        if has_items_of(kind, dict):
            return item_of_dict(value, key)
        if lookup.one_of(kind, (list, tuple)) and type(key) is int:
            try:
                return Live(value[key])
            except IndexError:
                return None
        return Of(kind).item(key)

    def iterated(self) -> Known | None:
        if lookup.one_of(self.kind, (list, tuple, set, frozenset, dict)) and self.value:
            try:
                return Live(next(iter(self.value)))
            except (RuntimeError, StopIteration):  # the cell that runs changes it
                return None
        return Of(self.kind).iterated()

    def parameters(self) -> list[Parameter] | None:
        return parameters(self.value, self.owner is not None)


def through(entry: Any, owner: Any) -> Known | None:
    """What an entry of a class gives when it is read on an instance."""
    kind = type(entry)
    if kind is staticmethod:
        return Live(entry.__func__)
    if kind is classmethod or kind is FunctionType or lookup.one_of(kind, lookup.BUILTINS):
        return Live(entry.__func__ if kind is classmethod else entry, owner)
    if issubclass(kind, property):
        getter = property.__dict__["fget"].__get__(entry)
        return some(returned(getter, owner)) if type(getter) is FunctionType else None
    if lookup.wraps_function(entry):
        return Live(entry, owner)
    if lookup.in_class(kind, "__get__") is lookup.MISSING:
        return Live(entry)
    held = lookup.instance_dict(entry)
    if lookup.name_of(kind) == "cached_property" and type(held.get("func")) is FunctionType:
        return some(returned(held["func"], owner))
    if lookup.package_of(kind) == "pandas":
        if lookup.name_of(kind) == "AxisProperty":
            return some(lookup.instance_dict(sys.modules.get("pandas")).get("Index"))
        return some(held["_accessor"]) if lookup.is_class(held.get("_accessor")) else None
    return None


def attribute_of_module(module: Any, name: str) -> Known | None:
    held = lookup.instance_dict(module)
    if name in held:
        return Live(held[name])
    outer = held.get("__name__")
    within = sys.modules.get(f"{outer}.{name}") if type(outer) is str else None
    return Live(within) if within is not None else None


def has_items_of(kind: Any, plain: Any) -> bool:
    """Whether instances are read by the very `__getitem__` of a builtin."""
    return issubclass(kind, plain) and lookup.in_class(kind, "__getitem__") is lookup.own_of(plain)["__getitem__"]


def item_of_dict(value: Any, key: Any) -> Known | None:
    """By comparing keys of the very same builtin type: a hostile `__eq__` is not asked."""
    if type(key) not in (str, int, float, bool, bytes, tuple) or len(value) > KEY_LIMIT:
        return None
    if type(key) is tuple and not all(type(part) in (str, int, float, bool) for part in key):
        return None
    for other, held in list(dict.items(value)):
        if type(other) is type(key) and (type(key) is not tuple or alike(other, key)) and other == key:
            return Live(held)
    return None


def alike(one: tuple[Any, ...], other: tuple[Any, ...]) -> bool:
    return [type(part) for part in one] == [type(part) for part in other]


def some(kind: Any) -> Known | None:
    return None if kind is None else Of(kind)


def scope_of(kind: Any) -> dict[str, Any]:
    """The names that a class's annotations were written with."""
    name = lookup.module_of(kind)
    module = sys.modules.get(name) if type(name) is str else None
    return lookup.instance_dict(module) if module is not None else {}
