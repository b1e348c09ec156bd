"""One variable as one row of the `locals` event, and the fingerprint by which a change is noticed."""

from __future__ import annotations

import sys
from types import BuiltinFunctionType, FunctionType, MethodType, ModuleType

from .bounded import BRACKETS, CUT, PLAIN, Writer
from .guard import Guard, TookTooLong

SAMPLE_ITEMS = 500  # looked at from each end of a container
SAMPLE_BYTES = 64 << 10
SAMPLE_BLOCKS = 16
SMALL_ARRAY = 1000  # items; the repr of a bigger one says little and may cost much

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

FUNCTIONS = (FunctionType, BuiltinFunctionType, MethodType)
# Straight from `type`, past whatever a metaclass defines.
_name_of = type.__dict__["__name__"].__get__
_module_of = type.__dict__["__module__"].__get__


def kind_of(value: Any) -> str:
    kind = type(value)
    if issubclass(kind, ModuleType):
        return "module"
    if issubclass(kind, type):
        return "class"
    return "function" if kind in FUNCTIONS else "data"


def row(name: str, value: Any, limit: int, exact: bool, guard: Guard) -> dict[str, Any]:
    """`exact`: the value is its repr, cut at `limit`; otherwise it is whatever tells most in one line."""
    kind = type(value)
    module = _module_of(kind)
    made: dict[str, Any] = {
        "name": name,
        "type": _name_of(kind),
        "module": module if isinstance(module, str) and module != "builtins" else None,
        "value": "",
        "length": None,
        "shape": None,
        "size": None,
        "kind": kind_of(value),
        "flattened": False,
        "mark": None,
    }
    if kind in PLAIN or kind in BRACKETS or kind is bytearray:
        made["size"] = sys.getsizeof(value)
        if kind in BRACKETS or kind in (str, bytes, bytearray, range):
            made["length"] = length(value)
    else:
        _add_foreign_facts(made, value, guard)
    brief = None if exact else _brief(made, value, guard)
    made["value"] = brief if brief is not None else Writer(limit, _Foreign(guard, exact)).text(value)
    if not exact:
        made["value"] = one_line(made["value"], limit)
    return made


def length(value: Any) -> int | None:
    try:
        return len(value)
    except OverflowError:  # a range longer than any list
        return None


def one_line(text: str, limit: int) -> str:
    text = " ".join(text[: 4 * limit].split("\n")) if "\n" in text else text
    return text if len(text) <= limit else text[: limit - 1] + CUT


class _Foreign:
    """The repr of a value of a type that is not ours to trust."""

    def __init__(self, guard: Guard, exact: bool) -> None:
        self._guard = guard
        self._exact = exact

    def __call__(self, value: Any, limit: int) -> str:
        name = _name_of(type(value))
        try:
            return self._guard.call(_cut_repr, value, limit)
        except TookTooLong:
            return f"<{name}: its repr takes too long>"
        except RecursionError:
            return f"<{name}: its repr recurses without end>"
        except BaseException as error:
            return f"<{name}: its repr raises {_name_of(type(error))}>"


def _cut_repr(value: Any, limit: int) -> str:
    text = repr(value)
    return str.__str__(text)[: limit + 1]


def _add_foreign_facts(made: dict[str, Any], value: Any, guard: Guard) -> None:
    try:
        guard.call(_collect_facts, made, value)
    except BaseException:
        return  # whatever was found before stays


def _collect_facts(made: dict[str, Any], value: Any) -> None:
    kind = type(value)
    if made["kind"] != "data":
        return
    if hasattr(kind, "__len__"):
        made["length"] = int(len(value))
    shape = getattr(value, "shape", None)
    if isinstance(shape, tuple) and all(type(item) is int for item in shape):
        made["shape"] = str(shape)
    size = getattr(value, "nbytes", None)
    if type(size) is int:
        made["size"] = size


def _brief(made: dict[str, Any], value: Any, guard: Guard) -> str | None:
    """What tells more than the repr: a signature, a version, a table's columns, a big array's element type."""
    try:
        if made["kind"] == "module":
            version = vars(value).get("__version__")
            name = vars(value).get("__name__", "")
            return f"{name} {version}" if isinstance(version, str) else str(name)
        if type(value) is FunctionType:
            return signature(value)
        if made["kind"] == "class":
            bases = ", ".join(_name_of(base) for base in value.__mro__[1:2] if base is not object)
            return f"class {_name_of(value)}({bases})" if bases else f"class {_name_of(value)}"
        return guard.call(_brief_table, made, value) if made["shape"] else None
    except BaseException:
        return None


def _brief_table(made: dict[str, Any], value: Any) -> str | None:
    kind = type(value)
    if hasattr(kind, "columns") or hasattr(kind, "dtypes"):
        names, types = list(value.columns)[:20], [str(item) for item in list(value.dtypes)[:20]]
        return ", ".join(f"{name}: {item}" for name, item in zip(names, types))
    items = 1
    for extent in value.shape:
        items *= extent
    return f"dtype={value.dtype}" if items > SMALL_ARRAY and hasattr(value, "dtype") else None


def signature(function: Any) -> str:
    """Names of the parameters alone: importing inspect would cost more than all rows together."""
    code = function.__code__
    names = list(code.co_varnames)
    count = code.co_argcount
    parts = names[:count]
    only = getattr(code, "co_posonlyargcount", 0)
    if only:
        parts.insert(only, "/")
    keywords = names[count : count + code.co_kwonlyargcount]
    end = count + code.co_kwonlyargcount
    if code.co_flags & 0x04:
        parts.append("*" + names[end])
        end += 1
    elif keywords:
        parts.append("*")
    parts += keywords
    if code.co_flags & 0x08:
        parts.append("**" + names[end])
    return f"{function.__name__}({', '.join(parts)})"


def fingerprint(value: Any) -> Any:
    """Cheap, and different when the value changed visibly: identities of up to 1,000 of a container's items, samples
    of a buffer's bytes, identities of an object's attributes. A change deeper than that, outside the row's text,
    goes unnoticed; so does one in the middle of a very long container."""
    kind = type(value)
    if kind is list or kind is tuple:
        items = value if len(value) <= 2 * SAMPLE_ITEMS else value[:SAMPLE_ITEMS] + value[-SAMPLE_ITEMS:]
        return kind, len(value), hash(tuple(map(id, items)))
    if kind is dict:
        values = list(value.values()) if len(value) <= 2 * SAMPLE_ITEMS else _ends(value)
        return kind, len(value), hash(tuple(map(id, values)))
    if kind is set or kind is frozenset:
        return kind, len(value)
    if kind is str or kind is bytes:
        return kind, len(value), value[:256], value[len(value) // 2 :][:256], value[-256:]
    if kind_of(value) != "data":
        return kind, id(value)
    return kind, id(value), _attributes(value), _sample(value)


def _ends(value: dict[Any, Any]) -> list[Any]:
    from itertools import islice

    first = list(islice(value.values(), SAMPLE_ITEMS))
    try:
        return first + list(islice(reversed(value.values()), SAMPLE_ITEMS))  # type: ignore[call-overload]
    except TypeError:
        return first


def _attributes(value: Any) -> int:
    try:
        found = object.__getattribute__(value, "__dict__")
        return hash(tuple(map(id, list(found.values())[: 2 * SAMPLE_ITEMS]))) if type(found) is dict else 0
    except Exception:
        return 0


def _sample(value: Any) -> int:
    """A hash of some of the bytes of what offers a buffer: arrays, bytearrays, memory maps."""
    try:
        view = memoryview(value)
    except Exception:
        return 0
    try:
        if not view.contiguous or not view.nbytes:
            return view.nbytes
        data = view.cast("B")
        if len(data) <= SAMPLE_BYTES:
            return hash(bytes(data))
        step, block = len(data) // SAMPLE_BLOCKS, SAMPLE_BYTES // SAMPLE_BLOCKS
        return hash(b"".join(bytes(data[start : start + block]) for start in range(0, len(data), step)))
    except Exception:
        return 0
    finally:
        view.release()
