"""`%precision`, `%xmode` and `%matplotlib`: how things are shown."""

from __future__ import annotations

import os
import sys

from .. import errors
from ..display import panel

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .dispatch import Call

MODES = ("Plain", "Context", "Verbose", "Minimal")
INLINE = "module://sandrepl_kernel.display.backend"
WINDOWS = frozenset("auto gtk gtk3 gtk4 ipympl macosx nbagg notebook osx qt qt4 qt5 qt6 tk webagg widget wx".split())
PICTURES = ("agg", "cairo", "pdf", "pgf", "ps", "svg", "template")


def precision(call: Call) -> str:
    text = call.expanded()
    digits: int | None = 8
    if text.isdigit():
        digits = int(text)
        panel.float_format = f"%.{digits}f"
    elif "%" in text:
        try:
            text % 3.14
        except (TypeError, ValueError) as error:
            raise call.wrong(f"{text} is no format of a float: {error}") from None
        panel.float_format = text
        digits = None
    elif text:
        raise call.wrong(f"it takes a number of digits or a format such as %.3e, not {text}")
    else:
        panel.float_format = ""
    numpy = sys.modules.get("numpy")
    if numpy is not None and digits is not None:
        numpy.set_printoptions(precision=digits)  # type: ignore[attr-defined]
    return panel.float_format or "%r"


def xmode(call: Call) -> None:
    wanted = call.expanded().capitalize()
    if not wanted:
        wanted = MODES[(MODES.index(errors.preference.mode) + 1) % len(MODES)]
    if wanted not in MODES:
        raise call.wrong(f"the modes are {', '.join(MODES)}")
    errors.preference.mode = wanted
    print("Exception reporting mode:", wanted)


def pprint(call: Call) -> None:
    wanted = call.expanded().lower()
    if wanted not in ("", "on", "1", "off", "0"):
        raise call.wrong(f"it takes on, off, or nothing to change it, not {wanted}")
    panel.pretty = wanted in ("on", "1") if wanted else not panel.pretty
    print("Pretty printing has been turned", "ON" if panel.pretty else "OFF")


def tb(call: Call) -> None:
    """The last error's traceback once more, as %xmode has it now."""
    error = getattr(sys, "last_value", None)
    if error is None:
        print("No error was raised so far.")
    else:
        print("\n".join(errors.describe(error, "")["traceback"]), file=sys.stderr)


def config(call: Call) -> None:
    """Notebooks begin with settings of the figures: those are not worth failing for."""
    if not call.text.startswith("InlineBackend."):
        raise call.wrong("there are no such settings; what can be set: %precision, %xmode, %pprint and %matplotlib")
    print("%config InlineBackend: figures are drawn to fit the client's panel; there is nothing to set.")


def matplotlib(call: Call) -> None:
    options, wanted = call.options(call.expanded(), "l list")
    wanted = unquoted_lower(wanted)
    if options:
        print(f"Available matplotlib backends: {['inline', *PICTURES]}")
        return
    if wanted not in ("", "inline", *PICTURES, *WINDOWS):
        raise call.wrong(f"there is no backend {wanted}; what there is: inline, {', '.join(PICTURES)}")
    if wanted in WINDOWS:
        print(f"%matplotlib {wanted}: there is no window here; figures show inline, below the cell")
        wanted = "inline"
    backend = INLINE if wanted in ("", "inline") else wanted
    loaded = sys.modules.get("matplotlib")
    if loaded is not None:
        loaded.use(backend)  # type: ignore[attr-defined]
    elif backend != INLINE or os.environ.get("MPLBACKEND", "agg").lower() not in ("", "agg"):
        os.environ["MPLBACKEND"] = backend


def unquoted_lower(text: str) -> str:
    return text.strip("'\"").lower()
