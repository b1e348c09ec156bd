"""PROTOCOL.md against the code: each method and each type of event has an example there, and the kernel's own look like it."""

from __future__ import annotations

import json
import os
import re
import sys
import tempfile
import unittest

from agent_client import AgentClient
from harness import KERNEL, Sandbox

sys.path.insert(0, KERNEL)

from sandrepl_kernel.journal import Journal  # noqa: E402
from sandrepl_kernel.requests import METHODS, QUERIES, parse  # noqa: E402

ASKS = """\
print("out")
display(1, display_id="d").update(2)
display(3, clear=True, display_id="e")
answer = [input("? "), llm_query("hi")]
%load {file}
"""


def examples() -> list:
    """The JSON objects of the page, in their order."""
    with open(os.path.join(KERNEL, "PROTOCOL.md"), encoding="utf-8") as file:
        page = file.read()
    found: list = []
    for block in re.findall(r"```json\n(.*?)```", page, re.DOTALL):
        decoder, at = json.JSONDecoder(), 0
        while at < len(block):
            value, at = decoder.raw_decode(block, at)
            found.append(value)
            at += len(block[at:]) - len(block[at:].lstrip())
    return found


def named(cell: str, heading: str) -> set:
    """The names in the first column of the page's table under that heading."""
    with open(os.path.join(KERNEL, "PROTOCOL.md"), encoding="utf-8") as file:
        page = file.read()
    table = page.split(f"| {cell} | {heading}", 1)[1].split("\n\n")[0]
    return set(re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE))


def source() -> str:
    """All of the kernel's."""
    found = []
    for folder, _, names in os.walk(os.path.join(KERNEL, "sandrepl_kernel")):
        for name in names:
            if name.endswith(".py"):
                with open(os.path.join(folder, name), encoding="utf-8") as file:
                    found.append(file.read())
    return "\n".join(found)


def differences(example, real, where: str = "") -> list:
    """How what the kernel wrote is not as an example has it: other keys, or other types where neither is null."""
    if example is None or real is None or where.endswith(OPAQUE):
        return []
    if isinstance(example, dict) and isinstance(real, dict):
        found = [f"{where}.{key} is on one side only" for key in sorted(example.keys() ^ real.keys())]
        for key in example.keys() & real.keys():
            found += differences(example[key], real[key], f"{where}.{key}")
        return found
    if isinstance(example, list) and isinstance(real, list):
        return differences(example[0], real[0], f"{where}[]") if example and real else []
    kinds = [type(1.5) if type(value) is int else type(value) for value in (example, real)]
    return [] if kinds[0] is kinds[1] else [f"{where} is {example!r}, and {real!r} here"]


OPAQUE = (".data", ".metadata", ".step")  # their keys are the sandbox's
EXAMPLES = examples()
EVENTS = [example for example in EXAMPLES if "seq" in example]
REQUESTS = [example for example in EXAMPLES if "id" in example]
REPLIES = [example for example in EXAMPLES if example.get("type") == "reply"]


class Page(unittest.TestCase):
    def test_each_method_has_an_example_that_is_taken(self) -> None:
        taken = {parse(json.dumps(example).encode()).method for example in REQUESTS}
        self.assertEqual(taken, {*METHODS, *QUERIES})
        known = set(re.findall(r'"(\w+)"', source()))
        self.assertEqual({name for example in REQUESTS for name in example["params"] if name not in known}, set())

    def test_the_tables_name_each_method_and_event(self) -> None:
        self.assertEqual(named("method", "params"), set(METHODS))
        self.assertEqual(named("query", "its reply's content"), set(QUERIES))
        self.assertEqual(named("type", "content"), {event["type"] for event in EVENTS})
        written = re.findall(r'(?:journal\.append|\.emit|self\.append)\(\s*"(\w+)"', source())
        self.assertEqual(set(written), {event["type"] for event in EVENTS})

    def test_the_kernels_own_are_as_the_examples_have_them(self) -> None:
        sandbox = Sandbox()
        self.addCleanup(sandbox.close)
        connection = next(example for example in EXAMPLES if "pid" in example)
        self.assertEqual(differences(connection, sandbox.ensure()), [])
        client = sandbox.connect()
        self.addCleanup(client.close)
        id = client.ask("execute", code=ASKS.format(file=__file__))
        client.until("input_request", id)
        client.ask("input_reply", value="typed")
        client.ask("llm_reply", seq=client.until("llm_request", id)["seq"], responses=["7"])
        client.finish(id)
        client.run("x = 1; answer")
        client.run("1/0")
        agent = AgentClient(sandbox.root)
        self.addCleanup(agent.close)
        agent.run("x = 2")
        client.until("conflict")
        written = {event["type"]: event for event in client.events if "responses" in event["content"] or event["type"] != "llm_reply"}
        written["status"] = client.events[0]
        written["locals"] = next(event for event in client.events if event["content"].get("changed"))
        written["discarded"] = self.discarded()
        for example in EVENTS:
            with self.subTest(example["type"], seq=example["seq"]):
                if example["parent"] is not None or example["type"] in ("status", "discarded"):
                    self.assertEqual(differences(example, written[example["type"]]), [])
        for query in (example for example in REQUESTS if example["method"] in QUERIES):
            with self.subTest(query["method"]):
                client.run("orders = {'id': 7}")
                params = {**query["params"], **({"path": ["orders"]} if query["method"] == "expand" else {})}
                reply = next(reply for reply in REPLIES if reply["to"] == query["id"])
                self.assertEqual(differences(reply["content"], client.query(query["method"], **params)), [])

    def discarded(self) -> dict:
        with tempfile.TemporaryDirectory() as folder:
            journal = Journal(folder, segment_bytes=1000, total_bytes=2000)
            while True:
                journal.append("status", None, {"execution_state": "busy"})
                with open(journal.path(journal.segments[-1])) as file:
                    for event in map(json.loads, file):
                        if event["type"] == "discarded":
                            return event


if __name__ == "__main__":
    unittest.main()
