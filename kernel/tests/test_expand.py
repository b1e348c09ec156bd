"""The inspector's view: parts by page, steps that find them again, and parts that do not let themselves be read."""

from __future__ import annotations

import unittest

from harness import InOneSandbox


class Expand(InOneSandbox):
    def expand(self, *path, **params) -> dict:
        return self.client.query("expand", path=list(path), **params)

    def ok(self, *path, **params) -> dict:
        found = self.expand(*path, **params)
        self.assertEqual(found["status"], "ok", found)
        return found

    def made(self, code: str, **params) -> dict:
        cell = self.client.run("v = None\n" + code)
        self.assertIsNone(cell.error, cell.error)
        return self.ok("v", **params)

    def parts(self, code: str) -> list:
        """Names and values of the parts, after finding each of them again by its step."""
        found = self.made(code)
        for child in found["children"]:
            again = self.ok("v", child["step"])["row"]
            self.assertEqual({**again, "name": ""}, {**{key: child[key] for key in again}, "name": ""})
        self.assertEqual(found["total"], len(found["children"]))
        return [(child["name"], child["value"]) for child in found["children"]]

    def test_parts(self) -> None:
        expected = {
            "v = {'a': 1, 2: [3], (4, None): {}}": [("'a'", "1"), ("2", "[3]"), ("(4, None)", "{}")],
            "v = [1, 'two']": [("0", "1"), ("1", "'two'")],
            "v = (1.5,)": [("0", "1.5")],
            "v = {7}": [("7", "7")],
            "v = frozenset({'f'})": [("'f'", "'f'")],
            "v = {'a': 1}.keys()": None,
            "v = range(5, 7)": None,
            "v = 'text'": [],
            "v = 10 ** 20": [],
            "v = None": [],
            "from collections import *\nv = deque([1, 2], 5)": [("0", "1"), ("1", "2"), ("maxlen", "5")],
            "v = OrderedDict(a=1, b=2); v.move_to_end('a')": [("'b'", "2"), ("'a'", "1")],
            "v = defaultdict(int, a=1)": [("'a'", "1"), ("default_factory", "class int")],
            "v = Counter('aab')": [("'a'", "2"), ("'b'", "1")],
            "import types\nv = types.SimpleNamespace(a=1)": [("a", "1")],
            "v = namedtuple('P', 'x y')(1, 2)": [("x", "1"), ("y", "2")],
            "class C:\n    __slots__ = ('s', 't', '__dict__')\nv = C(); v.s = 1; v.u = 2": [("s", "1"), ("u", "2")],
            "class D(dict):\n    def items(self): 1/0\n    __iter__ = __getitem__ = __len__ = keys = items\n"
            "v = D(k=1); v.extra = 2": [("'k'", "1"), ("extra", "2")],
            "class L(list):\n    def __getitem__(self, at): 1/0\n    __iter__ = __len__ = __getitem__\n"
            "v = L([1]); v.extra = 2": [("0", "1"), ("extra", "2")],
            "class P:\n    @property\n    def p(self): 1/0\n    def __getattr__(self, name): 1/0\n"
            "v = P(); v._q = 1; v.r = 2": [
                ("r", "2"), ("_q", "1")],
            "import dataclasses\n@dataclasses.dataclass\nclass A:\n    one: int\n    two: str = 'x'\nv = A(1)": [
                ("one", "1"), ("two", "'x'")],
            "def make():\n    n = 5\n    def f(a=1, *, b=2): return n\n    return f\nv = make(); v.note = 'x'": [
                ("n", "5"), ("__defaults__", "(1,)"), ("__kwdefaults__", "{'b': 2}"), ("note", "'x'")],
            "class Base:\n    x = 1\n    def method(self): pass\nv = Base": [("x", "1"), ("method", "method(self)")],
            "import types\nv = types.ModuleType('m'); v.a = 1; v._b = 2": [("a", "1"), ("_b", "2")],
            "v = slice(1, 2)": [("start", "1"), ("stop", "2"), ("step", "None")],
            "v = types.MappingProxyType({'a': 1})": [("'a'", "1")],
            "import array\nv = array.array('i', [4, 5])": None,
        }
        for code, parts in expected.items():
            with self.subTest(code):
                found = self.parts(code)
                if parts is not None:
                    self.assertEqual(sorted(found), sorted(parts)) if "slots" in code or "slice" in code else (
                        self.assertEqual(found, parts))
        self.assertEqual(self.parts("v = range(5, 7)")[:2], [("0", "5"), ("1", "6")])
        self.assertEqual(self.parts("v = {'a': 1}.items()")[0], ("('a', 1)", "('a', 1)"))

    def test_pages(self) -> None:
        found = self.made("v = list(range(10 ** 6))", start=999_950)
        self.assertEqual((found["total"], found["start"], len(found["children"])), (10**6, 999_950, 50))
        self.assertEqual(found["children"][0]["name"], "999950")
        self.assertEqual(len(self.ok("v")["children"]), 100)
        self.assertEqual(len(self.ok("v", count=5000)["children"]), 1000)
        self.assertEqual(self.ok("v", start=10**9)["children"], [])
        found = self.made("class Mixed(dict): pass\nv = Mixed.fromkeys(range(10)); v.a = 1; v.b = 2", start=8, count=3)
        self.assertEqual([child["name"] for child in found["children"]], ["8", "9", "a"])
        self.assertEqual(found["total"], 12)
        self.assertEqual(self.made("v = range(10 ** 15)", start=10**14, count=1)["children"][0]["value"], str(10**14))

    def test_long_values_are_longer_within(self) -> None:
        self.assertEqual(len(self.made("v = 'x' * 10 ** 6")["row"]["value"]), 10_000)
        found = self.made("v = ['x' * 1000]")
        self.assertEqual((found["row"]["length"], len(found["children"][0]["value"])), (1, 200))

    def test_a_key_that_moved_is_found(self) -> None:
        step = self.made("v = {n: [n] for n in range(1000)}", start=500, count=1)["children"][0]["step"]
        self.client.run("del v[3], v[4]; v[5000] = 1")
        found = self.ok("v", step, ["item", 0])
        self.assertEqual((found["row"]["value"], found["total"]), ("500", 0))
        self.client.run("del v[500]")
        self.assertIn("v[500] is not there any more", self.expand("v", step)["error"])

    def test_keys_that_are_objects(self) -> None:
        found = self.made(
            "class Key:\n    def __hash__(self): return 1\n    def __eq__(self, other): 1/0 if asked else 0\n"
            "asked = []\nv = {Key(): 'first'}; v[Key()] = 'second'; asked.append(1)"
        )
        steps = [child["step"] for child in found["children"]]
        self.client.run("kept = list(v)[0]; asked.clear()\nfor key in list(v)[:1]: del v[key]\nasked.append(1)")
        self.assertEqual(self.ok("v", steps[1])["row"]["value"], "'second'")
        self.assertEqual(self.expand("v", steps[0])["status"], "error")

    def test_what_is_gone(self) -> None:
        self.made("v = [[1]]")
        for path, said in (
            (("nowhere",), "nowhere is not there any more"),
            (("v", ["item", 3]), "v[3] is not there any more; expand what it was in again"),
            (("v", ["item", 0], ["attr", "x"]), "v[0].x is not there any more"),
            (("v", ["item", -1]), "v[-1] is not there"),
            (("v", ["no such step", 0]), "is not there"),
            (("v", 0), "a step is what a child has"),
            (("v", ["key", 10**30, "x"]), "is not there"),
        ):
            found = self.expand(*path)
            self.assertEqual(found["status"], "error")
            self.assertIn(said, found["error"])
        self.assertIn("from 0 on", self.expand("v", start=-1)["error"])
        self.assertIn("table is", self.expand("v", table={"row": -1})["error"])

    def test_a_part_that_hangs_costs_its_row(self) -> None:
        bodies = (
            "\n        while True: pass",
            "import time; time.sleep(600)",
            "\n        while True:\n            try:\n                while True: pass\n"
            "            except Exception: pass",
            "raise SystemExit", "raise KeyboardInterrupt", "return 5", "print('noise'); return 'quiet'",
            "return 'x' * (1 << 26)", "import os; os.fork(); return 'forked'",
        )
        for body in bodies:
            with self.subTest(body):
                code = f"class H:\n    def __repr__(self): {body}\nv = [1, [H()], H(), H(), {{2: 3}}, 'last']\n1"
                cell = self.client.run(code)
                self.assertEqual(cell.result, "1")
                found = self.ok("v")
                values = [child["value"] for child in found["children"]]
                self.assertEqual((values[0], values[4:]), ("1", ["{2: 3}", "'last'"]), values)
                self.assertTrue(all(len(value) <= 200 for value in values))
                cell = self.client.run(
                    "import os\nwhile True:\n    try: os.waitpid(-1, 0)\n    except OSError: break\ndel v"
                )
                self.assertEqual(cell.text(), "")
        self.client.run("v = 1")

    def test_while_a_cell_changes_it(self) -> None:
        self.client.run("import threading\nstop = threading.Event()\nv = {n: n for n in range(2000)}\n"
            "def churn():\n    n = 0\n    while not stop.is_set():\n        v[n + 2000] = n; del v[n]; n += 1\n"
            "churner = threading.Thread(target=churn); churner.start()")
        try:
            for _ in range(20):
                self.assertEqual(len(self.ok("v", start=1000, count=50)["children"]), 50)
        finally:
            self.client.run("stop.set(); churner.join()")


if __name__ == "__main__":
    unittest.main()
