"""`input()`, `getpass` and `sys.stdin`, answered by a client."""

from __future__ import annotations

import _thread
import builtins
import io
import sys
from queue import SimpleQueue

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .journal import Journal
    from .output import Outbox


class StdinNotImplementedError(NotImplementedError):
    """A cell asked for input where nobody can answer."""


class Question:
    def __init__(self, number: int, seq: int, parent: str | None, content: dict[str, Any]) -> None:
        self.number = number  # among this console's
        self.seq = seq  # of its event
        self.parent = parent
        self.content = content


class Console:
    """One question at a time. The I/O thread numbers the question and brings the answer."""

    def __init__(self, outbox: Outbox) -> None:
        self.allowed = True
        self._question: Question | None = None  # the one that waits; the I/O thread's
        self._outbox = outbox
        self._answers: SimpleQueue[tuple[int, str | None]] = SimpleQueue()
        self._turn = _thread.allocate_lock()
        self._asked = 0

    def ask(self, prompt: str, password: bool) -> str:
        if not self.allowed:
            raise StdinNotImplementedError(
                "this cell was run where nobody can answer input(); run it in the REPL, or pass the value in"
            )
        for stream in (sys.stdout, sys.stderr):
            try:
                stream.flush()
            except Exception:
                pass
        with self._turn:
            self._asked += 1
            number = self._asked
            content = {"prompt": prompt, "password": password}
            answered = False
            try:  # an interrupt may strike from the first line on
                self._outbox.items.append(("input_request", self._outbox.owner(), content, number))
                self._outbox.wake()
                while True:
                    asked, value = self._answers.get()
                    if asked == number:
                        break
                answered = True
            finally:
                if not answered:
                    self._outbox.items.append(("input_closed", None, None, number))
                    self._outbox.wake()
        if value is None:
            raise EOFError("the client closed the input")
        return value

    # The I/O thread.

    def asked(self, journal: Journal, parent: str | None, content: dict[str, Any], number: int) -> None:
        journal.append("input_request", parent, content)
        self._question = Question(number, journal.last, parent, content)

    def closed(self, journal: Journal, parent: str | None, content: Any, number: int) -> None:
        """The one who asked stopped waiting: an interrupt."""
        if self._question is not None and self._question.number == number:
            self._close(journal, None)

    def reply(self, params: dict[str, Any], journal: Journal) -> None:
        """An answer for a question that is not open, or no longer, goes nowhere."""
        question = self._question
        if question is not None and params.get("seq", question.seq) == question.seq:
            value = None if params.get("eof") else params["value"]
            self._close(journal, value)
            self._answers.put((question.number, value))

    def _close(self, journal: Journal, value: str | None) -> None:
        """Tells every client that the question is answered, and with what, unless that is a secret."""
        question, self._question = self._question, None
        assert question is not None
        content = {"seq": question.seq, "value": None if question.content["password"] else value}
        journal.append("input_reply", question.parent, content)

    def install(self) -> None:
        import getpass as passwords

        lines, read = Lines(self), builtins.input

        def input(prompt: object = "", /) -> str:
            """Read a line of text from the client, or from a sys.stdin of the user's own."""
            return self.ask(str(prompt), False) if sys.stdin is lines else read(prompt)

        def getpass(prompt: str = "Password: ", stream: Any = None, **options: Any) -> str:
            """Ask the client for a password, which it does not show."""
            return self.ask(str(prompt), True)

        for function in (input, getpass):
            function.__module__, function.__qualname__ = "builtins", function.__name__
        builtins.input = input
        passwords.getpass = getpass  # type: ignore[assignment]
        sys.stdin = sys.__stdin__ = lines  # type: ignore[assignment,misc]


class Lines(io.TextIOBase):
    """`sys.stdin`: each line is a question without a prompt."""

    encoding = "utf-8"
    errors = "strict"
    name = "<stdin>"
    mode = "r"

    def __init__(self, console: Console) -> None:
        self._console = console
        self._rest = ""

    def readline(self, size: int | None = -1) -> str:  # type: ignore[override]
        if not self._rest:
            try:
                self._rest = self._console.ask("", False) + "\n"
            except EOFError:
                return ""
        end = self._rest.index("\n") + 1
        if size is not None and size >= 0:
            end = min(end, size)
        line, self._rest = self._rest[:end], self._rest[end:]
        return line

    def read(self, size: int | None = -1) -> str:
        if size is not None and size >= 0:
            return self.readline(size)
        return "".join(iter(self.readline, ""))

    def readable(self) -> bool:
        return True

    def isatty(self) -> bool:
        return False

    def close(self) -> None:
        """Nothing: `exit()` closes stdin, and the next cell may ask again."""
