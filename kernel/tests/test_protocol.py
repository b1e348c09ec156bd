"""Requests that run once, clients that come and go, the files that poll reads, and what is refused."""

from __future__ import annotations

import json
import os
import socket
import unittest

from harness import Client, Closed, Sandbox, Socket, request, wait_until


class Protocol(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        cls.sandbox = Sandbox()
        cls.connection = cls.sandbox.ensure()

    @classmethod
    def tearDownClass(cls) -> None:
        cls.sandbox.close()

    def setUp(self) -> None:
        self.client = self.connect()

    def connect(self, journal: str = "", after: int = 0) -> Client:
        client = Client(self.connection, journal, after)
        self.addCleanup(client.close)
        return client

    def answered(self, id: str) -> list:
        return [event for event in self.sandbox.events() if event["parent"] == id]

    def test_the_connection(self) -> None:
        self.assertEqual(len(self.connection["secret"]), 64)
        self.assertEqual(os.stat(self.sandbox.path("connection.json")).st_mode & 0o777, 0o600)
        self.assertEqual(os.stat(self.sandbox.folder).st_mode & 0o777, 0o700)
        self.assertNotIn("secret", self.client.hello)
        self.assertEqual(self.client.hello["epoch"], self.connection["epoch"])

    def test_an_id_runs_once(self) -> None:
        made = request("execute", code="once = globals().get('once', 0) + 1\nonce")
        for _ in range(3):
            self.client.send(json.dumps(made).encode())
        self.sandbox.post(made)
        self.client.finish(made["id"])
        self.assertEqual(self.client.run("once").result, "1")

    def test_the_inbox(self) -> None:
        made = request("execute", code="from_inbox = 41 + 1\nfrom_inbox")
        self.sandbox.post(made)
        wait_until(lambda: any(e["type"] == "locals" for e in self.answered(made["id"])), "the cell")
        self.assertFalse(os.listdir(self.sandbox.path("inbox")))
        self.assertEqual(self.client.run("from_inbox").result, "42")

    def test_half_a_file_waits(self) -> None:
        made = request("execute", code="'whole'")
        text = json.dumps(made)
        path = self.sandbox.path("inbox", made["id"] + ".json")
        with open(path, "w") as file:
            file.write(text[:20])
        self.sandbox.poke()
        self.client.run("'meanwhile'")
        self.assertTrue(os.path.exists(path))
        with open(path, "w") as file:
            file.write(text)
        self.sandbox.poke()
        self.assertEqual(self.client.finish(made["id"]).result, "'whole'")

    def test_a_client_gets_what_it_missed(self) -> None:
        self.client.run("'before'")
        after = self.client.events[-1]["seq"]
        missed = self.client.run("print('missed')")
        again = self.connect(self.connection["journal"], after)
        self.assertEqual(again.hello["after"], after)
        again.until("locals", missed.events[0]["parent"])
        self.assertEqual([event["seq"] for event in again.events][0], after + 1)
        self.assertEqual(again.events, self.client.events[-len(again.events) :])

    def test_another_journal_means_from_the_start(self) -> None:
        for journal, after in (("", 5), ("unknown", 5), (self.connection["journal"], 10**9)):
            client = self.connect(journal, after)
            self.assertEqual((client.hello["after"], client.next()["seq"]), (0, 1))

    def test_only_from_now_on(self) -> None:
        last = self.client.run("1").events[-1]["seq"]
        connection = self.sandbox.ensure()
        self.assertEqual(connection["last"], last)
        client = self.connect(connection["journal"], connection["last"])
        self.assertEqual(client.run("2").events[0]["seq"], last + 1)

    def test_the_files_are_what_the_socket_sends(self) -> None:
        self.client.run("print('x' * 100000)\n'é'")
        self.assertEqual(self.sandbox.events()[: len(self.client.events)], self.client.events)
        self.assertEqual([event["seq"] for event in self.client.events], list(range(1, len(self.client.events) + 1)))

    def test_several_clients_see_the_same(self) -> None:
        others = [self.connect() for _ in range(3)]
        id = self.client.ask("execute", code="'for all'")
        for client in [self.client, *others]:
            self.assertEqual(client.finish(id).result, "'for all'")

    def test_a_slow_client_delays_nobody(self) -> None:
        slow = self.connect()
        self.client.run("for _ in range(100): print('z' * 100000)")
        self.assertEqual(self.client.run("'quick'").result, "'quick'")
        id = self.client.events[-1]["parent"]
        self.assertEqual(slow.finish(id).result, "'quick'")

    def test_assign(self) -> None:
        id = self.client.ask("assign", values={"given": [1, {"a": None}], "text": "x"})
        cell = self.client.finish(id)
        self.assertEqual(cell.reply["status"], "ok")
        self.assertEqual(cell.rows["given"]["mark"], "new")
        self.assertEqual(self.client.run("given").result, "[1, {'a': None}]")

    def test_refused(self) -> None:
        wrong = [
            request("dance"),
            request("execute"),
            request("execute", code=1),
            request("execute", code="1", author="agent"),
            request("assign", values={"not a name": 1}),
            request("assign", values={"class": 1}),
            request("input_reply"),
            request("locals", value_limit=0),
            dict(request("interrupt"), params=[]),
        ]
        for made in wrong:
            with self.subTest(made["method"], params=made["params"]):
                self.client.send(json.dumps(made).encode())
                error = self.client.until("error", made["id"])["content"]
                self.assertEqual(error["ename"], "RequestError")
                self.assertEqual(self.client.until("execute_reply", made["id"])["content"]["status"], "error")

    def test_what_has_no_id_closes_the_connection(self) -> None:
        no_ids = (b'{"method": "interrupt"}', b'{"id": "../x", "method": "interrupt"}')
        for message in (b"not json", b"[]", *no_ids, b"[" * 100000):
            client = self.connect()
            client.send(message)
            with self.assertRaises(Closed) as caught:
                while True:
                    client.receive()
            self.assertEqual(caught.exception.code, 1008)

    def test_a_wrong_secret(self) -> None:
        for hello in (
            {"method": "hello", "params": {"secret": "0" * 64}},
            {"method": "hello", "params": {"secret": None}},
            {"method": "hello", "params": {"secret": "é"}},
            request("execute", code="1"),
        ):
            stranger = Socket(self.connection["host"], self.connection["port"])
            self.addCleanup(stranger.close)
            stranger.send(json.dumps(hello).encode())
            with self.assertRaises(Closed) as caught:
                stranger.receive()
            self.assertEqual(caught.exception.code, 1008)

    def test_a_stranger_cannot_send_much(self) -> None:
        stranger = Socket(self.connection["host"], self.connection["port"])
        self.addCleanup(stranger.close)
        stranger.send(b"x" * 70000)
        with self.assertRaises(Closed) as caught:
            stranger.receive()
        self.assertEqual(caught.exception.code, 1009)

    def test_plain_http(self) -> None:
        with socket.create_connection((self.connection["host"], self.connection["port"])) as plain:
            plain.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            self.assertTrue(plain.makefile("rb").read().startswith(b"HTTP/1.1 426 "))

    def test_pings_fragments_and_closing(self) -> None:
        made = json.dumps(request("execute", code="'in parts'")).encode()
        self.client.send(made[:10], 1, final=False)
        self.client.send(b"are you there", 9)
        self.client.send(made[10:], 0)
        while True:
            opcode, payload = self.client.receive()
            if opcode == 10:
                break
        self.assertEqual(payload, b"are you there")
        self.client.send((1000).to_bytes(2, "big"), 8)
        with self.assertRaises(Closed) as caught:
            while True:
                self.client.receive()
        self.assertEqual(caught.exception.code, 1000)

    def test_a_request_of_many_megabytes(self) -> None:
        id = self.client.ask("assign", values={"big": "x" * (31 << 20)})
        self.assertEqual(self.client.finish(id).rows["big"]["length"], 31 << 20)
        self.client.run("del big")

    def test_locals_from_memory_while_a_cell_runs(self) -> None:
        self.client.run("remembered = 1")
        id = self.client.ask("execute", code="input()")
        self.client.until("input_request", id)
        full = self.client.until("locals", self.client.ask("locals"))["content"]
        self.assertTrue(full["full"])
        self.assertIn("remembered", [row["name"] for row in full["changed"]])
        self.client.ask("input_reply", value="")
        self.client.finish(id)

    def test_exact_locals(self) -> None:
        self.client.run("exactly = list(range(1000)); shown = {'a': 'x' * 300}")
        content = self.client.until("locals", self.client.ask("locals", value_limit=1000000))["content"]
        rows = {row["name"]: row["value"] for row in content["changed"]}
        self.assertEqual(rows["exactly"], repr(list(range(1000))))
        self.assertEqual(rows["shown"], repr({"a": "x" * 300}))


if __name__ == "__main__":
    unittest.main()
