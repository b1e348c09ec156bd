"""Signatures in one line, from what a function's code says of itself.

Not by `inspect.signature`: importing it costs more than a reply may take, and it asks hostile objects for their
`__signature__`, evaluates annotations that have not run yet, and calls the `repr` of every default.
"""

from __future__ import annotations

import re
from collections import namedtuple
from types import FunctionType, MethodType

from . import lookup
from .bounded import BRACKETS, PLAIN, Writer

DEFAULT_LIMIT = 40
ANNOTATION_LIMIT = 80
DOC_LIMIT = 300  # characters of a docstring that are searched for a signature
WRAPPED_LIMIT = 10
POSITIONAL_ONLY, POSITIONAL, VARIABLE, KEYWORD_ONLY, KEYWORDS = range(5)  # as inspect numbers them

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

Parameter = namedtuple("Parameter", "name kind text")  # text: as it would be written, with its default


def signature(name: str, function: Any, bound: bool = False, full: bool = False) -> str:
    """`name(a, b=1)`; "" for what cannot be called or does not say how. `full`: with annotations."""
    found = parameters(function, bound, full)
    if found is None:
        text = _written(name, function)
        return " ".join(text.split())
    parts = []
    kinds = [parameter.kind for parameter in found]
    for place, parameter in enumerate(found):
        if parameter.kind == KEYWORD_ONLY and not {VARIABLE, KEYWORD_ONLY} & set(kinds[:place]):
            parts.append("*")
        parts.append(parameter.text)
        if parameter.kind == POSITIONAL_ONLY and POSITIONAL_ONLY not in kinds[place + 1 :]:
            parts.append("/")
    returns = ""
    plain = unwrapped(function)
    if full and type(plain) is FunctionType and not lookup.is_class(function):
        annotation = lookup.annotations(plain).get("return", lookup.MISSING)
        returns = "" if annotation is lookup.MISSING else f" -> {annotation_text(annotation)}"
    return f"{name}({', '.join(parts)}){returns}"


def parameters(function: Any, bound: bool = False, full: bool = False) -> list[Parameter] | None:
    """The parameters that a caller can give; None where nothing says what they are."""
    if lookup.is_class(function):
        maker = constructor(function)
        if maker is not None:
            return parameters(maker, True, full)
        plain = all(lookup.in_class(function, name) is vars(object)[name] for name in ("__init__", "__new__"))
        return [] if plain else None
    if is_partial(function):
        return _left_of(function, full)
    function = unwrapped(function)
    if type(function) is MethodType:
        return parameters(function.__func__, True, full)
    if type(function) is FunctionType:
        found = _by_code(function, full)
    elif lookup.one_of(type(function), lookup.BUILTINS):
        found = _by_text(function)
        bound = False  # the text's own `$self` says so
    else:
        caller = lookup.in_class(type(function), "__call__")
        if type(caller) is FunctionType:
            found, bound = _by_code(caller, full), True
        elif lookup.trusted(type(function)):
            found, bound = _by_text(function), False
        else:
            return None
    if found and bound and found[0].kind in (POSITIONAL_ONLY, POSITIONAL):
        del found[0]
    return found


def constructor(kind: Any) -> Any:
    """The function that says how a class is called; None when that is in C, or is nothing."""
    for name in ("__init__", "__new__"):
        entry = lookup.in_class(kind, name)
        if type(entry) is staticmethod:
            entry = entry.__func__
        if type(entry) is FunctionType:
            return entry
    return None


def unwrapped(function: Any) -> Any:
    """What a decorator left of a function: the function within."""
    for _ in range(WRAPPED_LIMIT):
        if lookup.one_of(type(function), lookup.WRAPPERS):
            function = function.__func__
        elif is_partial(function):
            function = function.func
        else:
            inner = lookup.instance_dict(function).get("__wrapped__")
            if inner is None:
                return function
            function = inner
    return function


def is_partial(value: Any) -> bool:
    kind = type(value)
    return lookup.package_of(kind) == "functools" and lookup.name_of(kind) == "partial" and lookup.genuine(kind)


def _left_of(partial: Any, full: bool) -> list[Parameter] | None:
    """What can be given to a `functools.partial` yet: what it has by name is the default, and those behind it need names."""
    found = parameters(partial.func, False, full)
    if found is None:
        return None
    plain = [parameter for parameter in found if parameter.kind in (POSITIONAL_ONLY, POSITIONAL)]
    given = plain[: len(partial.args)]
    left, named = [], False
    for parameter in found:
        if parameter in given:
            continue
        if parameter.name in partial.keywords:
            kind = KEYWORD_ONLY if parameter.kind == POSITIONAL else parameter.kind
            default = default_text(partial.keywords[parameter.name])
            parameter, named = Parameter(parameter.name, kind, f"{parameter.name}={default}"), True
        elif named and parameter.kind == POSITIONAL:
            parameter = Parameter(parameter.name, KEYWORD_ONLY, parameter.text)
        if not (named and parameter.kind == VARIABLE):
            left.append(parameter)
    return left


def _by_code(function: Any, full: bool) -> list[Parameter]:
    declared = lookup.instance_dict(function).get("__signature__")
    if lookup.package_of(type(declared)) == "inspect" and lookup.name_of(type(declared)) == "Signature":
        return [_declared(parameter) for parameter in declared.parameters.values()]
    code = function.__code__
    names = code.co_varnames
    count, only, keywords = code.co_argcount, code.co_posonlyargcount, code.co_kwonlyargcount
    defaults = function.__defaults__ or ()
    by_name = function.__kwdefaults__ or {}
    hints = lookup.annotations(function) if full else {}
    found = []
    for place, name in enumerate(names[:count]):
        at = place - (count - len(defaults))
        default = defaults[at] if at >= 0 else lookup.MISSING
        found.append(_parameter(name, POSITIONAL_ONLY if place < only else POSITIONAL, default, hints))
    end = count + keywords
    if code.co_flags & 0x04:
        found.append(_parameter(names[end], VARIABLE, lookup.MISSING, hints))
        end += 1
    for name in names[count : count + keywords]:
        found.append(_parameter(name, KEYWORD_ONLY, by_name.get(name, lookup.MISSING), hints))
    if code.co_flags & 0x08:
        found.append(_parameter(names[end], KEYWORDS, lookup.MISSING, hints))
    return found


def _declared(parameter: Any) -> Parameter:
    default = lookup.MISSING if parameter.default is parameter.empty else parameter.default
    return _parameter(parameter.name, int(parameter.kind), default, {})


def _parameter(name: str, kind: int, default: Any, hints: dict[str, Any]) -> Parameter:
    text = {VARIABLE: "*", KEYWORDS: "**"}.get(kind, "") + name
    if name in hints:
        text += f": {annotation_text(hints[name])}"
    if default is not lookup.MISSING:
        text += (" = " if name in hints else "=") + default_text(default)
    return Parameter(name, kind, text)


def default_text(value: Any) -> str:
    if lookup.is_class(value) or lookup.is_function(value):
        return name_of(value)
    plain = lookup.one_of(type(value), PLAIN) or lookup.one_of(type(value), BRACKETS)
    return Writer(DEFAULT_LIMIT, _foreign).text(value) if plain else "..."


def _foreign(value: Any, limit: int) -> str:
    return "..."


def name_of(value: Any) -> str:
    """The name of a class or function, without asking a metaclass."""
    if lookup.is_class(value):
        return lookup.name_of(value)
    return value.__name__


def annotation_text(annotation: Any) -> str:
    if type(annotation) is str:
        return annotation
    if annotation is None:
        return "None"
    if lookup.is_class(annotation):
        return "None" if annotation is type(None) else name_of(annotation)
    if module_is_typing(type(annotation)):
        return repr(annotation).replace("typing.", "")[:ANNOTATION_LIMIT]
    return "..."


def module_is_typing(kind: Any) -> bool:
    """Whether values of a type are Python's own way to write types, such as `List[int]` or `int | None`."""
    return lookup.module_of(kind) in ("typing", "types") and lookup.name_of(kind) != "SimpleNamespace"


def _by_text(function: Any) -> list[Parameter] | None:
    """From what Argument Clinic wrote into a builtin, or from its docstring."""
    text = getattr(function, "__text_signature__", None)
    if type(text) is not str or not text.endswith(")"):
        text = _written("", function).replace("[", "").replace("]", "")
        if not text:
            return None
    found: list[Parameter] = []
    kind = POSITIONAL
    for part in split_arguments(text[1:-1]):
        if part == "/":
            found = [Parameter(made.name, POSITIONAL_ONLY, made.text) for made in found]
        elif part == "*":
            kind = KEYWORD_ONLY
        elif part.startswith("**"):
            found.append(Parameter(part[2:], KEYWORDS, part))
        elif part.startswith("*"):
            found.append(Parameter(part[1:], VARIABLE, part))
            kind = KEYWORD_ONLY
        elif part and part[0] != "$":
            found.append(Parameter(part.partition("=")[0].strip(), kind, part.replace("<unrepresentable>", "...")))
    return found


def split_arguments(text: str) -> list[str]:
    """`a, b=(1, 2), c='x,y'` at its outer commas."""
    parts, depth, quote, begin = [], 0, "", 0
    for place, char in enumerate(text):
        if quote:
            quote = "" if char == quote and text[place - 1] != "\\" else quote
        elif char in "'\"":
            quote = char
        elif char in "([{":
            depth += 1
        elif char in ")]}":
            depth -= 1
        elif char == "," and not depth:
            parts.append(text[begin:place].strip())
            begin = place + 1
    parts.append(text[begin:].strip())
    return [part for part in parts if part]


def _written(name: str, function: Any) -> str:
    """A signature that the docstring begins with, as numpy's functions and many builtins have it."""
    text = doc_of(function)
    match = re.match(r"\s*([\w.]+)(\([^\n]*?\)(?= |$|\n))", text[:DOC_LIMIT]) if text else None
    if match is None or match.group(1).rpartition(".")[2] not in (name, name_or_empty(function)):
        return ""
    return name + match.group(2)


def name_or_empty(value: Any) -> str:
    if lookup.is_class(value) or lookup.is_function(value):
        return name_of(value)
    name = getattr(value, "__name__", "") if lookup.trusted(type(value)) else ""
    return name if type(name) is str else ""


def doc_of(value: Any) -> str:
    """The docstring of a class, function or module itself, or that of the class of anything else."""
    if lookup.is_class(value):
        found = lookup.own_of(value).get("__doc__")
        if found is None:
            found = next((doc for doc in (_doc_in(base) for base in lookup.mro_of(value)[1:-1]) if doc), None)
    elif lookup.is_module(value):
        found = lookup.instance_dict(value).get("__doc__")
    elif lookup.is_function(value) or lookup.trusted(type(value)):
        found = value.__doc__
    else:
        return doc_of(type(value))
    return found if type(found) is str else ""


def _doc_in(kind: Any) -> Any:
    found = lookup.own_of(kind).get("__doc__")
    return found if type(found) is str else None
