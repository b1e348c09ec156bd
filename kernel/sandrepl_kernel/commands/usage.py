"""The error of a command that was called in a way that it cannot be."""

from __future__ import annotations


class UsageError(Exception):
    pass
