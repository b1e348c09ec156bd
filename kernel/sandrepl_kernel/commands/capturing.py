"""`%%capture`: what a cell writes and shows, kept instead of shown."""

from __future__ import annotations

import io
import os
import sys

from ..display import panel
from ..output import flush_c

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .dispatch import Call


class Captured:
    """What a cell wrote and showed. Call it, or its `show()`, to have it shown after all."""

    def __init__(self) -> None:
        self.stdout = ""
        self.stderr = ""
        self.outputs: list[RichOutput] = []

    def __str__(self) -> str:
        return self.stdout

    def show(self) -> None:
        sys.stdout.write(self.stdout)
        sys.stderr.write(self.stderr)
        for output in self.outputs:
            output.display()

    __call__ = show


class RichOutput:
    """A value that was shown: its forms by MIME type."""

    def __init__(self, data: dict[str, Any], metadata: dict[str, Any]) -> None:
        self.data = data
        self.metadata = metadata

    def __repr__(self) -> str:
        return str(self.data.get("text/plain", f"<RichOutput {', '.join(self.data)}>"))

    def display(self) -> None:
        panel.emit("display_data", {"data": self.data, "metadata": self.metadata, "transient": {}})


async def capture(call: Call) -> None:
    words = sorted(call.text.split(), key=lambda word: not word.startswith("-"))
    options, name = call.options(" ".join(words), "no-stdout no-stderr no-display")
    if name and not name.isidentifier():
        raise call.wrong(f"{name} cannot be the name of a variable")
    captured = Captured()
    streams = [name for name in ("stdout", "stderr") if f"no-{name}" not in options]
    if name:
        call.namespace[name] = captured
        call.commands.interpreter.mentioned.add(name)
    body, last = call.compile(call.body or "", True)
    with _Collecting(call, captured, streams, "no-display" not in options):
        await call.execute(body)
        value = await call.execute(last)
        if value is not None:
            shown = panel.present(value)
            if shown is not None:
                panel.emit("display_data", {"data": shown[0], "metadata": shown[1], "transient": {}})


class _Collecting:
    """Python's streams and the file descriptors below them lead into a file meanwhile, and what is displayed into a
    list."""

    def __init__(self, call: Call, captured: Captured, streams: list[str], displays: bool) -> None:
        self._outbox = call.commands.outbox
        self._captured = captured
        self._streams = streams
        self._displays = displays
        self._before: dict[str, tuple[Any, int]] = {}
        self._files: dict[str, Any] = {}

    def __enter__(self) -> None:
        from tempfile import TemporaryFile

        flush_c()
        for name in self._streams:
            stream = getattr(sys, name)
            stream.flush()
            number = 1 if name == "stdout" else 2
            file = self._files[name] = TemporaryFile(buffering=0)
            self._before[name] = stream, os.dup(number)
            os.dup2(file.fileno(), number)
            setattr(sys, name, io.TextIOWrapper(file, "utf-8", "replace", newline="", write_through=True))
        if self._displays:
            panel.emit = self._display  # type: ignore[method-assign]

    def __exit__(self, *error: Any) -> None:
        if self._displays:
            del panel.emit
        flush_c()
        for name, (stream, descriptor) in self._before.items():
            wrapper = getattr(sys, name)
            setattr(sys, name, stream)
            wrapper.flush()
            os.dup2(descriptor, 1 if name == "stdout" else 2)
            os.close(descriptor)
            file = self._files[name]
            file.seek(0)
            setattr(self._captured, name, file.read().decode("utf-8", "replace"))

    def _display(self, kind: str, content: dict[str, Any]) -> None:
        outputs = self._captured.outputs
        if kind == "clear_output":
            outputs.clear()
        else:
            outputs.append(RichOutput(content["data"], content["metadata"]))
