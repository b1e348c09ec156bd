"""Interrupts and input: the two ways in which a client reaches into a running cell."""

from __future__ import annotations

import os
import signal
import sys
import threading
import unittest

from harness import InOneSandbox

WAITS = {
    "a loop": "while True: pass",
    "sleep": "time.sleep(60)",
    "a lock": "l = threading.Lock(); l.acquire(); l.acquire()",
    "a queue": "queue.Queue().get()",
    "input": "input('? ')",
    "a child": "subprocess.run(['sleep', '60'])",
    "await": "await asyncio.sleep(60)",
    "a loop in a coroutine": "async def f():\n    while True: pass\nawait f()",
    "a repr": "class Slow:\n    def __repr__(self):\n        while True: pass\nSlow()",
    "the text of an exception": "class Slow(Exception):\n    def __str__(self):\n        while True: pass\nraise Slow",
}


class Interrupts(InOneSandbox):
    def start(self, code: str) -> str:
        """Starts a cell and waits until its own code runs."""
        id = self.client.ask("execute", code="print('begun')\n" + code)
        self.client.until("stream", id)
        return id

    def test_wherever_a_cell_waits(self) -> None:
        self.client.run("import asyncio, queue, subprocess, threading, time")
        for name, code in WAITS.items():
            with self.subTest(name):
                id = self.start(code)
                self.client.ask("interrupt")
                cell = self.client.finish(id)
                self.assertEqual(cell.error["ename"], "KeyboardInterrupt")
                self.assertEqual(cell.reply["status"], "error")
                self.assertNotIn("sandrepl_kernel", "\n".join(cell.error["traceback"]))
        self.assertEqual(self.client.run("'unharmed'").result, "'unharmed'")

    def test_none_cuts_short_what_the_kernel_loads_for_an_error(self) -> None:
        code = """
import os, signal, sys
class Signals:
    def find_spec(self, name, path=None, target=None):
        if name == 'traceback':
            sys.meta_path.remove(self)
            os.kill(os.getpid(), signal.SIGINT)
sys.modules.pop('traceback', None)
sys.meta_path.insert(0, Signals())
1 / 0"""
        error = self.client.run(code).error
        self.assertEqual((error["ename"], error["lineno"]), ("ZeroDivisionError", 10))

    def test_it_tells_what_was_awaited(self) -> None:
        waits = "    asyncio.get_running_loop().call_soon(print, 'waits')"
        self.client.run(f"import asyncio\nasync def rest():\n{waits}\n    await asyncio.sleep(60)")
        id = self.client.ask("execute", code="\nawait rest()  # in the cell")
        self.client.until("stream", id)
        self.client.ask("interrupt")
        error = self.client.finish(id).error
        if sys.version_info < (3, 9):
            self.assertEqual(error["traceback"], ["KeyboardInterrupt"])
        else:
            self.assertIn("    await rest()  # in the cell", error["traceback"])
            self.assertIn("    await asyncio.sleep(60)", error["traceback"])
            self.assertEqual(error["lineno"], 2)

    def test_a_caught_one_and_a_second(self) -> None:
        code = (
            "try:\n    print('in')\n    while True: pass\nexcept KeyboardInterrupt:\n    print('caught')\n"
            "while True: pass"
        )
        id = self.client.ask("execute", code=code)
        self.client.until("stream", id)
        self.client.ask("interrupt")
        while self.client.until("stream", id)["content"]["text"].strip() != "caught":
            pass
        self.client.ask("interrupt")
        self.assertEqual(self.client.finish(id).error["ename"], "KeyboardInterrupt")

    def test_an_import_is_cut_short_only_where_it_may_be(self) -> None:
        imports = (
            "import threading, time\nend = time.monotonic() + {}\ndef load():\n"
            "    threading.Timer(0.2, print, ['in it']).start()\n    while time.monotonic() < end: pass\n"
            "try:\n    load()\nexcept KeyboardInterrupt:\n    cut = True"
        )
        for seconds, cut in ((0.6, False), (60, True)):
            source = imports.format(seconds)
            run = f"exec(compile({source!r}, '<frozen importlib._bootstrap>', 'exec'))"
            id = self.client.ask("execute", code=f"cut = False\n{run}\nwhile not cut: pass")
            self.client.until("stream", id)
            self.client.ask("interrupt")
            self.assertEqual(self.client.finish(id).error is None, cut)
            self.assertEqual(self.client.run("cut").result, repr(cut))

    def test_a_signal_that_came_before_the_request_is_the_same_interrupt(self) -> None:
        code = (
            "import threading, time\nhits, end = 0, time.monotonic() + 60\ndef spin():\n"
            "    while time.monotonic() < end: pass\nthreading.Timer(0.2, print, ['spins']).start()\n"
            "while time.monotonic() < end:\n    try:\n        spin()\n    except KeyboardInterrupt:\n"
            "        hits += 1\n        end = time.monotonic() + 0.3\n        print('hit')\nhits"
        )
        id = self.client.ask("execute", code=code)
        self.client.until("stream", id)
        os.kill(self.client.connection["pid"], signal.SIGINT)
        self.client.until("stream", id)
        self.client.ask("interrupt")
        self.assertEqual(self.client.finish(id).result, "1")

    def test_between_cells_it_does_nothing(self) -> None:
        for _ in range(20):
            self.client.ask("interrupt")
        self.assertEqual(self.client.run("'fine'").reply["status"], "ok")

    def test_queued_cells_are_aborted(self) -> None:
        running = self.start("import time; time.sleep(60)")
        queued = [self.client.ask("execute", code="ran = True") for _ in range(3)]
        self.client.until("status", queued[-1], execution_state="queued")
        self.client.ask("interrupt")
        self.assertEqual(self.client.finish(running).reply["status"], "error")
        after = self.client.run("'ran' in globals()")
        self.assertEqual(after.result, "False")
        for id in queued:
            replies = [e["content"] for e in self.client.events if e["parent"] == id and e["type"] == "execute_reply"]
            self.assertEqual([reply["status"] for reply in replies], ["aborted"])
            inputs = [e["content"]["code"] for e in self.client.events if e["parent"] == id and e["type"] == "execute_input"]
            self.assertEqual(inputs, ["ran = True"])

    def test_a_cell_shows_as_running_before_it_prints(self) -> None:
        id = self.client.ask("execute", code="import re; re.match('(a+)+$', 'a' * 40 + 'b')")  # holds the lock, for ever
        self.client.until("execute_input", id)
        pid, over = self.sandbox.ensure()["pid"], threading.Event()

        def strike() -> None:  # as a client does when the kernel does not answer; the first may come before the code runs
            while not over.wait(0.05):
                os.killpg(pid, signal.SIGINT)

        striker = threading.Thread(target=strike)
        striker.start()
        try:
            self.assertEqual(self.client.finish(id).error["ename"], "KeyboardInterrupt")
        finally:
            over.set()
            striker.join()

    def test_a_handler_of_the_users_lasts_for_its_cell(self) -> None:
        self.client.run("import signal; signal.signal(signal.SIGINT, signal.SIG_IGN);")
        id = self.start("while True: pass")
        self.client.ask("interrupt")
        self.assertEqual(self.client.finish(id).error["ename"], "KeyboardInterrupt")

    def test_finally_runs_in_an_interrupted_coroutine(self) -> None:
        self.client.run("import asyncio")
        code = (
            "import sys\nasync def f():\n    try:\n        sys.stdout.write('begun\\n')\n        await asyncio.sleep(60)\n"
            "    finally: print('cleaned')\nawait f()"
        )
        id = self.client.ask("execute", code=code)
        self.client.until("stream", id)
        self.client.ask("interrupt")
        cell = self.client.finish(id)
        self.assertEqual((cell.text(), cell.error["ename"]), ("begun\ncleaned\n", "KeyboardInterrupt"))
        self.assertEqual(cell.text("stderr"), "")


class Input(InOneSandbox):
    def answer(self, code: str, *values):
        """Runs a cell, answering its questions in turn; returns it with the questions."""
        id = self.client.ask("execute", code=code)
        asked = []
        for value in values:
            asked.append(self.client.until("input_request", id))
            self.client.ask("input_reply", **({"eof": True} if value is None else {"value": value}))
        return self.client.finish(id), [event["content"] for event in asked]

    def test_input(self) -> None:
        cell, asked = self.answer("name = input('Who? ')\nname", "Åsa")
        self.assertEqual((cell.result, asked), ("'Åsa'", [{"prompt": "Who? ", "password": False}]))
        seq = next(event["seq"] for event in cell.events if event["type"] == "input_request")
        self.assertEqual(cell.of("input_reply"), [{"seq": seq, "value": "Åsa"}])

    def test_getpass_is_not_written_down(self) -> None:
        cell, asked = self.answer("import getpass\nlen(getpass.getpass())", "hunter2")
        self.assertEqual((cell.result, asked[0]["password"]), ("7", True))
        self.assertIsNone(cell.of("input_reply")[0]["value"])
        self.assertNotIn("hunter2", str(self.sandbox.events()))

    def test_stdin(self) -> None:
        cell, _ = self.answer("import sys\nsys.stdin.readline(), sys.stdin.readline()", "one", "two")
        self.assertEqual(cell.result, r"('one\n', 'two\n')")
        cell, _ = self.answer("sys.stdin.read()", "one", "two", None)
        self.assertEqual(cell.result, r"'one\ntwo\n'")

    def test_a_stdin_of_the_users_own(self) -> None:
        cell = self.client.run("import io, sys\nsys.stdin = io.StringIO('1\\n2')\n[input('a '), input(), sys.stdin.read()]")
        self.assertEqual((cell.result, cell.text(), cell.of("input_request")), ("['1', '2', '']", "a ", []))
        self.assertEqual(self.client.run("input()").error["ename"], "EOFError")
        cell, _ = self.answer("sys.stdin = sys.__stdin__\ninput()", "from the client")
        self.assertEqual(cell.result, "'from the client'")

    def test_end_of_file(self) -> None:
        cell, _ = self.answer("input()", None)
        self.assertEqual(cell.error["ename"], "EOFError")

    def test_not_allowed(self) -> None:
        cell = self.client.run("input('x')", allow_stdin=False)
        self.assertEqual(cell.error["ename"], "StdinNotImplementedError")
        self.assertIn("run it in the REPL", cell.error["evalue"])

    def test_a_late_answer_answers_nothing_else(self) -> None:
        id = self.client.ask("execute", code="first = input('1')\nsecond = input('2')\nfirst, second")
        one = self.client.until("input_request", id)["seq"]
        self.client.ask("input_reply", value="a", seq=one)
        two = self.client.until("input_request", id)["seq"]
        self.client.ask("input_reply", value="late", seq=one)
        self.client.ask("input_reply", value="b", seq=two)
        self.assertEqual(self.client.finish(id).result, "('a', 'b')")

    def test_an_interrupt_closes_the_question(self) -> None:
        id = self.client.ask("execute", code="try: input('?')\nexcept KeyboardInterrupt: pass\ninput('again')")
        self.client.until("input_request", id)
        self.client.ask("interrupt")
        self.assertIsNone(self.client.until("input_reply", id)["content"]["value"])
        self.client.until("input_request", id)
        self.client.ask("input_reply", value="yes")
        self.assertEqual(self.client.finish(id).result, "'yes'")

    def test_from_a_thread(self) -> None:
        code = (
            "import threading\ngot = []\nt = threading.Thread(target=lambda: got.append(input('t')))\n"
            "t.start(); t.join(); got"
        )
        self.assertEqual(self.answer(code, "threaded")[0].result, "['threaded']")


if __name__ == "__main__":
    unittest.main()
