"""What an expression of an unfinished cell would be, without running it: by its syntax, by the cell's own assignments
before it, and by the live objects that its names are bound to."""

from __future__ import annotations

import ast
import re
import sys

from . import lookup
from .draft import Draft, Scope, visible_from
from .holding import OF_DICTS, OVER, Holding, called_of_dict
from .known import PART, Known, Live, Of, attribute_of_module, some
from .returns import hinted
from .signatures import POSITIONAL, VARIABLE, KEYWORDS, Parameter

DEPTH = 20
PARTS = 100  # of a list or dict that is written out

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .draft import Binding
    from .known import Members


class DraftedFunction(Known):
    """A function that the cell defines, and that is not there yet."""

    def __init__(self, scope: Scope, reader: Reader, bound: Drafted | None = None) -> None:
        self.scope = scope
        self._reader = reader
        self._bound = bound

    def called(self) -> Known | None:
        if self._bound is not None and self.scope.returns.strip("'\"") in ("Self", self._bound.scope.name):
            return Drafted(self._bound.scope, self._reader, True)
        found = self._reader.read(self.scope.returns, self.scope.parent, sys.maxsize)
        return instance(found)

    def parameters(self) -> list[Parameter] | None:
        found = []
        bound = self._bound is not None and self.scope.is_method
        for name, text in self.scope.parameters[1 if bound else 0 :]:
            kind = KEYWORDS if name[:2] == "**" else VARIABLE if name[:1] == "*" else POSITIONAL
            if name.strip("*") and name != "/":
                found.append(Parameter(name.lstrip("*"), kind, text))
        return found


class Drafted(Known):
    """A class that the cell defines, or (`made`) an instance of it."""

    def __init__(self, scope: Scope, reader: Reader, made: bool = False) -> None:
        self.scope = scope
        self._reader = reader
        self.made = made

    def bases(self) -> list[Known]:
        found = [self._reader.read(base, self.scope.parent, self._place()) for base in self.scope.bases]
        known = [instance(base) if self.made else base for base in found if base is not None]
        known = [base for base in known if not isinstance(base, Drafted) or base.scope is not self.scope]
        return [base for base in known if base is not None]

    def _place(self) -> int:
        outer = self.scope.parent
        places = [made.place for made in outer.bindings[self.scope.name] if made.scope is self.scope] if outer else []
        return places[-1] if places else 0

    def members(self) -> Members:
        own: dict[str, Any] = {}
        shared = dict(lookup.all_of(object))
        for base in reversed(self.bases()):
            more, inherited = base.members()
            own.update(more)
            shared.update(inherited)
        for name, bindings in self.scope.bindings.items():
            own[name] = Sketch(bindings[-1])
        if self.made:
            for name, binding in self.scope.attributes.items():
                own[name] = Sketch(binding)
        return own, shared

    def attribute(self, name: str) -> Known | None:
        binding = self.scope.attributes.get(name) if self.made else None
        if binding is None and name in self.scope.bindings:
            binding = self.scope.bindings[name][-1]
        if binding is not None:
            if binding.how == "function" and binding.scope.is_property:
                return DraftedFunction(binding.scope, self._reader, self).called() if self.made else None
            if binding.how == "function" and (self.made or "classmethod" in binding.scope.decorators):
                return DraftedFunction(binding.scope, self._reader, self)
            return self._reader.bound(binding)
        for base in self.bases():
            found = base.attribute(name)
            if found is not None:
                return found
        return None

    def called(self) -> Known | None:
        return None if self.made else Drafted(self.scope, self._reader, True)

    def parameters(self) -> list[Parameter] | None:
        if self.made:
            return None
        maker = self.scope.bindings.get("__init__")
        if maker and maker[-1].how == "function":
            return DraftedFunction(maker[-1].scope, self._reader, self).parameters()
        fields = [(name, bindings[-1]) for name, bindings in self.scope.bindings.items()]
        made = [Parameter(name, POSITIONAL, name) for name, binding in fields if binding.how == "annotation"]
        return made or next((base.parameters() for base in self.bases()), None)


class Sketch:
    """Stands for the value of a binding among members."""

    __slots__ = ("binding",)

    def __init__(self, binding: Binding) -> None:
        self.binding = binding


class Unloaded(Known):
    """A module that was not imported."""

    def __init__(self, name: str) -> None:
        self.name = name

    def members(self) -> Members:
        from .importable import names_in_source

        return {name: lookup.MISSING for name in names_in_source(self.name)}, {}

    def attribute(self, name: str) -> Known | None:
        return module_called(f"{self.name}.{name}")


def instance(known: Known | None) -> Known | None:
    """What an annotation stands for."""
    if isinstance(known, Drafted):
        return Drafted(known.scope, known._reader, True)
    if isinstance(known, Live):
        kinds = known.value if type(known.value) is tuple else (known.value,)
        return some(hinted(kinds[0] if kinds else None, {}))
    return instance(known.iterated()) if isinstance(known, Holding) else known


def module_called(name: str) -> Known | None:
    loaded = sys.modules.get(name)
    if loaded is not None:
        return Live(loaded)
    from .importable import source_of

    return Unloaded(name) if source_of(name) else None


class Reader:
    def __init__(self, namespace: dict[str, Any], draft: Draft) -> None:
        self._namespace = namespace
        self._draft = draft
        self._depth = 0

    def read(self, code: str, scope: Scope | None = None, place: int = sys.maxsize) -> Known | None:
        """What the expression is where it stands in a scope, at a place of the cell; None when it cannot be told."""
        if not code.strip() or self._depth > DEPTH:
            return None
        try:
            tree = ast.parse(f"({code}\n)", mode="eval").body
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None
        self._depth += 1
        try:
            return self._of(tree, scope or self._draft.here, place)
        finally:
            self._depth -= 1

    def named(self, name: str, scope: Scope, place: int) -> Known | None:
        for outer in visible_from(scope):
            bindings = outer.bindings.get(name)
            if bindings:
                before = [binding for binding in bindings if binding.place < place]
                if not before and outer is scope:
                    continue
                binding = (before or bindings)[-1]
                found = self.bound(binding) if binding.place != place else None
                live = self._live(name) if outer is self._draft.module else None
                if found is None or isinstance(found, Of) and isinstance(live, Live) and live.kind is found.kind:
                    return live  # an earlier run of this cell bound it
                return found
        return self._live(name)

    def _live(self, name: str) -> Known | None:
        if name in self._namespace:
            return Live(self._namespace[name])
        builtins = vars(sys.modules["builtins"])
        return Live(builtins[name]) if name in builtins else None

    def bound(self, binding: Binding) -> Known | None:
        """What a binding of the cell gives its name."""
        how, source, place, scope = binding
        if how == "class":
            return Drafted(scope, self)
        if how == "self":
            return Drafted(scope, self, True)
        if how == "function":
            return DraftedFunction(scope, self)
        if how == "module":
            return module_called(source)
        if how == "member":
            module, _, name = source.rpartition(":")
            return self._member(module, name)
        if how == "plain":
            return None
        if how == "value" and source.startswith(("!", "%")):
            return Of(list) if source[0] == "!" else None
        if how == "annotation":
            return self._annotated(source, scope, place)
        source, _, part = source.partition("\0")
        found = self.read(source, scope, place)
        if found is not None and how == "item":
            item = found.iterated()
            return item.item(int(part[1:-1])) if part and item is not None else item
        if found is not None and how == "enter":
            entered = found.attribute("__enter__")
            return (entered.called() if entered is not None else None) or found
        return found

    def _annotated(self, hint: str, scope: Scope, place: int) -> Known | None:
        source = hint.strip("'\"")
        found = self.read(source, scope, place)
        if found is not None:
            return instance(found)
        names = dict(vars(sys.modules["builtins"]), **self._namespace)
        for word in set(re.findall(r"\w+", source)):
            known = self.named(word, scope, place)
            if isinstance(known, Live):
                names[word] = known.value
        return some(hinted(source, names))

    def _member(self, module: str, name: str) -> Known | None:
        if module.startswith("."):
            return None
        found = module_called(module)
        if isinstance(found, Live) and lookup.is_module(found.value):
            return attribute_of_module(found.value, name)
        return module_called(f"{module}.{name}")

    def _of(self, tree: Any, scope: Scope, place: int) -> Known | None:
        handler = getattr(self, f"_of_{type(tree).__name__}", None)
        if handler is not None:
            return handler(tree, scope, place)
        kind = _KINDS.get(type(tree).__name__)
        return Of(kind) if kind is not None else None

    def _of_Constant(self, tree: Any, scope: Scope, place: int) -> Known | None:
        return Live(tree.value)

    def _of_Name(self, tree: Any, scope: Scope, place: int) -> Known | None:
        return self.named(tree.id, scope, place)

    def _of_Attribute(self, tree: Any, scope: Scope, place: int) -> Known | None:
        base = self._of(tree.value, scope, place)
        return base.attribute(tree.attr) if base is not None else None

    def _of_Subscript(self, tree: Any, scope: Scope, place: int) -> Known | None:
        base = self._of(tree.value, scope, place)
        if base is None:
            return None
        inner = tree.slice.value if type(tree.slice).__name__ == "Index" else tree.slice  # until Python 3.8
        mask = isinstance(inner, ast.BinOp) and isinstance(inner.op, (ast.BitAnd, ast.BitOr))
        if mask or isinstance(inner, (ast.Slice, ast.List, ast.Compare)):
            return base.item(PART)
        try:
            return base.item(ast.literal_eval(inner))
        except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
            key = self._of(inner, scope, place)
            return base.item(key.value if isinstance(key, Live) else lookup.MISSING)

    def _of_Call(self, tree: Any, scope: Scope, place: int) -> Known | None:
        if isinstance(tree.func, ast.Name) and tree.func.id == "super" and not tree.args:
            return self._of_super(scope)
        base = self._of(tree.func, scope, place)
        if isinstance(tree.func, ast.Attribute) and tree.func.attr in OF_DICTS:
            held = self._of(tree.func.value, scope, place)
            key = next((arg.value for arg in tree.args[:1] if isinstance(arg, ast.Constant)), lookup.MISSING)
            found = called_of_dict(held, tree.func.attr, key) if held is not None else None
            return found or (base.called() if base is not None else None)
        if isinstance(base, Live) and id(base.value) in OVER and tree.args:
            return OVER[id(base.value)]([self._of(arg, scope, place) for arg in tree.args])
        if isinstance(base, Live) and base.value is type and len(tree.args) == 1:
            known = self._of(tree.args[0], scope, place)
            return Live(known.kind) if isinstance(known, (Live, Of)) else None
        return base.called() if base is not None else None

    def _of_super(self, scope: Scope) -> Known | None:
        while scope.parent is not None and scope.kind != "class":
            scope = scope.parent
        bases = Drafted(scope, self, True).bases() if scope.kind == "class" else []
        return bases[0] if bases else Of(object)

    def _of_Await(self, tree: Any, scope: Scope, place: int) -> Known | None:
        return self._of(tree.value, scope, place)

    def _of_IfExp(self, tree: Any, scope: Scope, place: int) -> Known | None:
        return self._of(tree.body, scope, place) or self._of(tree.orelse, scope, place)

    def _of_BoolOp(self, tree: Any, scope: Scope, place: int) -> Known | None:
        found = [self._of(value, scope, place) for value in tree.values]
        return next((known for known in found if known is not None), None)

    def _of_NamedExpr(self, tree: Any, scope: Scope, place: int) -> Known | None:
        return self._of(tree.value, scope, place)

    def _of_List(self, tree: Any, scope: Scope, place: int) -> Known | None:
        try:
            return Live(ast.literal_eval(tree))
        except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
            parts = [self._of(part, scope, place) for part in (tree.elts or [])[:PARTS]]
            return Holding(_KINDS[type(tree).__name__], dict(enumerate(parts)))

    _of_Tuple = _of_Set = _of_List

    def _of_Dict(self, tree: Any, scope: Scope, place: int) -> Known | None:
        try:
            return Live(ast.literal_eval(tree))
        except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
            pairs = [(key.value, value) for key, value in zip(tree.keys, tree.values) if isinstance(key, ast.Constant)]
            return Holding(dict, {key: self._of(value, scope, place) for key, value in pairs[:PARTS]})

    def _of_ListComp(self, tree: Any, scope: Scope, place: int) -> Known | None:
        """Each of its items is what the element would be, with its loops' names in sight."""
        return Holding(_KINDS[type(tree).__name__], {}, self._of(tree.elt, scope, place))

    _of_GeneratorExp = _of_SetComp = _of_ListComp

    def _of_UnaryOp(self, tree: Any, scope: Scope, place: int) -> Known | None:
        if isinstance(tree.op, ast.Not):
            return Of(bool)
        known = self._of(tree.operand, scope, place)
        number = isinstance(known, (Live, Of)) and lookup.one_of(known.kind, (int, float, complex))
        return known if number else None

    def _of_BinOp(self, tree: Any, scope: Scope, place: int) -> Known | None:
        """Only where the types of both sides leave one answer."""
        left, right = self._of(tree.left, scope, place), self._of(tree.right, scope, place)
        kinds = [known.kind if isinstance(known, (Live, Of)) else None for known in (left, right)]
        if lookup.one_of(kinds[0], (str, bytes)) and isinstance(tree.op, (ast.Mod, ast.Mult, ast.Add)):
            return Of(kinds[0])
        if lookup.one_of(kinds[0], (list, tuple)) and isinstance(tree.op, (ast.Mult, ast.Add)):
            return left
        if all(lookup.one_of(kind, (int, float)) for kind in kinds) and kinds[0] is not kinds[1]:
            return Of(float)
        if kinds[0] is kinds[1] and lookup.one_of(kinds[0], (int, float, complex, list, tuple, set)):
            return Of(float if isinstance(tree.op, ast.Div) and kinds[0] is int else kinds[0])
        if isinstance(left, (Live, Of)) and isinstance(tree.op, ast.Div):
            method = left.attribute("__truediv__")
            if method is not None and not lookup.one_of(left.kind, (int, float)):
                return method.called() or Of(left.kind)
        return None


_KINDS = {
    "List": list,
    "Tuple": tuple,
    "Dict": dict,
    "Set": set,
    "ListComp": list,
    "SetComp": set,
    "DictComp": dict,
    "GeneratorExp": type(_ for _ in ()),
    "JoinedStr": str,
    "Compare": bool,
    "Lambda": type(lambda: None),
}
