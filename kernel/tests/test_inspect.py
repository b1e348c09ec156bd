"""What inspect tells of the word or the call at the cursor, row by row."""

from __future__ import annotations

import linecache
import os
import sys
import unittest

from harness import KERNEL

sys.path.insert(0, KERNEL)

from sandrepl_kernel.inspection import inspect  # noqa: E402

CELL = '''import functools, os
class Thing:
    """A thing.

        indented
    """
    @property
    def where(self) -> int:
        "Where it is."
        return 1

    @functools.lru_cache()
    def cached(self, depth): "Cached."

    def method(self, size: "int" = 3, *rest, key=None, **more) -> str:
        "Does it."
        return ""

class Sub(Thing):
    def method(self, size=4): return "sub"

class Empty: pass

@functools.wraps(os.getcwd)
def decorated(a):
    return a

def outer(a, /, b, *, c=(1, 2)):
    """Outer.

    More of it."""
    return a

thing, sub, part = Thing(), Sub(), functools.partial(outer, 1, b=2)
held = {"price": [1, 2]}
text = "é" * 1000
'''

# Code with the cursor at `|`, and what the reply holds.
ROWS = [
    ("out|er", {"name": "outer", "type": "function", "signature": "outer(a, /, b, *, c=(1, 2))"}),
    ("|outer", {"name": "outer"}),
    ("outer|", {"name": "outer", "doc": "Outer.\n\nMore of it.", "file": "<cell 1>", "line": 28}),
    ("outer(|", {"name": "outer"}),
    ("outer(1, |)", {"name": "outer"}),
    ("outer(1, unknown|)", {"name": "outer"}),
    ("outer(1, thing|)", {"name": "thing", "type": "Thing", "signature": ""}),
    ("outer([1, |", {"name": "outer"}),
    ("outer({'a': held['|", {"name": "outer"}),
    ("outer('text with ) |", {"name": "outer"}),
    ("outer(thing.method(|", {"name": "thing.method"}),
    ("outer(thing.method(1), |", {"name": "outer"}),
    ("x = 1\nif x: outer(\n    |\n\ny = 3", {"name": "outer"}),
    ("thing.me|thod(1)", {"name": "thing.method", "doc": "Does it.", "line": 15}),
    ("thing.method|", {"signature": "method(size: int = 3, *rest, key=None, **more) -> str"}),
    ("th|ing.method", {"name": "thing", "type": "Thing", "doc": "A thing.\n\nindented", "file": "<cell 1>", "line": 2}),
    ("Thing|", {"type": "type", "signature": "Thing()", "line": 2}),
    ("sub.method|", {"doc": "Does it.", "signature": "method(size=4)", "line": 20}),
    ("thing.where|", {"name": "thing.where", "type": "property", "doc": "Where it is.", "line": 7}),
    ("Thing.where|", {"type": "property", "doc": "Where it is.", "file": "<cell 1>", "line": 7}),
    ("part(|", {"signature": "part(*, b=2, c=(1, 2))", "doc": "Outer.\n\nMore of it."}),
    ("thing.cached(|", {"signature": "cached(depth)", "doc": "Cached."}),
    ("decorated|", {"name": "decorated"}),
    ("Empty|", {"file": "<cell 1>", "line": 22}),
    ("held|", {"type": "dict", "value": "{'price': [1, 2]}"}),
    ("held['price']|", {"found": False}),
    ("text|", {"value": repr("é" * 1000)[:199] + "…"}),
    ("len|", {"type": "builtin_function_or_method", "signature": "len(obj, /)"}),
    ("len(|", {"name": "len", "file": "", "line": None}),
    ("os.path|", {"type": "module", "line": 1, "signature": ""}),
    ("os.path.join|", {"name": "os.path.join", "signature": "join(a, *p)"}),
    ("os.pa|th.join", {"name": "os.path"}),
    ("import os.pa|th", {"type": "module"}),
    ("from os.path import jo|in", {"name": "join", "signature": "join(a, *p)"}),
    ("import wave\nwav|e", {"type": "module", "line": 1}),
    ("''.join|", {"name": "''.join", "signature": "join(iterable, /)"}),
    ("def local(a: int, b=2) -> str: ...\nlocal(|", {"type": "function", "signature": "local(a: int, b=2) -> str"}),
    ('def local():\n    """Says.\n\n    More."""\n    "not this"\nlocal|', {"doc": "Says.\n\nMore."}),
    ("class Local:\n    'Of it.'\nLocal|", {"doc": "Of it."}),
    ("class Local:\n    def __init__(self, a): ...\nLocal(|", {"type": "type", "signature": "Local(a)"}),
    ("new = [1]\nnew|", {"type": "list", "value": "[1]"}),
    ("f'{outer(|", {"name": "outer"}),
    ("%time outer(|", {"name": "outer"}),
    ("%%time\nouter(|", {"name": "outer"}),
    ("# outer|", {"found": False}),
    ("'outer|'", {"found": False}),
    ("unknown|", {"found": False, "name": "", "doc": ""}),
    ("unknown(|", {"found": False}),
    ("for|", {"found": False}),
    ("|", {"found": False}),
    ("(|", {"found": False}),
    ("thing.unknown|", {"found": False}),
    ("%tim|e", {"name": "%time", "type": "magic"}),
    ("%%time|", {"name": "%%time", "type": "magic"}),
    ("%nosuchmagic|", {"found": False}),
    ("x = 5 %time|", {"found": False}),
]


class Inspect(unittest.TestCase):
    def setUp(self) -> None:
        self.namespace: dict = {"__name__": "__main__", "__builtins__": sys.modules["builtins"]}
        linecache.cache["<cell 1>"] = (len(CELL), None, CELL.splitlines(keepends=True), "<cell 1>")
        self.addCleanup(linecache.cache.pop, "<cell 1>")
        exec(compile(CELL, "<cell 1>", "exec", dont_inherit=True), self.namespace)

    def inspect(self, code: str, detail: int = 0) -> dict:
        cursor = code.index("|")
        params = {"code": code.replace("|", "", 1), "cursor": cursor, "detail": detail}
        return inspect(self.namespace, params, lambda: False)

    def test_rows(self) -> None:
        keys = {"found", "name", "type", "signature", "doc", "source", "file", "line", "value"}
        for code, expected in ROWS:
            with self.subTest(code):
                found = self.inspect(code)
                self.assertEqual(set(found), keys)
                self.assertEqual({key: found[key] for key in expected}, expected)
                self.assertEqual(found["found"], expected.get("found", True))
                self.assertEqual(found["source"], "")

    def test_sources(self) -> None:
        lines = CELL.splitlines(keepends=True)
        for code, first, last in (
            ("outer|", 28, 32),
            ("Thing|", 2, 17),
            ("thing|", 2, 17),
            ("thing.where|", 7, 10),
            ("thing.method|", 15, 17),
            ("sub.method|", 20, 20),
            ("Sub|", 19, 20),
            ("Empty|", 22, 22),
        ):
            with self.subTest(code):
                self.assertEqual(self.inspect(code, detail=1)["source"], "".join(lines[first - 1 : last]))
        self.assertIn("def join(a, *p):", self.inspect("os.path.join|", detail=1)["source"])
        self.assertIn("def join(a, *p):", self.inspect("os.path|", detail=1)["source"])
        self.assertEqual(self.inspect("len|", detail=1)["source"], "")

    def test_a_later_cell_counts(self) -> None:
        """Of a class that was defined twice, the source is the latest."""
        later = "# again\nclass Empty:\n    kept = 1\n"
        linecache.cache["<cell 12>"] = (len(later), None, later.splitlines(keepends=True), "<cell 12>")
        self.addCleanup(linecache.cache.pop, "<cell 12>")
        exec(compile(later, "<cell 12>", "exec"), self.namespace)
        found = self.inspect("Empty|", detail=1)
        self.assertEqual((found["file"], found["line"]), ("<cell 12>", 2))
        self.assertEqual(found["source"], "class Empty:\n    kept = 1\n")

    def test_caps(self) -> None:
        exec("def long(): pass\nlong.__doc__ = 'x' * 1_000_000\nbig = [0] * 10_000_000", self.namespace)
        doc = self.inspect("long|")["doc"]
        self.assertLess(len(doc), 70_000)
        self.assertTrue(doc.endswith("[cut: the first 65536 of 1000000 characters]"))
        self.assertEqual(len(self.inspect("big|")["value"]), 200)

    def test_modules_are_not_imported(self) -> None:
        before = "wave" in sys.modules
        found = self.inspect("import wave\nwave|")
        self.assertEqual(os.path.basename(found["file"]), "wave.py")
        self.assertTrue(found["doc"].startswith("Stuff to parse WAVE files."))
        self.assertEqual("wave" in sys.modules, before)

    def test_overtaken(self) -> None:
        self.assertEqual(inspect(self.namespace, {"code": "outer", "cursor": 2}, lambda: True), {})


if __name__ == "__main__":
    unittest.main()
