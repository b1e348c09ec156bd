"""Requests at the border: what a valid one is, and which were taken before."""

from __future__ import annotations

import os
import time
from json import loads  # not json.loads: cells replace that, as in tests

from .descriptors import keep
from .files import write_atomically
from .intact import __builtins__  # noqa: F401

MESSAGE_LIMIT = 32 << 20
KEPT_IDS = 20_000
STALE_SECONDS = 30.0
REPLY_SECONDS = 60.0
METHODS = ("execute", "assign", "interrupt", "input_reply", "llm_reply", "locals", "configure", "shutdown")
QUERIES = ("complete", "inspect", "expand", "stack")
PANEL_LIMIT = 100_000  # columns, lines, or pixels
VALUE_LIMIT = 1_000_000

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Iterator


class RequestError(Exception):
    """A request that cannot be done; `id` is its id where it has a usable one, `query` whether a reply is waited for."""

    def __init__(self, message: str, id: str | None = None, query: bool = False) -> None:
        super().__init__(message)
        self.id = id
        self.query = query


class Request:
    __slots__ = ("id", "method", "params")

    def __init__(self, id: str, method: str, params: dict[str, Any]) -> None:
        self.id = id
        self.method = method
        self.params = params


def valid_id(text: Any) -> bool:
    return isinstance(text, str) and 0 < len(text) <= 64 and text.isascii() and text.replace("-", "").isalnum()


def parse(data: bytes) -> Request:
    """Checks everything there is to check about a request, so that nothing after this has to."""
    try:
        value = loads(data)
    except (ValueError, RecursionError) as error:
        raise RequestError(f"a request is one JSON object: {error}") from None
    if not isinstance(value, dict) or not valid_id(value.get("id")):
        raise RequestError("a request has an id: 1 to 64 letters, digits and hyphens")
    request = Request(value["id"], value.get("method"), value.get("params", {}))
    if request.method not in METHODS and request.method not in QUERIES:
        known = ", ".join(METHODS + QUERIES)
        raise RequestError(f"no such method: {request.method!r}; there are {known}", request.id)
    if not isinstance(request.params, dict):
        raise RequestError("params is a JSON object", request.id, request.method in QUERIES)
    problem = _CHECKS.get(request.method, lambda params: "")(request.params)
    if problem:
        raise RequestError(f"{request.method}: {problem}", request.id, request.method in QUERIES)
    return request


def _check_execute(params: dict[str, Any]) -> str:
    if not isinstance(params.get("code"), str):
        return "code is a string"
    if params.setdefault("author", "user") not in ("user", "setup"):
        return "author is user or setup"
    if not isinstance(params.setdefault("allow_stdin", True), bool):
        return "allow_stdin is true or false"
    return ""


def _check_assign(params: dict[str, Any]) -> str:
    values = params.get("values")
    if not isinstance(values, dict):
        return "values is an object of name to value"
    import keyword

    for name in values:
        if not name.isidentifier() or keyword.iskeyword(name):
            return f"{name!r} cannot be a variable's name"
    return ""


def _check_interrupt(params: dict[str, Any]) -> str:
    return "" if valid_id(params.get("cell", "any")) else "cell is the id of an execute request"


def _check_input_reply(params: dict[str, Any]) -> str:
    if params.get("eof") is not True and not isinstance(params.get("value"), str):
        return "a value that is a string, or eof true, is needed"
    if not isinstance(params.get("seq", 0), int):
        return "seq is the number of the input_request"
    return ""


def _check_llm_reply(params: dict[str, Any]) -> str:
    if not _is_number(params.get("seq")):
        return "seq is the number of the llm_request"
    if isinstance(params.get("error"), str) and params["error"]:
        return ""
    responses = params.get("responses")
    if not isinstance(responses, list) or not all(isinstance(response, str) for response in responses):
        return "responses that are strings, or an error, are needed"
    return ""


def _check_locals(params: dict[str, Any]) -> str:
    limit = params.get("value_limit", 1)
    if not isinstance(limit, int) or isinstance(limit, bool) or not 1 <= limit <= VALUE_LIMIT:
        return f"value_limit is a number from 1 to {VALUE_LIMIT}"
    return ""


def _check_configure(params: dict[str, Any]) -> str:
    url = params.get("broker_url", "")
    if not isinstance(url, str) or url and not url.startswith(("http://", "https://")):
        return "broker_url begins with http:// or https://, or is empty"
    sizes = [params[name] for name in ("columns", "lines") if name in params]
    if "pixels" in params:
        if not isinstance(params["pixels"], list) or len(params["pixels"]) != 2:
            return "pixels are a width and a height"
        sizes += params["pixels"]
    if not all(_is_number(size) and 1 <= size <= PANEL_LIMIT for size in sizes):
        return f"a size is a number from 1 to {PANEL_LIMIT}"
    return ""


def _check_question(params: dict[str, Any]) -> str:
    code, cursor = params.get("code"), params.get("cursor")
    if not isinstance(code, str) or not _is_number(cursor) or not 0 <= cursor <= len(code):
        return "code is a string, and cursor a place in it"
    return "" if params.get("detail", 0) in (0, 1) else "detail is 0 or 1"


def _check_expand(params: dict[str, Any]) -> str:
    path = params.get("path")
    if not isinstance(path, list) or not path or not isinstance(path[0], str):
        return "path is a name, then steps"
    if not all(isinstance(step, list) and len(step) > 1 and isinstance(step[0], str) for step in path[1:]):
        return "a step is what a child has under \"step\""
    if not all(_is_number(params.get(name, 0)) and params.get(name, 0) >= 0 for name in ("start", "count")):
        return "start and count are numbers from 0 on"
    table = params.get("table")
    if table is None:
        return ""
    if not isinstance(table, dict) or not all(_is_number(size) and size >= 0 for size in table.values()):
        return "table is a row, rows, a column and columns, each a number from 0 on"
    return ""


def _is_number(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


_CHECKS = {
    "execute": _check_execute,
    "interrupt": _check_interrupt,
    "assign": _check_assign,
    "input_reply": _check_input_reply,
    "llm_reply": _check_llm_reply,
    "locals": _check_locals,
    "configure": _check_configure,
    "complete": _check_question,
    "inspect": _check_question,
    "expand": _check_expand,
}


class Taken:
    """The ids of the requests that were taken, in this epoch and earlier ones: the latest KEPT_IDS of them."""

    def __init__(self, path: str, kept: int = KEPT_IDS) -> None:
        self._kept = kept
        self._ids: dict[str, None] = {}
        try:
            with open(path, encoding="ascii", errors="replace") as file:
                lines = file.read().split("\n")[:-1]  # a torn last line was never acted on
        except FileNotFoundError:
            lines = []
        self._ids = dict.fromkeys(lines[-kept:])
        write_atomically(path, "".join(line + "\n" for line in self._ids))
        self._file = keep(os.open(path, os.O_WRONLY | os.O_APPEND))
        self._path = path
        self._written = len(self._ids)

    def take(self, id: str) -> bool:
        """True the first time. The id is on disk before this returns, so before the request has any effect."""
        if id in self._ids:
            return False
        self._ids[id] = None
        try:
            os.write(self._file, id.encode("ascii") + b"\n")
            self._written += 1
            if self._written > 2 * self._kept:
                self._compact()
        except OSError:
            pass  # a full disk: remembered in memory, which is what retries within this epoch need
        return True

    def _compact(self) -> None:
        for id in list(self._ids)[: -self._kept]:
            del self._ids[id]
        write_atomically(self._path, "".join(id + "\n" for id in self._ids))
        os.close(self._file)
        self._file = keep(os.open(self._path, os.O_WRONLY | os.O_APPEND))
        self._written = len(self._ids)


def inbox(folder: str) -> Iterator[bytes]:
    """The whole requests that lie in the folder, oldest first; each is removed as it is taken."""
    for name in _by_age(folder):
        path = os.path.join(folder, name)
        try:
            if os.path.getsize(path) > MESSAGE_LIMIT:
                os.unlink(path)
                continue
            with open(path, "rb") as file:
                data = file.read()
            if not whole(data) and time.time() - os.path.getmtime(path) < STALE_SECONDS:
                continue
            os.unlink(path)
        except OSError:
            continue
        yield data


def forget_old_replies(folder: str) -> None:
    """Makes the folder, and removes what lies there since a client gave up."""
    os.makedirs(folder, mode=0o700, exist_ok=True)
    for entry in os.scandir(folder):
        try:
            if time.time() - entry.stat(follow_symlinks=False).st_mtime > REPLY_SECONDS:
                os.unlink(entry.path)
        except OSError:
            continue


def whole(data: bytes) -> bool:
    """Whether a file looks complete: half-written JSON objects do not parse."""
    if not data.rstrip().endswith(b"}"):
        return False
    try:
        loads(data)
        return True
    except (ValueError, RecursionError):
        return False


def _by_age(folder: str) -> list[str]:
    found = []
    for entry in os.scandir(folder):
        if entry.name.endswith(".json"):
            try:
                found.append((entry.stat(follow_symlinks=False).st_mtime_ns, entry.name))
            except OSError:
                continue
    return [name for _, name in sorted(found)]
