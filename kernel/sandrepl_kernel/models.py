"""`llm_query` and its like, which an agent's cells may call: a client answers, or the broker that it named."""

from __future__ import annotations

import _thread
import os

BROKER_SECONDS = 300.0  # as long as an agent's client waits for its own requests
BROKER_BYTES = 64 << 20

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable

    from .journal import Journal
    from .output import Outbox
    from .settings import Settings


class Unanswered(Exception):
    """Why there is no response; its text is what the cell gets after `Error: `."""


class Asked:
    """One event's prompts, while their responses are waited for."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.responses: list[str] = []
        self.error = ""
        self.parent: str | None = None
        self.answered = _thread.allocate_lock()
        self.answered.acquire()


class Models:
    """Any number of threads may ask at once; the I/O thread numbers what they ask, and brings the responses."""

    def __init__(self, outbox: Outbox, settings: Settings) -> None:
        self._outbox = outbox
        self._settings = settings
        self._process = os.getpid()
        self._open: dict[int, Asked] = {}  # by the number of its event; the I/O thread's

    def ask(self, prompts: list[str], model: str | None, batched: bool) -> list[str]:
        if os.getpid() != self._process:
            raise Unanswered("a child process cannot ask; ask before it starts, or in a thread")
        if self._settings.broker_url:
            return enqueue(self._settings.broker_url, prompts, model, batched)
        asked = Asked(len(prompts))
        content = {"prompts": prompts, "model": model, "batched": batched}
        over = False
        try:  # an interrupt may strike from the first line on
            self._outbox.items.append(("llm_request", self._outbox.owner(), content, asked))
            self._outbox.wake()
            asked.answered.acquire()
            over = True
        finally:
            if not over:
                self._outbox.items.append(("llm_closed", None, None, asked))
                self._outbox.wake()
        if asked.error:
            raise Unanswered(asked.error)
        return asked.responses

    # The I/O thread.

    def asked(self, journal: Journal, parent: str | None, content: dict[str, Any], asked: Asked) -> None:
        journal.append("llm_request", parent, content)
        asked.parent = parent
        self._open[journal.last] = asked

    def closed(self, journal: Journal, asked: Asked) -> None:
        """The one who asked stopped waiting: an interrupt."""
        for seq, open in list(self._open.items()):
            if open is asked:
                del self._open[seq]
                journal.append("llm_reply", asked.parent, {"seq": seq, "error": "interrupted"})

    def reply(self, journal: Journal, params: dict[str, Any]) -> str:
        """Returns what is wrong with it. A reply to what is not open, or no longer, goes nowhere."""
        asked = self._open.get(params["seq"])
        if asked is None:
            return ""
        responses, error = params.get("responses", []), params.get("error", "")
        if not error and len(responses) != asked.count:
            return f"llm_reply: {asked.count} responses are waited for, these are {len(responses)}"
        del self._open[params["seq"]]
        said = {"error": error} if error else {"responses": responses}
        journal.append("llm_reply", asked.parent, {"seq": params["seq"], **said})
        asked.responses, asked.error = responses, error
        asked.answered.release()
        return ""


def enqueue(url: str, prompts: list[str], model: str | None, batched: bool) -> list[str]:
    """Asks a broker as an agent's client does: POST /enqueue, whose reply has `response`, `responses` or `error`."""
    import json
    from urllib.error import HTTPError
    from urllib.request import Request, urlopen

    body: dict[str, Any] = {"type": "batched", "prompts": prompts} if batched else {"type": "single", "prompt": prompts[0]}
    body["model"] = model
    headers = {"Content-Type": "application/json"}
    refused: HTTPError | None = None
    try:
        request = Request(url.rstrip("/") + "/enqueue", json.dumps(body).encode(), headers)
        try:
            reply = urlopen(request, timeout=BROKER_SECONDS)
        except HTTPError as error:
            reply = refused = error
        with reply:
            text = reply.read(BROKER_BYTES + 1)
        told = json.loads(text) if len(text) <= BROKER_BYTES else None
    except Exception as error:  # urllib's, http's, json's
        raise Unanswered(broken(url, refused or error)) from None
    if not isinstance(told, dict):
        raise Unanswered(broken(url, refused or f"what it sent is no JSON object of up to {BROKER_BYTES} bytes"))
    if told.get("error"):
        raise Unanswered(str(told["error"]))
    if refused:
        raise Unanswered(broken(url, refused))
    responses = told.get("responses") if batched else [told.get("response")]
    if not isinstance(responses, list) or len(responses) != len(prompts) or None in responses:
        raise Unanswered(f"the LLM broker at {url} gave {told!r:.80} for {len(prompts)} prompts")
    return [str(response) for response in responses]


def broken(url: str, why: Exception | str) -> str:
    what = f"{type(why).__name__}: {why}" if isinstance(why, Exception) else why
    return f"the LLM broker at {url} did not answer: {what} (--broker-url is where the sandbox finds it, or none)"


def helpers(namespace: dict[str, Any], models: Models) -> dict[str, Callable[..., Any]]:
    """The functions that an agent's cells may call. They raise nothing: what went wrong is text, as agents expect."""

    def llm_query(prompt: str, model: str | None = None) -> str:
        """Ask a language model. What cannot be answered gives a text that begins with `Error: `."""
        try:
            return models.ask([str(prompt)], model and str(model), False)[0]
        except Unanswered as error:
            return f"Error: {error}"

    def llm_query_batched(prompts: list[str], model: str | None = None) -> list[str]:
        """Ask a language model several things at once. The responses come in the order of the prompts."""
        texts = [str(prompt) for prompt in prompts]
        try:
            return models.ask(texts, model and str(model), True) if texts else []
        except Unanswered as error:
            return [f"Error: {error}"] * len(texts)

    def FINAL_VAR(variable_name: str) -> str:
        """The str() of a variable, by its name."""
        name = str(variable_name).strip().strip("\"'")
        return str(namespace[name]) if name in namespace else f"Error: Variable '{name}' not found"

    made: dict[str, Callable[..., Any]] = {}
    for function in (llm_query, llm_query_batched, FINAL_VAR):
        function.__module__, function.__qualname__ = "__main__", function.__name__
        made[function.__name__] = function
    return made
