"""What a value consists of: its items, entries, columns and attributes, each with the step that finds it again.

Builtin types and their subclasses are read by the builtin's own methods, whatever a subclass overrides; objects by
their `__dict__` and slots. No property, `__getattr__` or `__iter__` of the user's runs here.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from itertools import islice
from types import FunctionType, MappingProxyType

from . import foreign, lookup
from .bounded import PLAIN_IDS, Writer
from .lookup import MISSING

TEXT = 200  # characters of a key in a step
SEARCHED = 50_000  # entries before and behind the place where a key was
HIDDEN = ("__dict__", "__weakref__", "__builtins__")

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Iterable

    Part = tuple[Any, Any, Any]  # what its name is made of (text, or a key), its step, and its value


class Section:
    """Some of a value's parts."""

    def __init__(self, total: int) -> None:
        self.total = total

    def page(self, start: int, stop: int) -> list[Part]:
        raise NotImplementedError

    def find(self, step: list[Any]) -> Any:
        """The part that a step of this section leads to; MISSING when there is none."""
        raise NotImplementedError


class Items(Section):
    """By position."""

    step = "item"

    def __init__(self, total: int, get: Callable[[int], Any], names: Any = ()) -> None:
        super().__init__(total)
        self._get = get
        self._names = names

    def page(self, start: int, stop: int) -> list[Part]:
        made = []
        for at in range(start, min(stop, self.total)):
            value = self.find([self.step, at])
            if value is MISSING:
                break
            made.append((self._name(at), [self.step, at], value))
        return made

    def _name(self, at: int) -> Any:
        return Name(self._names[at] if at < len(self._names) else str(at))

    def find(self, step: list[Any]) -> Any:
        if step[0] != self.step or len(step) < 2 or type(step[1]) is not int or not 0 <= step[1] < self.total:
            return MISSING
        try:
            return self._get(step[1])
        except IndexError:
            return MISSING


class Rows(Items):
    """Of a Series, named by its index."""

    step = "row"

    def __init__(self, series: Any) -> None:
        super().__init__(len(series), lambda at: series.iloc[at])
        self._index = series.index

    def _name(self, at: int) -> Any:
        return self._index[at]


class Columns(Items):
    """Of a frame. A step holds the column's name too, by which it is found where columns were added or dropped."""

    step = "column"

    def __init__(self, frame: Any) -> None:
        self._labels = frame.columns
        super().__init__(len(self._labels), lambda at: frame.iloc[:, at])

    def page(self, start: int, stop: int) -> list[Part]:
        return [(name, [*step, safe_text(name)], value) for name, step, value in super().page(start, stop)]

    def _name(self, at: int) -> Any:
        return self._labels[at]

    def find(self, step: list[Any]) -> Any:
        if step[0] != self.step or len(step) != 3 or type(step[1]) is not int:
            return super().find(step)
        at = step[1]
        if not 0 <= at < self.total or safe_text(self._labels[at]) != step[2]:
            at = next((at for at in range(self.total) if safe_text(self._labels[at]) == step[2]), -1)
        return super().find([self.step, at])


class Entries(Section):
    """Of a dict or a set: by position and by the key's text, which is searched for where it moved."""

    def __init__(self, step: str, total: int, iterate: Callable[[], Iterable[tuple[Any, Any]]]) -> None:
        super().__init__(total)
        self._step = step
        self._iterate = iterate

    def page(self, start: int, stop: int) -> list[Part]:
        found = self._slice(start, stop)
        return [(key, [self._step, at, safe_text(key)], value) for at, (key, value) in enumerate(found, start)]

    def find(self, step: list[Any]) -> Any:
        if step[0] != self._step or len(step) != 3 or type(step[1]) is not int or step[1] < 0:
            return MISSING
        at, text = step[1:]
        for start, stop in ((at, at + 1), (max(at - SEARCHED, 0), at + SEARCHED)):
            for key, value in self._slice(start, stop):
                if safe_text(key) == text:
                    return value
        return MISSING

    def _slice(self, start: int, stop: int) -> list[tuple[Any, Any]]:
        """In one go, so that the cell that runs cannot change it meanwhile."""
        return list(islice(self._iterate(), start, stop))


class Attributes(Section):
    def __init__(self, found: dict[str, Any], step: str = "attr") -> None:
        super().__init__(len(found))
        self._found = found
        self._step = step

    def page(self, start: int, stop: int) -> list[Part]:
        found = islice(self._found.items(), start, stop)
        return [(Name(name), [self._step, name], value) for name, value in found]

    def find(self, step: list[Any]) -> Any:
        if step[0] != self._step or len(step) != 2 or type(step[1]) is not str:
            return MISSING
        return self._found.get(step[1], MISSING)


class Name(str):
    """A name that is shown as it is; any other key by its repr."""


def safe_text(key: Any) -> str:
    """What a key is recognised by, without running code of the user's: other objects by their identity."""
    return Writer(TEXT, _identity).text(key)


def _identity(value: Any, limit: int) -> str:
    kind = type(value)
    return repr(value) if lookup.trusted(kind) else f"<{lookup.name_of(kind)} at {id(value):#x}>"


def sections(value: Any) -> list[Section]:
    kind = type(value)
    if id(kind) in PLAIN_IDS and kind is not range:
        return []
    found = _held(value)
    if found is None and lookup.is_function(value):
        return [_captured(value), Attributes(_of_function(value))]
    if foreign.is_array(value) or any(foreign.is_pandas(value, name) for name in ("DataFrame", "Series", "Index")):
        return [found] if found is not None else []
    shown = attributes(value)
    return ([found] if found is not None else []) + ([Attributes(shown)] if shown else [])


def _held(value: Any) -> Section | None:
    """What is in a container; None for everything else."""
    kind = type(value)
    if issubclass(kind, OrderedDict):
        return Entries("key", dict.__len__(value), lambda: OrderedDict.items(value))
    if issubclass(kind, dict):
        return Entries("key", dict.__len__(value), lambda: dict.items(value))
    if kind is MappingProxyType:
        return Entries("key", len(value), lambda: value.items())
    if issubclass(kind, list):
        return Items(list.__len__(value), lambda at: list.__getitem__(value, at))
    if issubclass(kind, tuple):
        fields = lookup.in_class(kind, "_fields")
        named = type(fields) is tuple and all(type(field) is str for field in fields)
        return Items(tuple.__len__(value), lambda at: tuple.__getitem__(value, at), fields if named else ())
    if issubclass(kind, deque):
        return Items(deque.__len__(value), lambda at: deque.__getitem__(value, at))
    if kind is range:
        return Items(min(len(value), 1 << 62), lambda at: value[at]) if _countable(value) else None
    if issubclass(kind, set):
        return Entries("member", set.__len__(value), lambda: zip(set.__iter__(value), set.__iter__(value)))
    if issubclass(kind, frozenset):
        return Entries(
            "member", frozenset.__len__(value), lambda: zip(frozenset.__iter__(value), frozenset.__iter__(value))
        )
    if lookup.one_of(kind, VIEWS):
        return Entries("member", len(value), lambda: zip(value, value))
    return _packaged(value)


def _countable(value: range) -> bool:
    try:
        return len(value) >= 0
    except OverflowError:
        return False


def _packaged(value: Any) -> Section | None:
    """Arrays, frames and series."""
    plain = foreign.array_of(value)
    if plain is not None:
        return Items(plain.shape[0], lambda at: plain[at]) if plain.ndim else None
    if foreign.is_pandas(value, "DataFrame"):
        return Columns(value)
    if foreign.is_pandas(value, "Series"):
        return Rows(value)
    if foreign.is_pandas(value, "Index") or lookup.name_of(type(value)) == "array" and lookup.trusted(type(value)):
        return Items(len(value), lambda at: value[at])
    return None


def attributes(value: Any) -> dict[str, Any]:
    """Slots first, then the `__dict__`; of modules and classes, what they define; public names before private ones."""
    if lookup.is_module(value):
        found = dict(lookup.instance_dict(value))
    elif lookup.is_class(value):
        found = dict(lookup.own_of(value))
    else:
        found = _slots(value)
        found.update(lookup.instance_dict(value))
    if lookup.is_module(value) or lookup.is_class(value):
        found = {name: found[name] for name in found if name not in HIDDEN and not _is_special(name)}
    names = [name for name in found if type(name) is str]
    return {name: found[name] for name in sorted(names, key=lambda name: name[:1] == "_")}


def _is_special(name: Any) -> bool:
    return type(name) is str and name[:2] == "__" and name[-2:] == "__" and name != "__init__"


def _slots(value: Any) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for kind in reversed(lookup.mro_of(type(value))):
        for name, entry in list(lookup.own_of(kind).items()):
            if name[:2] != "__" and lookup.trusted_getter(entry):
                try:
                    found[name] = entry.__get__(value)
                except Exception:  # not set yet, or closed
                    continue
    return found


def _captured(value: Any) -> Section:
    """The variables that a function took along from where it was made."""
    found: dict[str, Any] = {}
    if type(value) is FunctionType:
        for name, cell in zip(value.__code__.co_freevars, value.__closure__ or ()):
            try:
                found[name] = cell.cell_contents
            except ValueError:  # not bound yet
                continue
    return Attributes(found, "closure")


def _of_function(value: Any) -> dict[str, Any]:
    if type(value) is not FunctionType:
        bound = getattr(value, "__self__", None)
        return {"__self__": bound} if bound is not None and not lookup.is_module(bound) else {}
    found = {name: getattr(value, name) for name in ("__defaults__", "__kwdefaults__")}
    return {**{name: held for name, held in found.items() if held}, **lookup.instance_dict(value)}


VIEWS = tuple(type(getattr(made, view)()) for made in ({}, OrderedDict()) for view in ("keys", "values", "items"))
