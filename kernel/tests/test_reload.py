"""`%autoreload`: what changes with a module's file, and what is left as it was."""

from __future__ import annotations

import os
import unittest

from harness import InCells


class Reload(InCells):
    def setUp(self) -> None:
        self.client.run(f"import sys\nsys.path[:0] = [{self.sandbox.root!r}]\nsys.dont_write_bytecode = False")
        self.client.run("%load_ext autoreload\n%autoreload 2")

    def write(self, name: str, text: str) -> None:
        with open(os.path.join(self.sandbox.root, f"{name}.py"), "w", encoding="utf-8") as file:
            file.write(text)

    def test_functions(self) -> None:
        self.write("functions", "def f():\n    return 1\ndef gone(): pass\n")
        self.assertEqual(self.result("import functions\nfrom functions import f\nheld = [f]\nf()"), "1")
        for number in (2, 3):  # as long, and within a second
            self.write("functions", f"def f():\n    return {number}\n")
            self.assertEqual(self.result("f(), functions.f(), held[0](), f is functions.f"), f"({number}, {number}, {number}, True)")

    def test_classes(self) -> None:
        self.write("classes", "class A:\n    size = 1\n    def f(self): return 'old'\n    def gone(self): pass\n")
        self.result("from classes import A\na, held = A(), [A]")
        self.write(
            "classes",
            "class Base:\n    def f(self): return 'base'\nclass A(Base):\n    size = 2\n"
            "    def f(self): return 'new ' + super().f()\n    @property\n    def added(self): return self.size\n",
        )
        self.assertEqual(self.result("a.f(), a.added, hasattr(a, 'gone'), isinstance(a, A)"), "('new base', 2, False, True)")
        self.assertEqual(self.result("held[0].size, A().added"), "(2, 2)")

    def test_new_code_that_fails(self) -> None:
        self.write("failing", "x = 1\n")
        self.result("import failing")
        self.write("failing", "x = 2\n1/0\n")
        cell = self.client.run("failing.x")
        self.assertEqual(cell.result, "1")
        self.assertIn("[autoreload of failing failed: ", cell.text("stderr"))
        self.assertIn("line 2, in <module>", cell.text("stderr"))
        self.assertNotIn("importlib", cell.text("stderr"))
        self.assertEqual(self.client.run("failing.x").text("stderr"), "")
        self.write("failing", "x = 3\n")
        self.assertEqual(self.result("failing.x"), "3")

    def test_modes(self) -> None:
        self.write("one", "x = 1\n")
        self.write("two", "x = 1\n")
        self.result("%autoreload 1\n%aimport one\nimport two")
        self.write("one", "x = 2\n")
        self.write("two", "x = 2\n")
        self.assertEqual(self.result("one.x, two.x"), "(2, 1)")
        self.assertIn("Modules to reload: one", self.text("%aimport"))
        self.text("%autoreload")
        self.assertEqual(self.result("two.x"), "2")
        self.text("%autoreload off")
        self.write("one", "x = 3\n")
        self.assertEqual(self.result("one.x"), "2")
        self.text("%autoreload 3\n%aimport -two")
        self.write("one", "x = 4\ndef newly(): return 5\n")
        self.write("two", "x = 4\n")
        self.assertEqual(self.result("one.x, two.x, newly()"), "(4, 2, 5)")
        self.assertIn("the modes are", self.fails("%autoreload 7")["evalue"])

    def test_other_extensions(self) -> None:
        self.assertIn("sql needs IPython", self.fails("%load_ext sql")["evalue"])


if __name__ == "__main__":
    unittest.main()
