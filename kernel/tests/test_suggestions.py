"""What an error says of the name that was meant, where Python itself says it."""

from __future__ import annotations

import sys
import unittest

from harness import InCells
from sandrepl_kernel.suggestions import distance, nearest


class Suggestions(InCells):
    def says(self, code: str, hint: str, since: tuple[int, int] = (3, 8)) -> None:
        text = "\n".join(self.fails(code)["traceback"])
        self.assertEqual(hint in text, sys.version_info >= since, text)

    def plain(self, code: str) -> None:
        self.assertNotRegex(self.fails(code)["traceback"][-1], "Did you|forget")

    def test_names(self) -> None:
        self.says("value = 1\nvaleu", "'valeu' is not defined. Did you mean: 'value'?")
        self.says("printt(1)", "is not defined. Did you mean: 'print'?")
        self.says("def f():\n    local = 1\n    return locl\nf()", "Did you mean: 'local'?")
        self.says("class B:\n    def __init__(self): self.foo = 1\n    def m(self): return foo\nB().m()", "Did you mean: 'self.foo'?")
        self.says("json.dumps(1)", "forget to import 'json'", (3, 10))
        self.says("zlib.compress", ". Did you forget to import 'zlib'", (3, 10))
        self.plain("raise NameError('no name')")
        self.plain("quite_another_name")
        self.assertEqual(self.fails("valeu")["evalue"], "name 'valeu' is not defined")

    def test_attributes(self) -> None:
        self.says("import math\nmath.sqr(2)", "no attribute 'sqr'. Did you mean: 'sqrt'?", (3, 10))
        self.says("class A:\n    blech = 1\nA().bluch", "Did you mean: 'blech'?", (3, 10))
        self.plain("class D:\n    def __dir__(self): raise OSError\nD().x")
        self.plain("raise AttributeError('x')")

    def test_in_a_chain(self) -> None:
        self.says("chained = 1\ntry:\n    chaind\nexcept NameError as e:\n    raise ValueError from e", "Did you mean: 'chained'?")


class Nearness(unittest.TestCase):
    def test_as_python_counts(self) -> None:
        self.assertEqual([distance("abc", other) for other in ("abc", "abC", "abd", "ab", "xabc")], [0, 1, 2, 2, 2])
        self.assertEqual(nearest("lenght", ["length", "width", "len"]), "length")
        self.assertEqual(nearest("x", ["quite", "other"]), "")
        self.assertEqual(nearest("hidden", ["_hidden"]), "")


if __name__ == "__main__":
    unittest.main()
