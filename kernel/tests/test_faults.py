"""A kernel that does not end in order: what was printed is kept, and the next kernel says how it was."""

from __future__ import annotations

import os
import signal
import unittest

from harness import Client, Closed, Sandbox, wait_until

ENDS = {
    "os._exit(3)": "os._exit(3)",
    "os.abort()": 'Aborted\n  File "<cell 2>", line 4, in <module>',
    "os.kill(os.getpid(), 9)": "it was killed (SIGKILL; out of memory is the usual reason)",
    "import signal; signal.raise_signal(signal.SIGKILL)": "it was killed (SIGKILL; out of memory is the usual reason)",
    "os.killpg(0, 9)": "it was killed (SIGKILL; out of memory is the usual reason)",
    "import threading; threading.Thread(target=os._exit, args=(4,)).start(); threading.Event().wait()": "os._exit(4)",
}


class Faults(unittest.TestCase):
    def setUp(self) -> None:
        self.sandbox = Sandbox()
        self.addCleanup(self.sandbox.close)

    def connect(self) -> Client:
        client = self.sandbox.connect()
        self.addCleanup(client.close)
        return client

    def dies(self, code: str) -> str:
        """Runs a cell that ends the kernel; returns what it printed."""
        client = self.connect()
        client.run("import os")
        id = client.ask("execute", code=code)
        with self.assertRaises(Closed):
            while True:
                client.next()
        wait_until(lambda: not self.sandbox.lives(), "the kernel to end")
        events = [event for event in self.sandbox.events() if event["parent"] == id and event["type"] == "stream"]
        return "".join(event["content"]["text"] for event in events)

    def starting(self) -> dict:
        self.sandbox.ensure()
        found = [event["content"] for event in self.sandbox.events() if event["type"] == "status"]
        return [content for content in found if content["execution_state"] == "starting"][-1]

    def test_how_it_ended(self) -> None:
        for code, expected in ENDS.items():
            with self.subTest(code):
                printed = self.dies(f"for n in range(500): print('line', n)\nos.write(1, b'low\\n')\nprint('last')\n{code}")
                self.assertEqual(printed, "".join(f"line {n}\n" for n in range(500)) + "low\nlast\n")
                self.assertEqual(self.starting()["previous"], expected)

    def test_a_crash_shows_where(self) -> None:
        code = "import ctypes\ndef outer(): inner()\ndef inner(): ctypes.string_at(0)\nprint('one')\nprint('two')\nouter()"
        self.assertEqual(self.dies(code), "one\ntwo\n")
        what, *frames = self.starting()["previous"].split("\n")
        self.assertEqual(what, "Segmentation fault")
        expected = ["line 6, in <module>", "line 2, in outer", "line 3, in inner"]
        self.assertEqual(frames[:3], [f'  File "<cell 2>", {rest}' for rest in expected])
        self.assertNotIn("sandrepl_kernel", "".join(frames))

    def test_an_end_in_order_is_not_told(self) -> None:
        self.assertNotIn("previous", self.starting())
        client = self.connect()
        client.ask("shutdown")
        client.until("status", execution_state="dead")
        wait_until(lambda: not self.sandbox.lives(), "the kernel to end")
        self.assertNotIn("previous", self.starting())

    def test_each_start_tells_of_the_one_before_it(self) -> None:
        self.dies("os._exit(3)")
        self.assertEqual(self.starting()["previous"], "os._exit(3)")
        os.kill(self.sandbox.ensure()["pid"], signal.SIGKILL)
        wait_until(lambda: not self.sandbox.lives(), "the kernel to end")
        self.assertIn("SIGKILL", self.starting()["previous"])

    def test_the_end_of_a_forked_child_is_its_own(self) -> None:
        client = self.connect()
        cell = client.run(
            "import ctypes, os\nchild = os.fork()\nif not child:\n    print('child')\n    ctypes.string_at(0)\n"
            "os.waitpid(child, 0)[1] & 127"
        )
        self.assertEqual((cell.result, cell.text()), ("11", "child\n"))
        self.assertIn("Segmentation fault", cell.text("stderr"))
        self.assertEqual(client.run("child = os.fork()\nif not child: os._exit(7)\n"
            "os.waitpid(child, 0)[1] >> 8").result, "7")
        os.kill(client.connection["pid"], signal.SIGKILL)
        wait_until(lambda: not self.sandbox.lives(), "the kernel to end")
        self.assertIn("SIGKILL", self.starting()["previous"])

    def test_descriptors_that_the_kernel_cannot_do_without(self) -> None:
        self.dies("os.closerange(3, 5000)\nprint(1)")
        wait_until(lambda: os.path.getsize(self.sandbox.path("fault.log")), "its last words: the lock was closed before")
        self.assertIn("os.closerange()", self.starting()["previous"])


class Starts(unittest.TestCase):
    def test_a_kernel_that_cannot_start_says_why(self) -> None:
        sandbox = Sandbox()
        self.addCleanup(sandbox.close)
        blocking = os.path.join(sandbox.root, "getpass.py")
        with open(blocking, "w", encoding="utf-8") as file:
            file.write("raise RuntimeError('in the way')")
        path = sandbox.environment["PYTHONPATH"]
        sandbox.environment["PYTHONPATH"] = os.pathsep.join((sandbox.root, path))
        sandbox.ensure()
        wait_until(lambda: not sandbox.lives(), "the kernel to end")
        self.assertIn("RuntimeError: in the way", sandbox.log())
        os.unlink(blocking)
        client = sandbox.connect()
        self.addCleanup(client.close)
        self.assertEqual(client.run("1 + 1").result, "2")
        starts = [event["content"] for event in sandbox.events() if event["content"].get("execution_state") == "starting"]
        self.assertIn("it broke at its start: RuntimeError: in the way", starts[-1]["previous"])


if __name__ == "__main__":
    unittest.main()
