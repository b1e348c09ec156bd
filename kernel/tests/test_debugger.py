"""pdb from a client: its commands, its prompt, and that nothing of it is left behind."""

from __future__ import annotations

import unittest

from harness import Cell, InOneSandbox

INTERRUPT = object()


class Debugger(InOneSandbox):
    def setUp(self) -> None:
        self.client.run("def f(a):\n    b = a + 1\n    breakpoint()\n    c = b * 2\n    return c")

    def talk(self, code: str, *commands) -> Cell:
        """Runs a cell, with one command at each prompt of the debugger; more prompts than commands fail."""
        id = self.client.ask("execute", code=code)
        left = list(commands)
        self.shown: list = []  # what was printed before each prompt
        while True:
            event = self.client.next()
            if event["parent"] != id:
                continue
            if event["type"] == "input_request":
                self.assertTrue(left, f"a prompt too many after {self.shown}")
                command = left.pop(0)
                events = [each for each in self.client.events if each["parent"] == id]
                self.shown.append(Cell(events).text()[sum(map(len, self.shown)) :])
                if command is INTERRUPT:
                    self.client.ask("interrupt")
                elif command is None:
                    self.client.ask("input_reply", eof=True)
                else:
                    self.client.ask("input_reply", value=command)
            if event["type"] == "execute_reply":
                self.assertEqual(left, [])
                return self.client.finish(id, replied=True)

    def test_commands(self) -> None:
        cell = self.talk("x = f(3)\nprint('x', x)\nx", "p a, b", "l 1, 5", "w", "u", "p x if 'x' in dir() else 'none'", "c")
        self.assertIsNone(cell.error)
        self.assertEqual(cell.result, "8")
        stopped, printed, listed, stack, up, value = self.shown
        self.assertIn("f()", stopped)
        self.assertEqual(printed, "(3, 4)\n")
        self.assertIn("  2  \t    b = a + 1\n", listed)
        self.assertNotIn("sandrepl_kernel", stack)
        self.assertIn("-> x = f(3)\n", stack)
        self.assertIn("-> x = f(3)\n", up)
        self.assertTrue(cell.text().endswith("x 8\n"))
        self.assertEqual({content["prompt"] for content in cell.of("input_request")}, {"(Pdb) "})

    def test_step_and_next(self) -> None:
        self.client.run("def g(a):\n    a += 1\n    return a\ndef h(a):\n    breakpoint()\n    g(a)\n    return g(a)")
        cell = self.talk("h(1)", "unt 6", "s", "s", "p a", "r", "n", "c")
        text = cell.text()
        self.assertIn("--Call--", text)
        self.assertIn("-> a += 1", text)
        self.assertIn("--Return--", text)
        self.assertIn("-> return g(a)", text)
        self.assertEqual(cell.result, "2")

    def test_quit_is_short(self) -> None:
        for leave in ("q", None):
            cell = self.talk("f(1)\nprint('not reached')", leave)
            self.assertEqual((cell.error["ename"], cell.error["lineno"]), ("BdbQuit", 1))
            self.assertEqual(len(cell.error["traceback"]), 1)
            self.assertIn("rest of the cell did not run", cell.error["traceback"][0])
            self.assertNotIn("not reached", cell.text())

    def test_an_interrupt_gets_out(self) -> None:
        cell = self.talk("f(1)\nprint('not reached')", INTERRUPT)
        self.assertEqual(cell.error["ename"], "KeyboardInterrupt")
        self.assertNotIn("pdb.py", "\n".join(cell.error["traceback"]))
        self.assertIsNone(self.talk("print('free')").error)

    def test_at_the_top_of_a_cell(self) -> None:
        cell = self.talk("import pdb; pdb.set_trace()\nz = 1\nz += 1\nprint('z', z)", "n", "n", "n", "p z", "c")
        self.assertIsNone(cell.error)
        self.assertNotIn("sandrepl_kernel", cell.text())
        self.assertIn("-> z += 1\n", cell.text())
        self.assertIn("-> print('z', z)\n", cell.text())
        self.assertIn("2\n", cell.text())

    def test_it_ends_with_its_cell(self) -> None:
        """Stepping off the end of a cell leads to no prompt in the kernel, nor in the next cell."""
        cell = self.talk("breakpoint()\ny = 5", *["n"] * (2 if self.returns_first() else 3))
        self.assertIsNone(cell.error)
        self.assertNotIn("sandrepl_kernel", cell.text())
        self.assertEqual(self.talk("import sys; sys.gettrace()").result, None)
        self.assertEqual(self.talk("def k():\n    return y\nk()").result, "5")

    def returns_first(self) -> bool:
        """Until 3.12, the debugger stops behind the line that calls it."""
        return int(self.client.connection["python"].split(".")[1]) < 13

    def test_breakpoints_last(self) -> None:
        self.client.run("def later():\n    n = 1\n    return n")
        self.talk("import pdb; pdb.set_trace()\n1", "b later", "c")
        cell = self.talk("later()", "p 'stopped'", "clear 1", "c")
        self.assertIn("stopped", cell.text())
        self.assertEqual(self.talk("later()").result, "1")

    def test_run_and_runcall(self) -> None:
        cell = self.talk("import pdb\npdb.run('w = 1\\nprint(w + 1)')\n'done'", "n", "n", "c")
        self.assertIn("2\n", cell.text())
        self.assertEqual(cell.result, "'done'")
        cell = self.talk("def plain(n):\n    return n\npdb.runcall(plain, 6)", "p n", "c")
        self.assertEqual((self.shown[1], cell.result), ("6\n", "6"))

    def test_post_mortem(self) -> None:
        self.client.run("def bad():\n    inner = 5\n    return inner / 0\nbad()")
        cell = self.talk("import pdb; pdb.pm()", "p inner", "w", "u", "u", "q")
        self.assertIsNone(cell.error)
        self.assertEqual(self.shown[1], "5\n")
        self.assertNotIn("sandrepl_kernel", cell.text())
        self.assertIn("-> return inner / 0", cell.text())

    def test_where_nobody_can_answer(self) -> None:
        cell = self.client.run("f(1)", allow_stdin=False)
        self.assertEqual(cell.error["ename"], "StdinNotImplementedError")
        self.assertEqual(self.talk("'free'").result, "'free'")


if __name__ == "__main__":
    unittest.main()
