"""pdb in a cell: its commands see the cell and what it called, never the kernel below it.

`n` on a cell's last line ends the cell, an interrupt at the prompt leaves the debugger, and what was left of a session
does not stop the next cell.
"""

from __future__ import annotations

import os

_OWN = os.path.dirname(os.path.abspath(__file__)) + os.sep

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import FrameType
    from typing import Any


class Debugger:
    def __init__(self) -> None:
        self._last: Any = None  # the debugger that a cell used last
        self._leaving = False

    def attach(self, module: Any) -> None:
        """`module` is pdb."""
        base = module.bdb.Bdb
        stop_here, get_stack = base.stop_here, base.get_stack
        user_call, user_return, do_quit = module.Pdb.user_call, module.Pdb.user_return, module.Pdb.do_quit

        def stops(debugger: Any, frame: FrameType) -> bool:
            self._last = debugger
            return not self._leaving and not is_own(frame) and bool(stop_here(debugger, frame))

        def stack(debugger: Any, frame: Any, trace: Any) -> tuple[list[tuple[FrameType, int]], int]:
            self._last = debugger
            entries, index = get_stack(debugger, frame, trace)
            return from_cell(entries, index)

        def called(debugger: Any, frame: FrameType, arguments: Any) -> None:
            if not is_statement(frame):
                user_call(debugger, frame, arguments)

        def returned(debugger: Any, frame: FrameType, value: Any) -> None:
            if is_statement(frame) and goes_on(frame):
                return
            user_return(debugger, frame, value)

        def command_loop(debugger: Any) -> None:
            debugger.allow_kbdint = True
            try:
                debugger.cmdloop()
            except KeyboardInterrupt:
                debugger.set_quit()
                raise
            finally:
                debugger.allow_kbdint = False

        def leave(debugger: Any, argument: str) -> Any:
            """q(uit) | exit

            Quit from the debugger. The cell is ended.
            """
            mode, debugger.mode = getattr(debugger, "mode", None), None  # "inline" ends the process, from 3.14 on
            try:
                return do_quit(debugger, argument)
            finally:
                debugger.mode = mode

        base.stop_here, base.get_stack = stops, stack
        module.Pdb.do_quit = module.Pdb.do_q = module.Pdb.do_exit = leave
        module.Pdb.user_call, module.Pdb.user_return, module.Pdb._cmdloop = called, returned, command_loop

    def let_go(self) -> None:
        """At the end of a cell's code: from here on only breakpoints stop."""
        debugger = self._last
        if debugger is not None:
            self._leaving = True  # it would step into what follows
            debugger.set_continue()
            debugger.enterframe = None  # 3.14 keeps it where an exception left the debugger, and then never stops again
            self._leaving = False
            self._last = None


def is_own(frame: FrameType) -> bool:
    return frame.f_code.co_filename.startswith(_OWN)


def is_statement(frame: FrameType) -> bool:
    """Whether a frame is a cell's own: its last expression runs in another one than what comes before it."""
    return frame.f_code.co_name == "<module>" and is_cell(frame)


def is_cell(frame: FrameType) -> bool:
    return frame.f_code.co_filename.startswith(("<cell ", "<setup "))


def goes_on(frame: FrameType) -> bool:
    """Whether the cell has code below that of this frame."""
    import dis
    import linecache

    last = max(line for _, line in dis.findlinestarts(frame.f_code) if line)
    below = linecache.getlines(frame.f_code.co_filename)[last:]
    return any(line.strip() and not line.lstrip().startswith("#") for line in below)


def from_cell(entries: list[tuple[FrameType, int]], index: int) -> tuple[list[tuple[FrameType, int]], int]:
    """The stack from the cell on, without the kernel's frames; and where the current frame is in it, or whoever called
    the kernel there."""
    first = next((number for number, entry in enumerate(entries) if is_cell(entry[0])), 0)
    kept = [number for number in range(first, len(entries)) if not is_own(entries[number][0])]
    users = sum(number <= index for number in kept)
    if not users:
        return entries, index
    return [entries[number] for number in kept], users - 1
