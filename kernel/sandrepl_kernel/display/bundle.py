"""A value in every form that it has: data by MIME type, each a text, and metadata by MIME type."""

from __future__ import annotations

import json
from binascii import b2a_base64

from ..bounded import BRACKETS, PLAIN
from ..intact import __builtins__  # noqa: F401
from . import panel

TEXT_LIMIT = 1 << 20  # characters
FORM_LIMIT = 16 << 20  # bytes of any other form
METADATA_LIMIT = 1 << 20
COMPLAINT_LENGTH = 300
CANARY = "_sandrepl_no_object_has_this_method_"

METHODS = {
    "text/html": "_repr_html_",
    "text/markdown": "_repr_markdown_",
    "image/svg+xml": "_repr_svg_",
    "image/png": "_repr_png_",
    "image/jpeg": "_repr_jpeg_",
    "application/pdf": "_repr_pdf_",
    "text/latex": "_repr_latex_",
    "application/json": "_repr_json_",
    "application/javascript": "_repr_javascript_",
}

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Iterable

    from ..execute import Bundle

printers: dict[type, dict[str, Callable[[Any], Any]]] = {}
"""Forms of types that do not know of them: functions by MIME type, which return what a method of that form would."""


def shows_itself(value: Any) -> bool:
    """Calls `_ipython_display_`, where a value has it."""
    if is_builtin(value):
        return False
    method = find(value, "_ipython_display_")
    if method is None:
        return False
    try:
        method()
    except NotImplementedError:
        return False
    except Exception as error:
        complain(value, "_ipython_display_()", error)
        return False
    return True


def bundle(value: Any, include: Iterable[str] | None = None, exclude: Iterable[str] | None = None) -> Bundle:
    """All forms of a value, or of those only what is in `include` and not in `exclude`; `text/plain` in any case."""
    forms = Forms()
    if not is_builtin(value):
        wanted = None if include is None else frozenset(include)
        unwanted = frozenset(exclude or ())
        _collect(value, wanted, unwanted, forms)
    if "text/plain" not in forms.data:
        forms.data["text/plain"] = plain(value)
    return forms.data, forms.metadata


def given(data: dict[str, Any], metadata: dict[str, Any] | None = None) -> Bundle:
    """Forms that were made elsewhere."""
    forms = Forms()
    for mime, form in data.items():
        forms.add(str(mime), form, "the data shown")
    forms.describe(metadata)
    return forms.data, forms.metadata


def _collect(value: Any, wanted: frozenset[str] | None, unwanted: frozenset[str], forms: Forms) -> None:
    def asked(mime: str) -> bool:
        return (wanted is None or mime in wanted) and mime not in unwanted

    method = find(value, "_repr_mimebundle_")
    if method is not None:
        made = called(value, "_repr_mimebundle_()", lambda: method(include=wanted, exclude=unwanted or None))
        data, metadata = made if isinstance(made, tuple) and len(made) == 2 else (made, None)
        if isinstance(data, dict):
            for mime, form in data.items():
                if asked(mime) or mime == "text/plain":
                    forms.add(str(mime), form, f"{type(value).__name__}._repr_mimebundle_()")
            forms.describe(metadata)
    others = next((made for base in type(value).__mro__ for kind, made in printers.items() if kind is base), {})
    for mime, name in METHODS.items():
        if mime in forms.data or not asked(mime):
            continue
        if mime == "image/jpeg" and "image/png" in forms.data:
            continue  # the same picture, and worse
        if mime in others:
            _add(value, mime, name, lambda mime=mime: others[mime](value), forms)  # type: ignore[misc]
            continue
        method = find(value, name)
        if method is not None:
            _add(value, mime, name, method, forms)


def _add(value: Any, mime: str, name: str, method: Callable[[], Any], forms: Forms) -> None:
    form = called(value, f"{name}()", method)
    if isinstance(form, tuple) and len(form) == 2:
        form, metadata = form
        forms.describe({mime: metadata})
    if form is not None:
        forms.add(mime, form, f"{type(value).__name__}.{name}()")


class Forms:
    """A bundle in the making: what cannot be shown is left out of it, and said."""

    def __init__(self) -> None:
        self.data: dict[str, str] = {}
        self.metadata: dict[str, Any] = {}

    def add(self, mime: str, form: Any, source: str) -> None:
        if form is None:
            return
        try:
            text = encoded(mime, form)
        except (TypeError, ValueError, RecursionError) as error:
            panel.say(f"{mime} left out: {source} gave what cannot be sent: {one_line(error)}")
            return
        if mime == "text/plain":
            self.data[mime] = cut(text, len(text))
            return
        size = len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))
        if size > FORM_LIMIT:
            panel.say(f"{mime} left out: it has {size:,} bytes, and at most {FORM_LIMIT:,} are shown")
        else:
            self.data[mime] = text

    def describe(self, metadata: Any) -> None:
        """Adds metadata, by MIME type."""
        if not metadata:
            return
        try:
            text = json.dumps(metadata, default=jsonable, allow_nan=False, skipkeys=True)
            found = json.loads(text)
            if len(text) > METADATA_LIMIT or not isinstance(found, dict):
                raise ValueError(f"{len(text):,} characters of {type(metadata).__name__}")
            self.metadata.update(found)
        except (TypeError, ValueError, RecursionError) as error:
            panel.say(f"metadata left out: {one_line(error)}")


def encoded(mime: str, form: Any) -> str:
    """One form as a text: bytes that are no text in base64, what JSON has as JSON."""
    if isinstance(form, str):
        return str.__str__(form)
    if isinstance(form, (bytes, bytearray, memoryview)):
        if mime.startswith("text/") or mime.endswith(("xml", "json", "javascript")):
            return bytes(form).decode("utf-8", "replace")
        return b2a_base64(form, newline=False).decode("ascii")
    if isinstance(form, (dict, list, tuple)) or mime.endswith("json"):
        return json.dumps(form, default=jsonable, skipkeys=True)
    raise TypeError(f"a value of type {type(form).__name__}")


def jsonable(value: Any) -> Any:
    """What JSON makes of numpy's numbers and arrays, of dates, and of anything else."""
    for name in ("tolist", "isoformat"):
        method = getattr(value, name, None)
        if callable(method):
            return method()
    if isinstance(value, (set, frozenset)):
        return list(value)
    return str(value)


def plain(value: Any) -> str:
    """A value's text, as wide as the client's panel. Raises what the value's own code raises."""
    kind = type(value)
    if (kind is str or kind is bytes) and len(value) > TEXT_LIMIT:
        return cut(repr(value[:TEXT_LIMIT]), len(value))
    from .pretty import by_repr, pretty, printer_of

    if not panel.pretty or kind is not float and printer_of(kind) is by_repr:
        text = repr(value)
        return cut(text, len(text))
    text, whole = pretty(value, panel.settings.columns, TEXT_LIMIT, panel.float_format)
    return cut(text, len(text) if whole else None)


def cut(text: str, length: int | None) -> str:
    """A text as long as may be. `length`: how long all of it is, where somebody knows."""
    if len(text) <= TEXT_LIMIT:
        return text
    of = "" if length is None else f" of {length:,}"
    return f"{text[:TEXT_LIMIT]}\n[cut: the first {TEXT_LIMIT:,}{of} characters; print() shows all]"


def is_builtin(value: Any) -> bool:
    """Whether a value has nothing but a text. Types of other metaclasses are not looked up: those may object to it."""
    kind = type(value)
    return type(kind) is type and (kind in PLAIN or kind in BRACKETS)


def find(value: Any, name: str) -> Any:
    """A method that makes a form of a value. A class has its instances' methods, and some objects claim to have any."""
    if issubclass(type(value), type):
        return None
    try:
        if getattr(value, CANARY, None) is not None:
            return None
        method = getattr(value, name, None)
    except Exception:
        return None
    return method if callable(method) else None


def called(value: Any, name: str, method: Callable[[], Any]) -> Any:
    """A method that fails costs the form that it makes."""
    try:
        return method()
    except NotImplementedError:
        return None
    except Exception as error:
        complain(value, name, error)
        return None


def complain(value: Any, name: str, error: Exception) -> None:
    panel.say(f"{type(value).__name__}.{name} raised {one_line(error)}")


def one_line(error: Exception) -> str:
    try:
        text = " ".join(str(error).split())
    except Exception:
        text = "its str() raises"
    return f"{type(error).__name__}: {text}"[:COMPLAINT_LENGTH]
