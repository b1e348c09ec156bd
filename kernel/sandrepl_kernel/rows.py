"""One variable as one row of the `locals` event, and the fingerprint by which a change is noticed."""

from __future__ import annotations

import sys
from types import BuiltinFunctionType, FunctionType, MethodType, ModuleType

from .bounded import BRACKETS_IDS, CUT, PLAIN_IDS, Writer
from .guard import TookTooLong

SAMPLE_ITEMS = 500  # looked at from each end of a container

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Protocol

    class Caller(Protocol):
        """Calls a stranger's code, with whatever protects from it."""

        def call(self, function: Callable[..., Any], *arguments: Any) -> Any: ...


FUNCTION_IDS = frozenset(map(id, (FunctionType, BuiltinFunctionType, MethodType)))
SIZED_IDS = BRACKETS_IDS | frozenset(map(id, (str, bytes, bytearray, range)))
# Straight from `type`, past whatever a metaclass defines.
_name_of = type.__dict__["__name__"].__get__
_module_of = type.__dict__["__module__"].__get__


def kind_of(value: Any) -> str:
    kind = type(value)
    if issubclass(kind, ModuleType):
        return "module"
    if issubclass(kind, type):
        return "class"
    return "function" if id(kind) in FUNCTION_IDS else "data"


def row(name: str, value: Any, limit: int, exact: bool, guard: Caller) -> dict[str, Any]:
    """`exact`: the value is its repr, cut at `limit`; otherwise it is whatever tells most in one line."""
    made = bare(name, value)
    brief = None
    if id(type(value)) in PLAIN_IDS or id(type(value)) in SIZED_IDS:
        made["size"] = sys.getsizeof(value)
        if id(type(value)) in SIZED_IDS:
            made["length"] = length(value)
    else:
        from . import foreign

        if made["kind"] == "data":
            foreign.add_facts(made, value, guard)
        brief = None if exact else foreign.brief(made, value, guard)
    made["value"] = brief if brief is not None else Writer(limit, Repr(guard)).text(value)
    if not exact:
        made["value"] = one_line(made["value"], limit)
    return made


def bare(name: str, value: Any) -> dict[str, Any]:
    """A row with what can be told without looking into the value."""
    kind = type(value)
    module = _module_of(kind)
    return {
        "name": name,
        "type": _name_of(kind),
        "module": module if type(module) is str and module != "builtins" else None,
        "value": "",
        "length": None,
        "shape": None,
        "dtype": None,
        "size": None,
        "kind": kind_of(value),
        "flattened": False,
        "mark": None,
    }


def length(value: Any) -> int | None:
    try:
        return len(value)
    except OverflowError:  # a range longer than any list
        return None


def one_line(text: str, limit: int) -> str:
    text = " ".join(text[: 4 * limit].split("\n")) if "\n" in text else text
    return text if len(text) <= limit else text[: limit - 1] + CUT


class Repr:
    """The repr of a value of a type that is not ours to trust."""

    def __init__(self, guard: Caller) -> None:
        self._guard = guard

    def __call__(self, value: Any, limit: int) -> str:
        try:
            return self._guard.call(_cut_repr, value, limit)
        except TookTooLong:
            return too_long(value)
        except RecursionError:
            return f"<{_name_of(type(value))}: its repr recurses without end>"
        except BaseException as error:
            return f"<{_name_of(type(value))}: its repr raises {_name_of(type(error))}>"


def too_long(value: Any) -> str:
    return f"<{_name_of(type(value))}: its repr takes too long>"


def _cut_repr(value: Any, limit: int) -> str:
    text = repr(value)
    return str.__str__(text)[: limit + 1]


def fingerprint(value: Any) -> tuple[Any, ...]:
    """Cheap, and different when the value changed visibly: identities of up to 1,000 of a container's items, samples
    of a buffer's bytes, identities of an object's attributes. A change deeper than that, outside the row's text,
    goes unnoticed; so does one in the middle of a very long container. It begins with the type, by identity."""
    kind = type(value)
    if kind is list or kind is tuple:
        items = value if len(value) <= 2 * SAMPLE_ITEMS else value[:SAMPLE_ITEMS] + value[-SAMPLE_ITEMS:]
        return id(kind), len(value), hash(tuple(map(id, items)))
    if kind is dict:
        values = list(value.values()) if len(value) <= 2 * SAMPLE_ITEMS else _ends(value)
        return id(kind), len(value), hash(tuple(map(id, values)))
    if kind is set or kind is frozenset:
        return id(kind), len(value)
    if kind is str or kind is bytes:
        return id(kind), len(value), value[:256], value[len(value) // 2 :][:256], value[-256:]
    if kind_of(value) != "data":
        return id(kind), id(value)
    from . import foreign

    return id(kind), id(value), foreign.attributes(value), foreign.sample(value)


def _ends(value: dict[Any, Any]) -> list[Any]:
    from itertools import islice

    first = list(islice(value.values(), SAMPLE_ITEMS))
    try:
        return first + list(islice(reversed(value.values()), SAMPLE_ITEMS))  # type: ignore[call-overload]
    except TypeError:
        return first
