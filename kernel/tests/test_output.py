"""Text: in order, at once, from every source, with its owner, and never too much of it in memory."""

from __future__ import annotations

import unittest

from harness import Cell, InOneSandbox, Sandbox


class Output(InOneSandbox):
    def run_cell(self, code: str):
        cell = self.client.run(code)
        self.assertIsNone(cell.error, cell.error)
        return cell

    def test_a_line_shows_while_the_cell_goes_on(self) -> None:
        id = self.client.ask("execute", code="print('before')\ninput()")
        self.client.until("stream", id)
        self.client.until("input_request", id)
        self.client.ask("input_reply", value="")
        self.client.finish(id)

    def test_a_line_shows_before_code_that_never_lets_go(self) -> None:
        """sum() over a range holds the interpreter's lock to its end: the line must be out before it begins."""
        id = self.client.ask("execute", code="import time\nprint('first')\nt = time.time(); n = sum(range(3 * 10**7))")
        shown = self.client.until("stream", id)
        self.assertEqual(shown["content"]["text"].strip(), "first")
        done = self.client.until("execute_reply", id)
        self.assertGreater(done["content"]["duration"], 2 * (shown["time"] - self.started(id)))
        self.client.until("locals", id)

    def started(self, id: str) -> float:
        return next(event["time"] for event in self.client.events if event["parent"] == id)

    def test_a_part_of_a_line_shows(self) -> None:
        id = self.client.ask("execute", code="print('no end', end='')\ntry:\n    while True: pass\n"
            "except KeyboardInterrupt: pass")
        self.assertEqual(self.client.until("stream", id)["content"]["text"], "no end")
        self.client.ask("interrupt")
        self.client.finish(id)

    def test_order_of_descriptors_and_python(self) -> None:
        cell = self.run_cell(
            "import os, subprocess, sys\nfor n in range(20):\n    print('python', n)\n"
            "    os.write(1, b'bytes %d\\n' % n)\n"
            "    if n % 10 == 0: subprocess.run(['echo', 'child', str(n)])\n    sys.stdout.buffer.write(b'buffer\\n')"
        )
        expected = ""
        for n in range(20):
            expected += f"python {n}\nbytes {n}\n" + (f"child {n}\n" if n % 10 == 0 else "") + "buffer\n"
        self.assertEqual(cell.text(), expected)

    def test_descriptors_come_before_the_result(self) -> None:
        cell = self.run_cell("os_ = __import__('os'); os_.write(2, b'low\\n'); os_.system('echo child'); 'value'")
        kinds = [event["type"] for event in cell.events]
        self.assertLess(max(n for n, kind in enumerate(kinds) if kind == "stream"), kinds.index("execute_result"))
        self.assertEqual((cell.text(), cell.text("stderr")), ("child\n", "low\n"))

    def test_utf8_split_across_writes(self) -> None:
        cell = self.run_cell(
            "import os, time\nfor byte in '⠋é😀'.encode():\n    os.write(1, bytes([byte])); time.sleep(0.002)\n"
            "os.write(1, b'\\xff|')"
        )
        self.assertEqual(cell.text(), "⠋é😀\ufffd|")

    def test_a_flood_from_python(self) -> None:
        cell = self.run_cell("for n in range(200000): print('%059d' % n)")
        lines = cell.text().split("\n")
        self.assertEqual(len(lines), 200001)
        self.assertEqual(lines[:200000], ["%059d" % n for n in range(200000)])

    def test_a_flood_from_a_child(self) -> None:
        cell = self.run_cell("import subprocess\nsubprocess.run('yes | head -c 8000000; echo end', shell=True)\n"
            "print('after')")
        text = cell.text()
        self.assertEqual(len(text), 8000000 + len("end\nafter\n"))
        self.assertTrue(text.endswith("end\nafter\n"))

    def test_one_huge_write(self) -> None:
        cell = self.run_cell("import sys\nsys.stdout.write('y' * (8 << 20))\nsys.stderr.write('z')")
        self.assertEqual((len(cell.text()), cell.text("stderr")), (8 << 20, "z"))

    def test_threads_print_into_the_cell_that_started_them(self) -> None:
        first = self.client.ask(
            "execute",
            code="import threading\ngo = threading.Event()\ndef child(): print('grandchild')\n"
            "def late():\n    go.wait(); print('late'); t = threading.Thread(target=child); t.start(); t.join()\n"
            "thread = threading.Thread(target=late); thread.start()",
        )
        self.client.finish(first)
        second = self.run_cell("print('second'); go.set(); thread.join()")
        self.assertEqual(second.text(), "second\n")
        mine = Cell([event for event in self.client.events if event["parent"] == first]).text()
        self.assertEqual(mine, "late\ngrandchild\n")

    def test_the_streams_are_what_libraries_expect(self) -> None:
        cell = self.run_cell(
            "import sys\nsys.stdout.reconfigure(encoding='latin-1'); sys.stdout.flush(); sys.stderr.flush()\n"
            "out, err = sys.stdout, sys.stderr\n"
            "print((out.isatty(), out.encoding, out.fileno(), err.fileno(), out.writable()))\n"
            "print('to stderr', file=sys.stderr)\nsys.stdout.writelines(['a', 'b'])\nprint(file=sys.__stdout__)\n"
            "class S(str): pass\nsys.stdout.write(S('sub\\n'))"
        )
        self.assertEqual(cell.text(), "(False, 'utf-8', 1, 2, True)\nab\nsub\n")
        self.assertEqual(cell.text("stderr"), "to stderr\n")
        self.assertEqual(self.client.run("sys.stdout.write(b'x')").error["ename"], "TypeError")

    def test_printing_from_a_signal_handler_and_a_finaliser(self) -> None:
        cell = self.run_cell(
            "import signal, gc, time\nclass Talks:\n    def __del__(self): print('gone')\n"
            "def tick(*_): print('tick')\n"
            "old = signal.signal(signal.SIGALRM, tick); signal.setitimer(signal.ITIMER_REAL, 0.001, 0.001)\n"
            "end = time.time() + 0.2\nwhile time.time() < end:\n    t = Talks(); t.t = t; print('line')\n"
            "signal.setitimer(signal.ITIMER_REAL, 0); signal.signal(signal.SIGALRM, old); del t; gc.collect();"
        )
        words = set(cell.text().split("\n"))
        self.assertLessEqual({"gone", "tick", "line"}, words)

    def test_closed_descriptors(self) -> None:
        other = Sandbox()
        self.addCleanup(other.close)
        client = other.connect()
        self.addCleanup(client.close)
        self.assertIsNone(client.run("import os; os.close(1); os.close(2)").error)
        self.assertEqual(client.run("print('on')").text(), "on\n")


if __name__ == "__main__":
    unittest.main()
