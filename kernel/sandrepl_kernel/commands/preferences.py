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


def matplotlib(call: Call) -> None:
    options, wanted = call.options(call.expanded(), "l list")
    wanted = unquoted_lower(wanted)
    if options:
        print(f"Available matplotlib backends: {['inline', *PICTURES]}")
        return
    if wanted not in ("", "inline", *PICTURES):
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
