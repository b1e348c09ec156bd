"""Values as text that fits a width, laid out as IPython does, whose names what `_repr_pretty_(p, cycle)` calls has.

`printers` has those of types that have no word in it themselves: functions of a value, the printer, and whether the
value is within itself.
"""

from __future__ import annotations

import collections
import os
from itertools import islice
from types import BuiltinFunctionType, FunctionType, MappingProxyType, SimpleNamespace

from ..intact import __builtins__  # noqa: F401
from .layout import Full, Layout

MAX_SEQ_LENGTH = 1000
DEPTH = 100  # what is nested deeper is printed by its own repr

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Iterable, Iterator

    Print = Callable[[Any, "Printer", bool], None]

ATOMS = frozenset((int, bool, str, bytes, complex, type(None), type(...)))


def pretty(value: Any, width: int, limit: int, float_format: str = "") -> tuple[str, bool]:
    """A value's text, and whether that is all of it: it ends soon after `limit` characters."""
    printer = Printer(width, limit, float_format)
    try:
        printer.pretty(value)
        printer.flush()
    except Full:
        return printer.made(), False
    return printer.made(), True


class Printer(Layout):
    max_seq_length = MAX_SEQ_LENGTH
    verbose = False

    def __init__(self, max_width: int, limit: int, float_format: str = "") -> None:
        super().__init__(max_width, limit)
        self.stack: list[int] = []  # ids of the values that are being printed, outermost first
        self.float_format = float_format
        self._printers: dict[int, tuple[type, Print]] = {}  # by the id of the type

    def pretty(self, obj: Any) -> None:
        """Adds a value."""
        kind = type(obj)
        if type(kind) is type and kind in ATOMS:
            self.text(repr(obj))
            return
        if kind is float:
            self.text(self.float_format % obj if self.float_format else repr(obj))
            return
        known = self._printers.get(id(kind))
        if known is None:
            known = self._printers[id(kind)] = kind, printer_of(kind)
        print_ = known[1] if len(self.stack) < DEPTH else by_repr
        number = id(obj)
        cycle = number in self.stack
        self.stack.append(number)
        self.begin_group()
        try:
            print_(obj, self, cycle)
        finally:
            self.end_group()
            self.stack.pop()

    def each(self, items: Iterable[Any]) -> Iterator[Any]:
        """Items to print, with a comma and a breakable between them; `...` stands for those that are too many."""
        for number, item in enumerate(items):
            if number:
                self.text(",")
                self.breakable()
            if number >= self.max_seq_length:
                self.text("...")
                return
            yield item

    def first(self, items: Iterable[Any]) -> list[Any]:
        """As many items as `each` may need, taken at once: whoever changes them meanwhile does no harm."""
        return list(islice(items, self.max_seq_length + 1))

    def items(self, start: str, items: Iterable[Any], end: str) -> None:
        with self.group(len(start), start, end):
            for item in self.each(items):
                self.pretty(item)

    def call(self, name: str, arguments: Iterable[Any] = (), named: dict[str, Any] | None = None) -> None:
        """What looks like a call: its name and arguments."""
        with self.group(len(name) + 1, name + "(", ")"):
            for number, argument in enumerate(arguments):
                if number:
                    self.text(",")
                    self.breakable()
                self.pretty(argument)
            comma = bool(arguments)
            for key, argument in (named or {}).items():
                if comma:
                    self.text(",")
                    self.breakable()
                comma = True
                with self.group(len(key) + 1, key + "="):
                    self.pretty(argument)


def printer_of(kind: type) -> Print:
    """How values of a type are printed: by the first in its method resolution order that has a word in it."""
    for base in kind.__mro__:
        if type(base).__hash__ is type.__hash__ and base in printers:
            return printers[base]
        own = base.__dict__.get("_repr_pretty_")
        if callable(own):
            return lambda value, p, cycle: value._repr_pretty_(p, cycle)
        if base is not object and callable(base.__dict__.get("__repr__")):
            return by_repr
    return by_address


def by_repr(value: Any, p: Printer, cycle: bool) -> None:
    first, *others = repr(value).split("\n")
    p.text(first)
    if others:
        with p.group():
            for line in others:
                p.break_()
                p.text(line)


def by_address(value: Any, p: Printer, cycle: bool) -> None:
    with p.group(1, "<", ">"):
        p.pretty(type(value))
        p.text(f" at {id(value):#x}{' ...' if cycle else ''}")


def sequence(start: str, end: str) -> Print:
    def print_(value: Any, p: Printer, cycle: bool) -> None:
        if cycle:
            p.text(f"{start}...{end}")
        else:
            p.items(start, p.first(value), ",)" if end == ")" and len(value) == 1 else end)

    return print_


def unordered(start: str, end: str) -> Print:
    """A set, sorted where it can be: its order means nothing, and differs from run to run."""

    def print_(value: Any, p: Printer, cycle: bool) -> None:
        if cycle:
            p.text(f"{start}...{end}")
        elif not value:
            p.text(f"{type(value).__name__}()")
        elif len(value) < p.max_seq_length:
            p.items(start, in_order(list(value)), end)
        else:
            p.items(start, p.first(value), end)

    return print_


def in_order(items: list[Any]) -> list[Any]:
    for key in (None, str):
        try:
            return sorted(items, key=key)
        except Exception:
            pass
    return items


def mapping(start: str, end: str = "}") -> Print:
    def print_(value: Any, p: Printer, cycle: bool) -> None:
        if cycle:
            p.text(f"{start}...{end}")
            return
        with p.group(len(start), start, end):
            for key, item in p.each(p.first(value.items())):
                p.pretty(key)
                p.text(": ")
                p.pretty(item)

    return print_


def called(arguments: Callable[[Any], tuple[Any, ...]], named: Callable[[Any], dict[str, Any]] | None = None) -> Print:
    """What is printed as a call of its type."""

    def print_(value: Any, p: Printer, cycle: bool) -> None:
        name = type(value).__name__
        if cycle:
            p.text(f"{name}(...)")
        else:
            p.call(name, arguments(value), named(value) if named else None)

    return print_


def namespace(value: Any, p: Printer, cycle: bool) -> None:
    name = "namespace" if type(value) is SimpleNamespace else type(value).__name__
    if cycle:
        p.text(f"{name}(...)")
    else:
        p.call(name, named=dict(vars(value)))


def class_(value: Any, p: Printer, cycle: bool) -> None:
    if type(value).__repr__ is not type.__repr__:
        by_repr(value, p, cycle)
        return
    module = value.__module__
    name = type.__dict__["__qualname__"].__get__(value)
    p.text(name if module in ("builtins", None) else f"{module}.{name}")


def function(value: Any, p: Printer, cycle: bool) -> None:
    import inspect

    try:
        signature = str(inspect.signature(value))
    except Exception:
        signature = ""
    module = value.__module__
    prefix = "" if module in ("builtins", None) else f"{module}."
    p.text(f"<function {prefix}{value.__qualname__}{signature}>")


def exception(value: Any, p: Printer, cycle: bool) -> None:
    kind = type(value)
    name = kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
    if cycle:
        p.text(f"{name}(...)")
    else:
        p.call(name, value.args)


def view(value: Any, p: Printer, cycle: bool) -> None:
    p.call(type(value).__name__, (p.first(value),))


printers: dict[type, Print] = {
    list: sequence("[", "]"),
    tuple: sequence("(", ")"),
    set: unordered("{", "}"),
    frozenset: unordered("frozenset({", "})"),
    dict: mapping("{"),
    type({}.keys()): view,
    type({}.values()): view,
    type({}.items()): view,
    type(os.environ): mapping("environ{"),
    MappingProxyType: mapping("mappingproxy({", "})"),
    SimpleNamespace: namespace,
    collections.defaultdict: called(lambda value: (value.default_factory, dict(value))),
    collections.OrderedDict: called(lambda value: (list(value.items()),) if value else ()),
    collections.Counter: called(lambda value: (dict(value.most_common()),) if value else ()),
    collections.deque: called(
        lambda value: (list(value),), lambda value: {} if value.maxlen is None else {"maxlen": value.maxlen}
    ),
    collections.UserList: called(lambda value: (value.data,)),
    type: class_,
    FunctionType: function,
    BuiltinFunctionType: function,
    BaseException: exception,
}
