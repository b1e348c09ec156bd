"""Cells that come with the indentation or the prompts of where they were copied from."""

from __future__ import annotations

import unittest

from harness import InCells
from sandrepl_kernel.pasted import unpasted

CLEANED = [
    ("    x = 1\n    if x:\n        y\n", "x = 1\nif x:\n    y\n"),
    ("\n\t%time x\n\ty", "\n%time x\ny"),
    ("# why\n  x\n  # more\n\n  y", "# why\nx\n# more\n\ny"),
    (">>> x = 1\n>>> if x:\n...     y\n...\n>>> z", "x = 1\nif x:\n    y\n\nz"),
    ("    >>> x\n    >>> y", "x\ny"),
    ("In [12]: x = 1\n    ...: y\n    ...:\nIn [13]: z", "x = 1\ny\n\nz"),
    ("\n>>> %pwd", "\n%pwd"),
]
KEPT = [
    "x\n    y",
    "    # note\nif x:\n    y",
    "'''\n    x\n'''",
    "x = '''\n>>> y\n'''",
    "In[1]",
    "   ",
    "",
    "    # only this",
]


class Pasted(unittest.TestCase):
    def test_cleaned(self) -> None:
        for code, expected in CLEANED:
            with self.subTest(code):
                self.assertEqual(unpasted(code), expected)

    def test_kept(self) -> None:
        for code in KEPT:
            with self.subTest(code):
                self.assertEqual(unpasted(code), code)


class InKernel(InCells):
    def test_they_run(self) -> None:
        self.assertEqual(self.result("    a = 1\n    a + 1"), "2")
        self.assertEqual(self.result("  %time a = 5\n  a"), "5")
        self.assertEqual(self.text(">>> for n in range(2):\n...     print(n)\n"), "0\n1\n")
        self.assertEqual(self.result("In [1]: a * 2"), "10")
        self.result("    def f():\n        return 1")
        self.assertEqual(self.result("import inspect\ninspect.getsource(f)"), "'def f():\\n    return 1\\n'")

    def test_errors_are_where_they_were_typed(self) -> None:
        error = self.fails("\n    b = 1\n    1/0")
        self.assertEqual((error["lineno"], error["ename"]), (3, "ZeroDivisionError"))
        self.assertIn("    1/0", error["traceback"])


if __name__ == "__main__":
    unittest.main()
