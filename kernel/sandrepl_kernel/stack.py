"""Where the cell that runs is: the stacks of the main thread and of the user's other threads, as tracebacks show them."""

from __future__ import annotations

import linecache
import os
import sys
import threading

FRAMES = 100  # of one thread
THREADS = 20
_OWN = os.path.dirname(os.path.abspath(__file__)) + os.sep

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import FrameType
    from typing import Any, Callable


def stack(namespace: dict[str, Any], params: dict[str, Any], overtaken: Callable[[], bool]) -> dict[str, Any]:
    """Answers the query: the main thread first, then what other threads do, by name."""
    frames = sys._current_frames()
    parts: list[str] = []
    main = threading.main_thread().ident
    if main in frames:
        parts += of_cell(frames.pop(main))
    if parts:
        parts += others(frames)
    return {"text": "".join(parts)}


def others(frames: dict[int, FrameType]) -> list[str]:
    """The threads that have frames of their own to show."""
    parts: list[str] = []
    names = {thread.ident: thread.name for thread in threading.enumerate()}
    shown = 0
    for ident, frame in frames.items():
        lines = told(from_target(user_frames(frame))) if ident in names else []
        if not lines:
            continue
        shown += 1
        if shown > THREADS:
            parts.append("\n[more threads run]\n")
            break
        parts += [f"\nthread {names[ident]}:\n", *lines]
    return parts


def from_target(frames: list[FrameType]) -> list[FrameType]:
    """Without the frames of `threading` that called what the thread is for."""
    first = next((n for n, frame in enumerate(frames) if frame.f_code.co_filename != threading.__file__), len(frames))
    return frames[first:]


def of_cell(frame: FrameType) -> list[str]:
    """The main thread's stack from the cell on; nothing when no cell runs."""
    found = user_frames(frame)
    first = next((number for number, each in enumerate(found) if is_cell(each.f_code.co_filename)), None)
    return told(found[first:]) if first is not None else []


def user_frames(frame: FrameType | None) -> list[FrameType]:
    """Outermost first; what the kernel does on behalf of a call, such as input(), is not the user's."""
    found: list[FrameType] = []
    while frame is not None:
        if not frame.f_code.co_filename.startswith(_OWN):
            found.append(frame)
        frame = frame.f_back
    return found[::-1]


def is_cell(filename: str) -> bool:
    return filename.startswith(("<cell ", "<setup "))


def told(frames: list[FrameType]) -> list[str]:
    """Each frame as a traceback shows it; the middle of a deep recursion is left out."""
    left_out = len(frames) - FRAMES
    half = FRAMES // 2
    parts: list[str] = []
    for number, frame in enumerate(frames):
        if left_out > 0 and half <= number < half + left_out:
            if number == half:
                parts.append(f"  [{left_out} frames left out]\n")
            continue
        code = frame.f_code
        parts.append(f'  File "{code.co_filename}", line {frame.f_lineno}, in {code.co_name}\n')
        line = linecache.getline(code.co_filename, frame.f_lineno or 0, frame.f_globals).strip()
        if line:
            parts.append(f"    {line}\n")
    return parts
