"""Where the kernel keeps its descriptors: high up, out of the way of a cell that closes all from 3 on, as daemons do.

A kernel's start needs it, so it imports next to nothing, not even `__future__`.
"""

import fcntl
import os

ROOM = 128  # descriptors below the limit that are the kernel's
CEILING = 1024  # a higher number costs memory in the system: its table of descriptors grows with it

_base = 0


def keep(descriptor: int) -> int:
    """Moves a descriptor up, where no child process inherits it. It stays where it is when there is no room."""
    global _base
    if not _base:
        _base = lowest()
    try:
        moved = fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, _base)
    except OSError:
        return descriptor
    os.close(descriptor)
    return moved


def lowest() -> int:
    """The lowest number that is the kernel's."""
    try:
        limit = os.sysconf("SC_OPEN_MAX")
    except (OSError, ValueError):
        limit = 256
    limit = CEILING if limit < 0 else min(limit, CEILING)
    return max(limit - ROOM, limit // 2)


def identity(descriptor: int) -> "tuple[int, int]":
    """What tells the pipe or file that it leads to from all others."""
    found = os.fstat(descriptor)
    return found.st_dev, found.st_ino


def leads_to(descriptor: int, other: int) -> bool:
    """Whether both are open, on the same pipe or file."""
    try:
        return identity(descriptor) == identity(other)
    except OSError:
        return False
