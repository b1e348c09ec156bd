"""A sandbox that an agent's client has used: its variables, its latest cell, its functions."""

from __future__ import annotations

import base64
import collections
import datetime
import decimal
import fractions
import json
import os
import pathlib
import re
import socket
import sys
import threading
import unittest
import uuid

from harness import KERNEL, Sandbox, wait_until

sys.path.insert(0, KERNEL)

from sandrepl_kernel.agents.files import cell_in  # noqa: E402
from sandrepl_kernel.agents.flattened import looks_flattened  # noqa: E402


class Point:
    pass


POINT = collections.namedtuple("Pair", "x y")(1, "two")
FRAME = "   a  b\n0  1  x\n1  2  y"
LONG_FRAME = "     a\n0    1\n..  ..\n99   3\n\n[100 rows x 1 columns]"
SERIES = "0    1\n1    2\nName: a, dtype: int64"
NOT_TEXT = [
    json,
    len,
    Point,
    Point(),
    lambda: None,
    os.path.join,
    {1, 2},
    set(),
    frozenset({"a"}),
    b"bytes",
    bytearray(b"x"),
    1 + 2j,
    range(3),
    decimal.Decimal("1.5"),
    fractions.Fraction(1, 2),
    datetime.datetime(2024, 1, 2),
    datetime.timedelta(days=1),
    uuid.UUID(int=5),
    pathlib.PurePosixPath("/x"),
    collections.Counter("aab"),
    collections.OrderedDict(a=1),
    collections.defaultdict(list, a=[1]),
    collections.deque([1]),
    POINT,
    ValueError("bad"),
    re.compile("x"),
    threading.Lock(),
    open(os.devnull),
    (n for n in ()),
    {1: b"x"},
]
TEXTS = [
    "",
    "hello",
    "a sentence (with words in it)",
    "f(x)",
    "print('hi')",
    "https://example.com/a(b)",
    "<p>html</p>",
    "<not closed",
    "{not a set}",
    "Title (2024)",
    "line one\nline two",
    "def f():\n    return 1",
    "{\"json\": true",
    "[1, 2]",
    "12.5",
    "Decimal",
    "It works (mostly).",
]


class Heuristic(unittest.TestCase):
    def test_reprs_are_recognised(self) -> None:
        for value in NOT_TEXT:
            with self.subTest(repr(value)):
                self.assertTrue(looks_flattened(repr(value)))
        for text in (
            "array([[1., 2.],\n       [3., 4.]])",
            "array([0, 1, ..., 8, 9])",
            "tensor([1.0], device='cuda:0')",
            "Timestamp('2024-01-01 00:00:00')",
            FRAME,
            LONG_FRAME,
            SERIES,
        ):
            with self.subTest(text):
                self.assertTrue(looks_flattened(text))
        NOT_TEXT[-3].close()

    def test_text_is_left_alone(self) -> None:
        for text in TEXTS:
            with self.subTest(text):
                self.assertFalse(looks_flattened(text))

    def test_the_cell_in_a_script(self) -> None:
        code = "x = 'é'\n"
        script = f'import base64\ncode = base64.b64decode("{base64.b64encode(code.encode()).decode()}").decode()\n'
        self.assertEqual(cell_in(script.encode()), code)
        self.assertIsNone(cell_in(b"print(1)"))
        self.assertIsNone(cell_in(b'b64decode("A")'))


class Interoperation(unittest.TestCase):
    def setUp(self) -> None:
        self.sandbox = Sandbox()
        self.addCleanup(self.sandbox.close)

    def leave(self, state, code: str = "answer = 42\n") -> None:
        with open(os.path.join(self.sandbox.root, "rlm_state.json"), "w") as file:
            file.write(state if isinstance(state, str) else json.dumps(state))
        with open(os.path.join(self.sandbox.root, "rlm_exec.py"), "w") as file:
            file.write(f'code = base64.b64decode("{base64.b64encode(code.encode()).decode()}").decode()\n')

    def connect(self):
        client = self.sandbox.connect()
        self.addCleanup(client.close)
        return client

    def test_variables_and_the_latest_cell(self) -> None:
        module = "<module 'numpy' from '/x/numpy/__init__.py'>"
        self.leave({"answer": 42, "np": module, "words": ["a"], "_hidden": 1, "no name": 2})
        client = self.connect()
        full = client.until("locals")["content"]
        kinds = [event["type"] for event in client.events]
        self.assertEqual(kinds[:4], ["status", "execute_input", "execute_reply", "locals"])
        self.assertEqual(
            client.events[1]["content"], {"code": "answer = 42\n", "execution_count": None, "author": "agent"}
        )
        rows = {row["name"]: row for row in full["changed"]}
        flattened = {name: row["flattened"] for name, row in rows.items()}
        self.assertEqual(flattened, {"answer": False, "np": True, "words": False})
        self.assertEqual(client.run("answer, words").result, "(42, ['a'])")
        self.assertFalse(client.run("np = np + '!'").rows["np"]["flattened"])

    def test_only_a_new_journal_opens_with_the_agents_cell(self) -> None:
        self.leave({"answer": 42})
        client = self.connect()
        client.ask("shutdown")
        client.until("status", execution_state="dead")
        wait_until(lambda: not self.sandbox.lives(), "the kernel to end")
        again = self.connect()
        self.assertEqual(again.run("answer").result, "42")
        self.assertEqual([event["content"].get("author") for event in again.events].count("agent"), 1)

    def test_a_state_that_cannot_be_read_is_said(self) -> None:
        self.leave("{ torn", "x = 1")
        client = self.connect()
        self.assertIn("rlm_state.json could not be read", client.until("stream")["content"]["text"])
        self.assertEqual(client.run("1").result, "1")

    def test_the_functions_of_the_agents_cells(self) -> None:
        client = self.connect()
        self.assertEqual(client.run("found = [1]\n"
            "FINAL_VAR('found'), FINAL_VAR('lost')").result, repr(("[1]", "Error: Variable 'lost' not found")))
        id = client.ask("execute", code="llm_query('hi', model='m')")
        asked = client.until("llm_request", id, prompts=["hi"], model="m", batched=False)
        refused = client.ask("llm_reply", seq=asked["seq"], responses=["one", "two"])
        self.assertIn("1 responses are waited for, these are 2", client.until("error", refused)["content"]["evalue"])
        client.ask("llm_reply", seq=asked["seq"] + 1, responses=["to nobody"])
        client.ask("llm_reply", seq=asked["seq"], responses=["hello"])
        client.ask("llm_reply", seq=asked["seq"], responses=["late"])
        self.assertEqual(client.finish(id).result, repr("hello"))
        self.assertEqual([event["content"]["responses"] for event in client.events if event["type"] == "llm_reply"], [["hello"]])

    def test_a_request_to_a_model_that_is_interrupted_is_closed(self) -> None:
        client = self.connect()
        id = client.ask("execute", code="llm_query_batched(['a', 'b'])")
        asked = client.until("llm_request", id)
        client.ask("interrupt")
        self.assertEqual(client.until("llm_reply", id, seq=asked["seq"])["content"]["error"], "interrupted")
        self.assertEqual(client.finish(id).error["ename"], "KeyboardInterrupt")

    def test_a_child_process_cannot_ask(self) -> None:
        client = self.connect()
        cell = client.run("import os\npid = os.fork()\nif not pid:\n    print(llm_query('hi'))\n    os._exit(0)\n_ = os.waitpid(pid, 0)")
        self.assertIn("Error: a child process cannot ask", cell.text())

    def test_whatever_a_broker_sends_is_text_in_the_cell(self) -> None:
        client = self.connect()
        ok, bad = b"HTTP/1.1 200 OK\r\n\r\n", b"HTTP/1.1 500 Broken\r\n\r\n"
        for sent, single, batched in (
            (ok + b'{"response": "\xc3\xa9", "responses": ["a", 2]}', "é", ["a", "2"]),
            (ok + b'{"response": "\xff"}', "Error: the LLM broker at .* did not answer: UnicodeDecodeError", 2),
            (ok + b'{"error": "no credit"}', "Error: no credit", 2),
            (bad + b'{"error": "no credit"}', "Error: no credit", 2),
            (bad + b'{"response": "?"}', "Error: .* did not answer: HTTPError: HTTP Error 500: Broken .*--broker-url", 2),
            (bad + b"<html>", "Error: .* did not answer: HTTPError: HTTP Error 500: Broken", 2),
            (ok + b"[1]", "Error: .* did not answer: what it sent is no JSON object", 2),
            (ok + b"[" * 100_000, "Error: .* did not answer: ", 2),
            (ok + b'{"responses": ["one"]}', "Error: .* gave {'responses': .* for 1 prompts", 2),
            (ok + b'{"response": null, "responses": ["a", null]}', "Error: .* gave .* for 1 prompts", 2),
            (b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{", "Error: .* did not answer: JSONDecodeError", 2),
            (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\n{", "Error: .* did not answer: IncompleteRead", 2),
            (b"what?\r\n", "Error: .* did not answer: BadStatusLine", 2),
            (b"", "Error: .* did not answer: RemoteDisconnected", 2),
        ):
            with self.subTest(sent[:99]):
                client.ask("configure", broker_url=self.serve(sent))
                one, two = eval(client.run("[llm_query('hi'), llm_query_batched(['a', 'b'])]").result)
                self.assertRegex(one, single)
                if batched == 2:
                    self.assertEqual((len(two), two[0][:7]), (2, "Error: "))
                else:
                    self.assertEqual(two, batched)
        client.ask("configure", broker_url="http://127.0.0.1:1")
        self.assertIn("Connection refused", client.run("llm_query('hi')").result)
        client.ask("configure", broker_url="http://host:port")
        self.assertIn("InvalidURL", client.run("llm_query('hi')").result)

    def serve(self, answer: bytes) -> str:
        """Answers every request with these bytes. Returns the URL."""
        server = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(server.close)

        def run() -> None:
            while True:
                try:
                    asking, _ = server.accept()
                except OSError:
                    return
                with asking:
                    head = b""
                    while b"\r\n\r\n" not in head:
                        head += asking.recv(1 << 16)
                    head, _, body = head.partition(b"\r\n\r\n")
                    left = int(re.search(rb"(?i)content-length: (\d+)", head).group(1)) - len(body)
                    while left > 0:
                        left -= len(asking.recv(left))
                    asking.sendall(answer)

        threading.Thread(target=run, daemon=True).start()
        return f"http://127.0.0.1:{server.getsockname()[1]}"


if __name__ == "__main__":
    unittest.main()
