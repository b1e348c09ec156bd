"""`!`, `%%bash` and the like: commands of the shell and scripts of other programs.

They write into the cell's output themselves, as it comes. Each has a session of its own, so that an interrupt can end
it with all that it started.
"""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import sys
from shutil import which
from threading import current_thread, main_thread

from .lines import LineList

PATIENCE = 1.0  # seconds that a command gets to end after an interrupt
ALIASES = {"less": "cat", "ll": "ls -lF", "ls": "ls -F", "man": "man -P cat", "more": "cat"}
OPTIONS = {"--out": True, "--err": True, "--proc": True, "--bg": False, "--no-raise-error": False, "--raise-error": False}

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable

    from .dispatch import Call


def system(call: Call) -> None:
    run_program(call, _shell(call.expanded()))


def captured(call: Call) -> LineList:
    """The output and the errors of a command, in lines."""
    text = call.expanded(call.text if call.body is None else f"{call.text}\n{call.body}")
    output: list[bytes] = []
    _to_its_end(
        call,
        lambda: _start(_shell(text), stdout=subprocess.PIPE, stderr=subprocess.STDOUT),
        lambda process: output.append(process.stdout.read()),
    )
    return LineList(output[0].decode("utf-8", "replace").splitlines())


def alias(call: Call) -> None:
    run_program(call, _shell(f"{ALIASES.get(call.name, call.name)} {call.expanded()}"))


def script(call: Call) -> None:
    options, words = _options(call, shlex.split(call.expanded()))
    command = words if call.name == "script" else [_program(call.name), *words]
    if not command:
        raise call.wrong("which program is to run the cell?")
    if which(command[0]) is None:
        raise call.wrong(f"there is no program {command[0]}")
    kept = {name: options[f"--{name}"] for name in ("out", "err") if f"--{name}" in options}
    if "--bg" in options:
        process = _start_behind(call, command, kept)
    else:
        process = run_program(call, command, call.body or "", kept)
    if "--proc" in options:
        call.namespace[options["--proc"]] = process
    if process.returncode and "--no-raise-error" not in options:
        output, errors = (call.namespace[kept[name]] if name in kept else None for name in ("out", "err"))
        raise subprocess.CalledProcessError(process.returncode, f"%%{call.name}", output, errors)


def _options(call: Call, words: list[str]) -> tuple[dict[str, str], list[str]]:
    """Ours, wherever they stand; all other words are the program's."""
    found: dict[str, str] = {}
    others = []
    rest = iter(words)
    for word in rest:
        name, sign, value = word.partition("=")
        if name not in OPTIONS or sign and not OPTIONS[name]:
            others.append(word)
            continue
        found[name] = value or next(rest, "") if OPTIONS[name] else ""
        if OPTIONS[name] and not found[name].isidentifier():
            raise call.wrong(f"{name} needs the name of a variable")
    return found, others


def _program(name: str) -> str:
    return sys.executable if name in ("python", "python3") else name


def _start_behind(call: Call, command: list[str], kept: dict[str, str]) -> Any:
    """Starts a program that the cell does not wait for; what it writes is the cell's, or read from a variable's pipe."""
    ends = {}
    for name, short in (("stdout", "out"), ("stderr", "err")):
        end = _descriptor(getattr(sys, name))
        ends[name] = subprocess.PIPE if short in kept else subprocess.DEVNULL if end is subprocess.PIPE else end
    with _readable(call.body) as source:
        process = _start(command, source, **ends)
    for short, variable in kept.items():
        call.namespace[variable] = process.stdout if short == "out" else process.stderr
    call.commands.background.append(process)
    return process


def killbgscripts(call: Call) -> None:
    """Ends what `--bg` started."""
    background = call.commands.background
    running = [process for process in background if process.poll() is None]
    for process in running:
        _end(process)
    background.clear()
    print(f"Ended: {len(running)}." if running else "No background processes are running.")


def _shell(command: str) -> list[str]:
    return [which("bash") or "/bin/sh", "-c", command]


def _start(command: list[str], stdin: Any = subprocess.DEVNULL, **streams: Any) -> Any:
    environment = {"PYTHONUNBUFFERED": "1", **os.environ}  # what a Python program prints shows as it comes
    return subprocess.Popen(command, stdin=stdin, env=environment, start_new_session=True, **streams)


def run_program(call: Call, command: list[str], text: str | None = None, kept: dict[str, str] | None = None) -> Any:
    """Runs a command with the cell's streams; with `text` to read, and what it writes kept in variables."""
    kept = kept or {}
    ends: dict[str, Any] = {}
    pumped: dict[str, Any] = {}  # what the kernel reads, by stream: where it writes that
    texts: dict[str, Any] = {}
    for name, short in (("stdout", "out"), ("stderr", "err")):
        stream = getattr(sys, name)
        ends[name] = subprocess.PIPE if short in kept else _descriptor(stream)
        if short in kept:
            from io import StringIO

            texts[short] = pumped[name] = StringIO()
        elif ends[name] is subprocess.PIPE:
            pumped[name] = stream
    with _readable(text) as source:
        process = _to_its_end(
            call,
            lambda: _start(command, source, **ends),
            lambda process: _pump({getattr(process, name): stream for name, stream in pumped.items()}),
        )
    for short, variable in kept.items():
        call.namespace[variable] = texts[short].getvalue()
    return process


def _pump(streams: dict[Any, Any]) -> None:
    """Writes on what comes from a command, until it and all that it started have closed their ends."""
    import codecs
    from selectors import EVENT_READ, DefaultSelector

    with DefaultSelector() as selector:
        for end, stream in streams.items():
            selector.register(end, EVENT_READ, (stream, codecs.getincrementaldecoder("utf-8")("replace")))
        while selector.get_map():
            for key, _ in selector.select():
                stream, decoder = key.data
                data = os.read(key.fd, 1 << 16)
                stream.write(decoder.decode(data, final=not data))
                if not data:
                    selector.unregister(key.fileobj)


def _to_its_end(call: Call, start: Callable[[], Any], meanwhile: Callable[[Any], Any]) -> Any:
    """Starts a command, does what there is to do while it runs, and waits for it. An interrupt ends it."""
    held = _Held()
    try:
        process = start()
    except BaseException:
        held.release()
        raise
    try:
        held.release()
        meanwhile(process)
        process.wait()
    except BaseException as error:
        _end(process)
        if isinstance(error, KeyboardInterrupt):
            error.__traceback__ = None  # where Python waited for the command tells nothing
        raise error
    finally:
        for end in (process.stdout, process.stderr):
            if end is not None:
                end.close()
    call.namespace["_exit_code"] = process.returncode
    return process


class _Held:
    """Interrupts wait from here on: none must come between a command's start and whoever would end it."""

    def __init__(self) -> None:
        self._came = False
        self._before: Any = None
        if current_thread() is main_thread():
            self._before = signal.signal(signal.SIGINT, self._note)

    def _note(self, number: int, frame: Any) -> None:
        self._came = True

    def release(self) -> None:
        if self._before is not None:
            signal.signal(signal.SIGINT, self._before)
            if self._came and callable(self._before):
                self._before(signal.SIGINT, None)


def _end(process: Any) -> None:
    """With all that it started: asks first, and does not wait long."""
    try:
        os.killpg(process.pid, signal.SIGINT)
        process.wait(PATIENCE)
    except (ProcessLookupError, subprocess.TimeoutExpired):
        pass
    finally:
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        process.wait()


def _readable(text: str | None) -> Any:
    """A file rather than a pipe: nobody needs to write while it is read."""
    if text is None:
        return open(os.devnull, "rb")
    from tempfile import TemporaryFile

    file = TemporaryFile()
    file.write(text.encode("utf-8", "surrogateescape"))
    file.seek(0)
    return file


def _descriptor(stream: Any) -> int:
    """Where a child is to write so that it goes where this stream goes."""
    try:
        stream.flush()
        return int(stream.fileno())
    except Exception:
        return subprocess.PIPE
