"""The builtins as they were at the start, for modules whose code runs while a cell has broken its own:

    from .intact import __builtins__

makes the functions of a module find them here. A copy, because what a cell does to `builtins` all modules see.
"""

from __future__ import annotations

import builtins

__builtins__ = dict(vars(builtins))
