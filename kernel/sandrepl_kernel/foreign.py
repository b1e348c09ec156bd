"""What a value of a type that is not builtin tells of itself. Its own code may run here: whoever calls guards it."""

from __future__ import annotations

import sys
from types import FunctionType

from .guard import TookTooLong
from .lookup import MISSING, in_class, instance_dict, is_class, mro_of, name_of

SAMPLE_ITEMS = 500  # looked at from each end of what holds objects
SAMPLE_BYTES = 64 << 10
SAMPLE_BLOCKS = 16
SMALL_ARRAY = 1000  # items; the repr of a bigger one says little and may cost much
COLUMNS = 20  # of a table, that its row names
TYPED_COLUMNS = 1000  # of a table, whose types are compared
DTYPE_LENGTH = 100

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .rows import Caller


def add_facts(made: dict[str, Any], value: Any, guard: Caller) -> None:
    """Length, shape, dtype and size. One that fails costs itself only; one that hangs costs those after it."""
    for key, fact in FACTS.items():
        try:
            made[key] = guard.call(fact, value)
        except TookTooLong:
            return
        except BaseException:
            continue


def attribute(value: Any, name: str) -> Any:
    """An attribute that the class or the instance has: a `__getattr__` that invents some is not asked."""
    if in_class(type(value), name) is MISSING:
        return instance_dict(value).get(name)
    return getattr(value, name)


def _length(value: Any) -> int | None:
    return len(value) if in_class(type(value), "__len__") is not MISSING else None


def _extents(value: Any) -> tuple[int, ...] | None:
    shape = attribute(value, "shape")
    if not issubclass(type(shape), tuple):
        return None
    extents = tuple(tuple.__iter__(shape))
    return extents if all(type(extent) is int for extent in extents) else None


def _shape(value: Any) -> str | None:
    extents = _extents(value)
    return str(extents) if extents is not None else None


def _dtype(value: Any) -> str | None:
    if is_table(value):
        if _extents(value) is None:
            return None
        types = list(value.dtypes)
        common = {str(kind) for kind in types} if len(types) <= TYPED_COLUMNS else ()
        return common.pop() if len(common) == 1 else None  # type: ignore[union-attr]
    found = attribute(value, "dtype")
    if found is None:
        return None
    text = name_of(found) if is_class(found) else str(found)
    return text if type(text) is str and len(text) <= DTYPE_LENGTH else None


def _size(value: Any) -> int | None:
    size = attribute(value, "nbytes")
    if type(size) is int:
        return size
    if is_pandas(value, "DataFrame"):  # as memory_usage() has it, which takes long for many columns
        return int(value.index.memory_usage() + sum(block.values.nbytes for block in value._mgr.blocks))
    if is_tensor(value):
        return value.element_size() * value.nelement()
    return sys.getsizeof(value)


FACTS = {"length": _length, "shape": _shape, "dtype": _dtype, "size": _size}


def is_table(value: Any) -> bool:
    return all(in_class(type(value), name) is not MISSING for name in ("columns", "dtypes"))


def is_pandas(value: Any, name: str) -> bool:
    """Whether it is an instance of a class of pandas; it can be only where pandas is loaded."""
    return _is_of("pandas", value, name)


def is_array(value: Any) -> bool:
    return _is_of("numpy", value, "ndarray")


def is_tensor(value: Any) -> bool:
    return _is_of("torch", value, "Tensor")


def array_of(value: Any) -> Any:
    """An array of numpy's that reads as the value does: past what a subclass defines, but with the mask of a masked one,
    and in the memory of a tensor. None for anything else."""
    if is_tensor(value):
        try:
            return value.detach().numpy()
        except Exception:  # on another device, or of items that numpy does not know
            return None
    if not is_array(value):
        return None
    if type(value) is instance_dict(sys.modules.get("numpy.ma")).get("MaskedArray"):
        return value
    from numpy import ndarray

    return ndarray.view(value, ndarray)


def _is_of(package: str, value: Any, name: str) -> bool:
    kind = instance_dict(sys.modules.get(package)).get(name)
    return is_class(kind) and any(base is kind for base in mro_of(type(value)))


def brief(made: dict[str, Any], value: Any, guard: Caller) -> str | None:
    """What tells more than the repr: a signature, a version, a table's columns, a big array's element type."""
    try:
        if made["kind"] == "module":
            version = instance_dict(value).get("__version__")
            name = instance_dict(value).get("__name__", "")
            return f"{name} {version}" if type(version) is str else str(name)
        if type(value) is FunctionType:
            return signature(value)
        if made["kind"] == "class":
            bases = ", ".join(name_of(base) for base in mro_of(value)[1:2] if base is not object)
            return f"class {name_of(value)}({bases})" if bases else f"class {name_of(value)}"
        return guard.call(_brief_table, value) if made["shape"] else None
    except BaseException:
        return None


def _brief_table(value: Any) -> str | None:
    if is_table(value):
        names, types = list(value.columns)[:COLUMNS], [str(item) for item in list(value.dtypes)[:COLUMNS]]
        return ", ".join(f"{name}: {item}" for name, item in zip(names, types))
    items = 1
    for extent in _extents(value) or ():
        items *= extent
    return f"dtype={value.dtype}" if items > SMALL_ARRAY and attribute(value, "dtype") is not None else None


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


# Parts of a fingerprint: nothing of the user's runs for them.


def attributes(value: Any) -> int:
    return hash(tuple(map(id, list(instance_dict(value).values())[: 2 * SAMPLE_ITEMS])))


def sample(value: Any) -> int:
    """A hash of some of what is in an array, a frame, or anything else that offers a buffer."""
    try:
        if is_array(value):
            return _sample_array(value)
        if is_pandas(value, "DataFrame") or is_pandas(value, "Series"):
            blocks = instance_dict(value)["_mgr"].blocks
            return hash(tuple(_sample_array(block.values) for block in blocks if is_array(block.values)))
        if is_tensor(value):
            return hash((value._version, value.data_ptr()))
        if type(in_class(type(value), "__buffer__")) is FunctionType:
            return 0
        with memoryview(value) as view:
            return _sample_bytes(view)
    except Exception:
        return 0


def _sample_array(value: Any) -> int:
    numpy = sys.modules["numpy"].ndarray
    plain = numpy.view(value, numpy)  # past what a subclass defines
    flat = plain.ravel(order="K") if plain.flags.forc else plain.flat[:: plain.size // SAMPLE_ITEMS + 1]
    if flat.dtype.hasobject:
        return hash(tuple(map(id, [*flat[:SAMPLE_ITEMS].tolist(), *flat[-SAMPLE_ITEMS:].tolist()])))
    with memoryview(flat.view("u1")) as view:
        return _sample_bytes(view)


def _sample_bytes(view: memoryview) -> int:
    if not view.c_contiguous or not view.nbytes:
        return view.nbytes
    with view.cast("B") as data:
        if len(data) <= SAMPLE_BYTES:
            return hash(bytes(data))
        step, block = len(data) // SAMPLE_BLOCKS, SAMPLE_BYTES // SAMPLE_BLOCKS
        return hash(b"".join(bytes(data[start : start + block]) for start in range(0, len(data), step)))
