"""What stands around a cell's code: marks, line ends, prompts and indentation that came with it."""

from __future__ import annotations

import unittest

from harness import InCells

from sandrepl_kernel.pasted import plain


class Plain(unittest.TestCase):
    def test_what_is_taken_off(self) -> None:
        for code, expected in (
            ("\ufeffx = 1", "x = 1"),
            ("a\r\nb\rc", "a\nb\nc"),
            ("    x = 1\n    if x:\n        y", "x = 1\nif x:\n    y"),
            ("# above\n\n\tx\n\ty", "# above\n\nx\ny"),
            (">>> def f():\n...     return 1\n...\n>>> f()", "def f():\n    return 1\n\nf()"),
            ("  >>> 1 +\\\n  ... 2", "1 +\\\n2"),
            ("\n\t%time x\n\ty", "\n%time x\ny"),
            ("# why\n  x\n  # more\n\n  y", "# why\nx\n# more\n\ny"),
            ("\n>>> %pwd", "\n%pwd"),
            ("In [1]: def f():\n   ...:     return 1\n   ...: \n\nIn [2]: f()", "def f():\n    return 1\n\n\nf()"),
        ):
            self.assertEqual(plain(code), expected)

    def test_what_is_left_alone(self) -> None:
        for code in (
            "",
            "x",
            "...",
            "x = '''\n  >>> text\n    indented'''",
            "  # a comment first\nif x:\n    y",
            "(1\n>>> 2)",
            "In[1]",
            "%%bash\n  ls",
            "x\n\n    indented",
        ):
            self.assertEqual(plain(code), code)


class Pasted(InCells):
    def test_it_runs(self) -> None:
        for code in ("x = 1\rx + 1", "\ufeff1 + 1", "    x = 1\n    x + 1", ">>> x = 1\n>>> x + 1", "  %time 2"):
            self.assertEqual(self.result(code), "2", code)

    def test_its_source_is_what_ran(self) -> None:
        self.result("    def f():\n        return 1")
        self.assertEqual(self.result("import inspect\ninspect.getsource(f)"), "'def f():\\n    return 1\\n'")

    def test_an_error_shows_the_line_that_it_is_in(self) -> None:
        """Whatever else splits lines in other places than Python does."""
        error = self.fails("x = '''\x0b \x0c \x1c \x85 \u2028'''\n\n1/0  # here")
        self.assertEqual(error["lineno"], 3)
        self.assertIn("    1/0  # here", error["traceback"])
        error = self.fails("  \r\n  x = 1\r\n  1/0")
        self.assertEqual((error["lineno"], error["traceback"][2]), (3, "    1/0"))


if __name__ == "__main__":
    unittest.main()
