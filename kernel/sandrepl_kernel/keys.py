"""The keys that a live object can be subscripted with, as far as telling them runs nothing of the user's."""

from __future__ import annotations

import sys
from types import FunctionType

from . import lookup

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def is_frame(kind: Any) -> bool:
    """Whether it is exactly the DataFrame of pandas or polars."""
    package = lookup.package_of(kind)
    if package not in ("pandas", "polars"):
        return False
    held = lookup.instance_dict(sys.modules.get(package))
    return held.get("DataFrame") is kind and "Series" in held


def keys_of(value: Any) -> list[Any]:
    """The keys that `value[…]` takes: of dicts, frames, structured arrays, and the standard library's mappings."""
    kind = type(value)
    if issubclass(kind, dict):
        return list(dict.keys(value))
    if is_frame(kind):
        return list(value.columns)
    if keeps_data(kind):
        held = lookup.instance_dict(value).get("data")
        return list(held) if type(held) is dict else []
    package, name = lookup.package_of(kind), lookup.name_of(kind)
    if not lookup.genuine(kind):
        return []
    if f"{package}.{name}" in LISTED:
        return list(value)
    if package == "numpy" and name in ("ndarray", "recarray", "void"):
        return list(value.dtype.names or ())
    if package == "sqlite3" and name == "Row":
        return value.keys()
    asked = lookup.in_class(kind, "_ipython_key_completions_")
    if type(asked) is FunctionType and lookup.package_of(kind) in KEYED_PACKAGES:
        return list(asked(value))
    return []


def keeps_data(kind: Any) -> bool:
    """Whether instances are mappings that keep their items as UserDict does."""
    from collections import UserDict

    if not lookup.one_of(UserDict, lookup.mro_of(kind)):
        return False
    return lookup.in_class(kind, "__iter__") is lookup.own_of(UserDict)["__iter__"]


LISTED = frozenset(("os._Environ", "collections.ChainMap", "builtins.mappingproxy", "configparser.ConfigParser"))
# Their `_ipython_key_completions_` only reads.
KEYED_PACKAGES = frozenset(("pandas", "polars", "h5py", "xarray", "zarr", "anndata", "datasets"))
