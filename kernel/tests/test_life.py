"""Starting, dying and starting again."""

from __future__ import annotations

import concurrent.futures
import json
import os
import signal
import subprocess
import sys
import unittest

from harness import Client, Closed, Sandbox, request, wait_until


class Life(unittest.TestCase):
    def setUp(self) -> None:
        self.sandbox = Sandbox()
        self.addCleanup(self.sandbox.close)

    def connect(self, *arguments) -> Client:
        client = self.sandbox.connect(*arguments)
        self.addCleanup(client.close)
        return client

    def test_exactly_one_under_concurrent_starts(self) -> None:
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(lambda _: self.sandbox.ensure(), range(8)))
        self.assertEqual(len({answer["pid"] for answer in answers}), 1, answers)
        self.assertEqual([answer["started"] for answer in answers].count(True), 1)

    def test_the_caller_is_let_go(self) -> None:
        """The kernel keeps no end of its caller's pipes: communicate() would wait for it for ever."""
        starter = subprocess.Popen(
            self.sandbox.command(),
            env=self.sandbox.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        out, err = starter.communicate(timeout=30)
        self.assertEqual((json.loads(out)["started"], err, starter.returncode), (True, b"", 0))
        self.assertTrue(self.sandbox.lives())

    def test_usage(self) -> None:
        done = subprocess.run(self.sandbox.command()[:-1], env=self.sandbox.environment, stderr=subprocess.PIPE)
        self.assertEqual(done.returncode, 2)
        self.assertIn(b"usage:", done.stderr)

    def test_a_start_that_fails_says_why(self) -> None:
        os.makedirs(self.sandbox.folder, mode=0o700)
        with open(self.sandbox.path("journal"), "w"):
            pass
        done = subprocess.run(self.sandbox.command(), env=self.sandbox.environment, stdout=subprocess.PIPE)
        self.assertEqual(done.returncode, 1)
        self.assertIn("journal", json.loads(done.stdout)["error"])
        os.unlink(self.sandbox.path("journal"))
        self.assertTrue(self.sandbox.ensure()["started"])

    def test_a_folder_that_is_a_link_is_refused(self) -> None:
        os.symlink(self.sandbox.root, self.sandbox.folder)
        done = subprocess.run(self.sandbox.command(), env=self.sandbox.environment, stdout=subprocess.PIPE)
        self.assertIn("not a folder of this user", json.loads(done.stdout)["error"])
        os.unlink(self.sandbox.folder)

    def test_shutdown(self) -> None:
        client = self.connect()
        client.run("import atexit; atexit.register(print, 'farewell');")
        client.ask("shutdown")
        self.assertEqual(client.until("status", execution_state="dead")["seq"], len(self.sandbox.events()))
        with self.assertRaises(Closed) as caught:
            client.receive()
        self.assertEqual(caught.exception.code, 1001)
        wait_until(lambda: not self.sandbox.lives(), "the kernel to end")
        self.assertFalse(os.path.exists(self.sandbox.path("connection.json")))
        texts = [event["content"]["text"] for event in client.events if event["type"] == "stream"]
        self.assertEqual("".join(texts), "farewell\n")

    def test_sigterm_ends_it_in_a_cell_that_does_not_let_go(self) -> None:
        client = self.connect()
        id = client.ask("execute", code="print('x')\nwhile True:\n    try:\n        while True: pass\n"
            "    except BaseException: pass")
        client.until("stream", id)
        os.kill(client.connection["pid"], signal.SIGTERM)
        client.until("status", execution_state="dead")
        wait_until(lambda: not self.sandbox.lives(), "the kernel to end")

    def test_a_new_epoch_goes_on_in_the_journal(self) -> None:
        first = self.connect()
        made = request("execute", code="alive = 1")
        first.send(json.dumps(made).encode())
        first.finish(made["id"])
        os.kill(first.connection["pid"], signal.SIGKILL)
        wait_until(lambda: not self.sandbox.lives(), "the kernel to end")
        second = self.connect()
        self.assertTrue(second.connection["started"])
        self.assertNotEqual(second.connection["epoch"], first.connection["epoch"])
        self.assertEqual(second.connection["journal"], first.connection["journal"])
        second.send(json.dumps(made).encode())
        self.assertEqual(second.run("'alive' in globals()").result, "False")
        self.assertEqual([event["seq"] for event in second.events], list(range(1, len(second.events) + 1)))
        epochs = [e["content"]["epoch"] for e in second.events if e["content"].get("execution_state") == "starting"]
        self.assertEqual(epochs, [first.connection["epoch"], second.connection["epoch"]])

    def test_a_torn_journal(self) -> None:
        first = self.connect()
        first.run("1")
        os.kill(first.connection["pid"], signal.SIGKILL)
        wait_until(lambda: not self.sandbox.lives(), "the kernel to end")
        with open(self.sandbox.path("journal", "000000000001.ndjson"), "ab") as file:
            file.write(b'{"seq": 99, "ty')
        second = self.connect()
        second.run("2")
        self.assertEqual([event["seq"] for event in second.events], list(range(1, len(second.events) + 1)))

    def test_a_cell_that_kills_the_kernel(self) -> None:
        client = self.connect()
        client.ask("execute", code="import os; print('last words'); os._exit(3)")
        with self.assertRaises(Closed):
            while True:
                client.next()
        wait_until(lambda: not self.sandbox.lives(), "the kernel to end")
        self.assertTrue(self.sandbox.ensure()["started"])
        texts = [event["content"]["text"] for event in self.sandbox.events() if event["type"] == "stream"]
        self.assertEqual("".join(texts), "last words\n")

    def test_a_child_that_outlives_the_kernel_holds_nothing_of_it(self) -> None:
        client = self.connect()
        cell = client.run("import os, time\npid = os.fork()\nif pid == 0:\n    time.sleep(60)\n    os._exit(0)\npid")
        child = int(cell.result)
        try:
            os.kill(client.connection["pid"], signal.SIGKILL)
            wait_until(lambda: not self.sandbox.lives(), "the lock")
            with self.assertRaises(Closed):
                while True:
                    client.receive()
            self.assertTrue(self.sandbox.ensure()["started"])
        finally:
            os.kill(child, signal.SIGKILL)

    def test_few_descriptors_and_little_memory(self) -> None:
        """Under limits such as a sandbox sets."""
        code = (
            "import resource, os, sys\nresource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))\n"
            "resource.setrlimit(resource.RLIMIT_CORE, (0, 0))\n"
            f"os.execv({sys.executable!r}, {[sys.executable, '-m', 'sandrepl_kernel', 'ensure']!r})"
        )
        done = subprocess.run([sys.executable, "-c", code], env=self.sandbox.environment, stdout=subprocess.PIPE)
        self.assertTrue(json.loads(done.stdout)["started"])
        client = self.connect()
        self.assertEqual(client.run("files = []\ntry:\n    while True: files.append(open('/dev/null'))\n"
            "except OSError: print(1)").text(), "1\n")
        self.assertEqual(client.run("del files\n'on'").result, "'on'")


if __name__ == "__main__":
    unittest.main()
