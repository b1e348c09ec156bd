"""What of ours can be written for an agent: what JSON holds. The rest is refused with a way out, not flattened."""

from __future__ import annotations

import json
from time import monotonic, sleep

from ..commands.usage import UsageError
from .files import Unreadable

WAIT_SECONDS = 0.5  # for the agent's cell that is saving

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..commands.dispatch import Call
    from .state import State

WAYS_OUT = {
    "ndarray": "push {name}.tolist()",
    "Series": "push {name}.tolist()",
    "DataFrame": "push {name}.to_dict('list')",
    "Tensor": "push {name}.tolist()",
    "bytes": "push {name}.decode(), or what base64 makes of it",
    "bytearray": "push {name}.decode(), or what base64 makes of it",
    "set": "push list({name})",
    "frozenset": "push list({name})",
    "module": "import it in the agent's cells",
    "function": "define it in the agent's cells",
    "type": "define it in the agent's cells",
}


def push(call: Call) -> None:
    names = call.text.replace(",", " ").split()
    if not names:
        raise call.wrong("it needs the names of variables: %push NAME [NAME …]")
    print(call.commands.agents().push(names))


def prepare(namespace: dict[str, Any], names: list[str]) -> tuple[dict[str, Any], list[str]]:
    """The values as the agent will have them, and what became something else on the way."""
    values: dict[str, Any] = {}
    report: list[str] = []
    for name in names:
        if name not in namespace:
            raise UsageError(f"there is no variable {name}")
        if not name.isidentifier() or name.startswith("_"):
            raise UsageError(f"{name}: the agent's client leaves out names that begin with _; give it another name")
        mine = namespace[name]
        try:
            values[name] = json.loads(json.dumps(mine))
        except (TypeError, ValueError, RecursionError) as error:
            why = f"JSON does not hold it ({error}); {way_out(name, mine)}"
            raise UsageError(f"{name} cannot be pushed: {why}") from None
        changes = sorted(converted(mine))
        if changes:
            report.append(f"{name}: {' and '.join(changes)}, as JSON has it")
    return values, report


def way_out(name: str, value: Any) -> str:
    kind = type(value)
    for known in kind.__mro__:
        if known.__name__ in WAYS_OUT:
            return WAYS_OUT[known.__name__].format(name=name)
    return "push what it is made of, as numbers, text, lists and dicts"


def converted(value: Any) -> set[str]:
    """What JSON makes something else of."""
    found: set[str] = set()
    due = [value]
    while due:
        item = due.pop()
        if isinstance(item, dict):
            if any(type(key) is not str for key in item):
                found.add("keys become text")
            due.extend(item.values())
        elif isinstance(item, (list, tuple)):
            if isinstance(item, tuple):
                found.add("tuples become lists")
            due.extend(item)
    return found


def write(state: State, values: dict[str, Any]) -> bool:
    try:
        done = state.push(values)
        deadline = monotonic() + WAIT_SECONDS
        while not done and monotonic() < deadline:
            sleep(0.01)
            done = state.arrived(values)
        return done
    except (Unreadable, OSError) as error:
        what = "could not be read" if isinstance(error, Unreadable) else "could not be written"
        raise UsageError(f"the agent's variables in {state.path} {what}: {error}; nothing was pushed") from None


def told(names: list[str], report: list[str], done: bool) -> str:
    listed = ", ".join(names)
    if done:
        first = f"pushed {listed}, for the agent's next cell"
    else:
        first = f"{listed}: the agent's cell is saving now; written for its next one as soon as that is done"
    return "\n".join([first, *report])
