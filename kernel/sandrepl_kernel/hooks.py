"""What is to happen once a module was imported: the kernel prepares itself for libraries that few cells use, and
pays for them only then.
"""

from __future__ import annotations

import sys
import traceback

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType
    from typing import Any, Callable

    Hook = Callable[[ModuleType], None]

_waiting: dict[str, list[Hook]] = {}


def after_import(name: str, function: Hook) -> None:
    """Calls `function` with the module once it is loaded; at once if it is already."""
    module = sys.modules.get(name)
    if module is not None and not getattr(getattr(module, "__spec__", None), "_initializing", False):
        _call(function, module)
        return
    if _FINDER not in sys.meta_path:
        sys.meta_path.insert(0, _FINDER)
    _waiting.setdefault(name, []).append(function)


def _call(function: Hook, module: Any) -> None:
    """A hook that fails costs what it was for, and never the import."""
    try:
        function(module)
    except Exception:
        traceback.print_exc(file=sys.__stderr__)


class _Finder:
    """Finds nothing itself: has the others find the module, and its loader call the hooks."""

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        if name not in _waiting:
            return None
        for finder in sys.meta_path:
            find = getattr(finder, "find_spec", None)
            if finder is self or find is None:
                continue
            spec = find(name, path, target)
            if spec is not None:
                if hasattr(spec.loader, "exec_module"):
                    spec.loader = _Loader(spec.loader, name)
                return spec
        return None


class _Loader:
    """The module's own loader, but for the moment after it ran."""

    def __init__(self, loader: Any, name: str) -> None:
        self._loader = loader
        self._name = name

    def __getattr__(self, name: str) -> Any:
        return getattr(self._loader, name)

    def create_module(self, spec: Any) -> Any:
        return self._loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        module.__loader__ = self._loader
        if module.__spec__ is not None:
            module.__spec__.loader = self._loader
        self._loader.exec_module(module)
        for function in _waiting.pop(self._name, ()):
            _call(function, module)


_FINDER: Any = _Finder()
