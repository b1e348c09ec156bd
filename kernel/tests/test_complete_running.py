"""Completion and inspection through the real kernel, mostly while a cell runs."""

from __future__ import annotations

import json
import unittest

from harness import InOneSandbox, Sandbox, wait_until


class Running(InOneSandbox):
    def texts(self, code: str) -> list:
        reply = self.client.query("complete", code=code, cursor=len(code))
        self.assertEqual(reply["status"], "ok", reply)
        return [match["text"] for match in reply["matches"]]

    def running(self, code: str) -> None:
        """Starts a cell that goes on until the test is over, and waits until it has printed."""
        id = self.client.ask("execute", code=code)
        self.client.until("stream", id)
        self.addCleanup(self.stop, id)

    def stop(self, id: str) -> None:
        self.client.ask("interrupt")
        self.client.until("execute_reply", id)
        self.client.until("locals", id)

    def test_idle(self) -> None:
        self.client.run("class Thing:\n    def method(self): pass\nthing = Thing()\ntable = {'price': 1}")
        self.assertEqual(self.texts("thing.me"), ["method"])
        self.assertEqual(self.texts("table['"), ["price']"])
        reply = self.client.query("complete", code="import os\nos.pa", cursor=15)
        self.assertEqual((reply["cursor_start"], reply["cursor_end"], reply["truncated"]), (13, 15, False))
        path = next(match for match in reply["matches"] if match["text"] == "path")
        self.assertEqual(path, {"text": "path", "kind": "module", "signature": ""})

    def test_inspect(self) -> None:
        self.client.run("def counted(a, b=2):\n    'Counts.'\n    return a")
        reply = self.client.query("inspect", code="counted(1, ", cursor=11, detail=1)
        self.assertEqual((reply["found"], reply["name"], reply["doc"]), (True, "counted", "Counts."))
        self.assertEqual(reply["signature"], "counted(a, b=2)")
        self.assertEqual(reply["source"], "def counted(a, b=2):\n    'Counts.'\n    return a\n")
        self.assertTrue(reply["file"].startswith("<cell "), reply["file"])
        self.assertEqual(reply["line"], 1)
        self.assertFalse(self.client.query("inspect", code="nothing_such", cursor=3, detail=0)["found"])

    def test_while_a_cell_sleeps(self) -> None:
        self.running("import time\nslept = [1]\nprint('on')\ntime.sleep(600)")
        self.assertEqual(self.texts("slept.app"), ["append"])
        self.assertEqual(self.client.query("inspect", code="slept", cursor=2)["value"], "[1]")

    def test_while_a_cell_computes(self) -> None:
        self.running("import os\ncounts = {'now': 0}\nprint('on')\nwhile True: counts['now'] += 1")
        self.assertEqual(self.texts("counts['"), ["now']"])
        self.assertIn("path", self.texts("os.pa"))
        self.assertIn("json", self.texts("import js"))
        self.assertEqual(self.texts("open('/pro"), ["proc/"])
        self.assertEqual(self.client.query("inspect", code="counts", cursor=2)["type"], "dict")

    def test_while_a_cell_changes_what_is_read(self) -> None:
        self.running(
            "moving = dict.fromkeys(range(5000), 0)\nprint('on')\nn = 0\n"
            "while True:\n    n += 1\n    moving[n] = moving.pop(n - 1000, 0)"
        )
        for _ in range(20):
            self.texts("moving[")
            self.assertEqual(self.texts("moving.popi"), ["popitem"])
            self.assertEqual(self.client.query("inspect", code="moving", cursor=2)["status"], "ok")

    def test_a_dir_that_hangs_costs_its_own_question(self) -> None:
        self.client.run("class Stuck:\n    def __dir__(self):\n        while True: pass\nstuck = Stuck()\nfree = 1")
        reply = self.client.query("complete", code="stuck.", cursor=6)
        self.assertEqual(reply["status"], "error")
        self.assertIn("2 seconds", reply["error"])
        self.assertEqual(self.texts("fre"), ["free"])
        self.assertEqual(self.client.run("free + 1").result, "2")

    def test_overtaken(self) -> None:
        """Of several questions that a client sends at once each gets a reply, and the last one its answer."""
        self.client.run(
            "import time\nclass Slow:\n    def __dir__(self):\n        time.sleep(0.3)\n        return ['found']\n"
            "slow = Slow()"
        )
        client = self.sandbox.connect(self.client.connection["journal"], len(self.client.events))
        self.addCleanup(client.close)
        asked = [client.ask("complete", code="slow.fo", cursor=7) for _ in range(5)]
        replies: dict = {}
        while len(replies) < len(asked):
            opcode, data = client.receive()
            if opcode == 2:
                reply = json.loads(data)
                replies[reply["to"]] = reply["content"]
        last = replies.pop(asked[-1])
        self.assertEqual([match["text"] for match in last["matches"]], ["found"])
        self.assertIn({"status": "cancelled"}, replies.values())
        self.assertLessEqual({reply["status"] for reply in replies.values()}, {"cancelled", "ok"})


class Idle(unittest.TestCase):
    def test_loaded_before_it_is_asked_for_once_a_client_is_there(self) -> None:
        sandbox = Sandbox()
        self.addCleanup(sandbox.close)
        client = sandbox.connect()
        self.addCleanup(client.close)
        loaded = "import sys; 'sandrepl_kernel.complete' in sys.modules"
        wait_until(lambda: client.run(loaded).result == "True", "what completes to be loaded")


if __name__ == "__main__":
    unittest.main()
