"""The panel's rows: what changed and nothing else, and strangers' code that costs its own row only."""

from __future__ import annotations

import sys
import unittest

from harness import InOneSandbox


class Locals(InOneSandbox):
    def rows(self, code: str) -> dict:
        cell = self.client.run(code)
        self.assertIsNone(cell.error, cell.error)
        return cell.rows

    def row(self, code: str, name: str = "v") -> dict:
        self.rows("v = None")
        return self.rows(code)[name]

    def test_new_changed_deleted(self) -> None:
        self.assertEqual(self.rows("a = 1")["a"]["mark"], "new")
        self.assertEqual(self.rows("b = 2").keys(), {"b"})
        self.assertEqual(self.rows("a = 3")["a"]["mark"], "changed")
        self.assertEqual(self.rows("a = 3"), {})
        self.assertEqual(self.client.run("del a").deleted, ["a"])
        self.assertEqual(self.rows("a = None")["a"]["mark"], "new")

    def test_what_changes_inside(self) -> None:
        self.rows("deep = [[1], {'k': [2]}]; long = list(range(100000))")
        self.rows("d = {n: n for n in range(500)}; ba = bytearray(10)")
        self.assertIn("deep", self.rows("deep[1]['k'].append(3)"))
        self.assertIn("long", self.rows("long[400] = 'x'"))
        self.assertIn("long", self.rows("long[-1] = 'x'"))
        self.assertIn("d", self.rows("d[400] = 'x'"))
        self.assertIn("ba", self.rows("ba[5] = 1"))
        self.rows("class Holder: pass\nh = Holder(); h.x = 1")
        self.assertIn("h", self.rows("h.x = 2"))
        self.rows("def change(): deep[0].append(5)")
        self.assertIn("deep", self.rows("change()"))

    def test_what_is_not_listed(self) -> None:
        self.assertEqual(self.rows("_private = 1; __x = 2; exit = 3; quit = 4"), {})
        names = self.client.until("locals", self.client.ask("locals"))["content"]["changed"]
        self.assertFalse({"In", "Out", "llm_query", "FINAL_VAR", "_"} & {row["name"] for row in names})
        self.assertIn("llm_query", self.rows("llm_query = 'mine'"))

    def test_rows_of_builtin_types(self) -> None:
        expected = {
            "5": ("int", "5", None),
            "'text'": ("str", "'text'", 4),
            "[1, (2,), {3}]": ("list", "[1, (2,), {3}]", 3),
            "{'a': set(), 'b': frozenset({1})}": ("dict", "{'a': set(), 'b': frozenset({1})}", 2),
            "1.5": ("float", "1.5", None),
            "b'x'": ("bytes", "b'x'", 1),
            "range(3)": ("range", "range(0, 3)", 3),
            "10 ** 100000": ("int", "<int of 332193 bits>", None),
            "range(10 ** 30)": ("range", "range(0, 1" + "0" * 30 + ")", None),
        }
        for code, (kind, value, length) in expected.items():
            with self.subTest(code):
                row = self.row(f"v = {code}")
                self.assertEqual((row["type"], row["value"], row["length"], row["kind"]), (kind, value, length, "data"))
                self.assertIsNone(row["module"])

    def test_long_and_recursive_values_are_cut(self) -> None:
        row = self.row("v = list(range(10 ** 6))")
        self.assertEqual((len(row["value"]), row["value"][-1]), (200, "…"))
        self.assertEqual(self.row("v = []; v.append(v)")["value"], "[[...]]")
        self.assertEqual(self.row("v = {}; v['v'] = v")["value"], "{'v': {...}}")
        self.assertTrue(self.row("v = 'x' * 10 ** 7")["value"].endswith("x…"))
        self.row("v = []\nfor _ in range(10 ** 5): v = [v]")

    def test_kinds(self) -> None:
        rows = self.rows("import json\nclass Base: pass\nclass C(Base): pass\n"
            "def f(a, /, b=1, *c, d, **e): pass\nlam = lambda *, x: x\np = print")
        found = {name: (row["kind"], row["value"]) for name, row in rows.items()}
        self.assertEqual(found["C"], ("class", "class C(Base)"))
        self.assertEqual(found["f"], ("function", "f(a, /, b, *c, d, **e)"))
        self.assertEqual(found["lam"], ("function", "<lambda>(*, x)"))
        self.assertEqual(found["p"][0], "function")
        self.assertEqual(found["json"][0], "module")
        self.assertTrue(found["json"][1].startswith("json "), found["json"])

    def test_arrays_and_tables_without_numpy(self) -> None:
        rows = self.rows(
            "class Array:\n    shape = (300, 4); dtype = 'float64'; nbytes = 9600\n    def __len__(self): return 300\n"
            "    def __repr__(self): raise AssertionError('not asked for')\n"
            "class Table:\n    shape = (2, 2); columns = ['a', 'b']; dtypes = ['int64', 'object']\n"
            "v = Array(); t = Table()"
        )
        v = rows["v"]
        self.assertEqual((v["shape"], v["length"], v["size"], v["value"]), ("(300, 4)", 300, 9600, "dtype=float64"))
        self.assertEqual(rows["t"]["value"], "a: int64, b: object")

    def test_hostile_reprs(self) -> None:
        bodies = {
            "raises": "raise ValueError",
            "exits": "raise SystemExit",
            "prints": "print('noise'); return 'quiet'",
            "hangs": "\n        while True: pass",
            "swallows": "\n        while True:\n            try:\n                while True: pass\n"
            "            except Exception: pass",
            "sleeps": "import time; time.sleep(60)",
            "locks": "import threading; l = threading.Lock(); l.acquire(); l.acquire()",
            "huge": "return 'x' * (1 << 28)",
            "lies": "return 5",
            "recurses": "return repr(self)",
        }
        for name, body in bodies.items():
            with self.subTest(name):
                cell = self.client.run(f"class Hostile:\n    def __repr__(self): {body}\n"
                    f"v = Hostile(); plain = {name!r}; inside = [v]")
                self.assertEqual(cell.rows["plain"]["value"], repr(name))
                self.assertLessEqual(len(cell.rows["v"]["value"]), 200)
                self.assertEqual(cell.text(), "")
                if "inside" not in cell.rows:  # the time was up: it comes while the kernel is idle
                    event = self.client.until("locals", cell.events[0]["parent"])
                    self.assertIn("inside", [row["name"] for row in event["content"]["changed"]])
        self.assertIn("takes too long", self.row("class Hostile:\n    def __repr__(self):\n"
            "        while True: pass\nv = Hostile()")["value"])
        self.rows("del v, inside")

    def test_hostile_types(self) -> None:
        self.rows(
            "class Meta(type):\n    def __getattribute__(self, name): raise RuntimeError(name)\n"
            "class Odd(metaclass=Meta): pass\nodd = Odd\n"
            "class Proxy:\n    def __getattribute__(self, name): raise SystemExit\nproxy = Proxy()\n"
            "class Weird:\n    def __eq__(self, other): raise ValueError\n    def __len__(self): return -1\n"
            "    __hash__ = None\nweird = Weird()"
        )
        self.assertEqual(self.client.run("'fine'").result, "'fine'")

    def test_an_alarm_of_the_users_goes_on(self) -> None:
        cell = self.client.run(
            "import signal, time\nrang = []\nsignal.signal(signal.SIGALRM, lambda *_: rang.append(1))\n"
            "signal.setitimer(signal.ITIMER_REAL, 0.2)\n"
            "class Slow:\n    def __repr__(self):\n        while True: pass\nslow = Slow()"
        )
        self.assertIn("takes too long", cell.rows["slow"]["value"])
        self.rows("while not rang: time.sleep(0.01)")
        self.rows("del slow; signal.signal(signal.SIGALRM, signal.SIG_DFL)")

    def test_many_names(self) -> None:
        rows = self.rows("for n in range(10000): globals()[f'name{n}'] = n")
        self.assertEqual(rows["name9999"]["value"], "9999")
        cell = self.client.run("name5000 = 'other'")
        self.assertEqual(cell.rows.keys(), {"name5000"})
        self.assertGreaterEqual(cell.of("locals")[0]["total"], 10000)
        self.rows("for n in range(10000): del globals()[f'name{n}']")

    def test_what_is_left_over_comes_while_idle(self) -> None:
        cell = self.client.run(
            "import time\nclass Slow:\n    def __repr__(self): time.sleep(0.015); return 'slow'\n"
            "for n in range(20): globals()[f's{n}'] = Slow()"
        )
        rows = dict(cell.rows)
        self.assertTrue(cell.of("locals")[0]["truncated"])
        while not {f"s{n}" for n in range(20)} <= rows.keys():
            event = self.client.until("locals", cell.events[0]["parent"])
            rows.update({row["name"]: row for row in event["content"]["changed"]})
        self.rows("for n in range(20): del globals()[f's{n}']")

    def test_the_users_objects_are_not_kept_alive(self) -> None:
        self.rows("import weakref, gc\nclass Big: pass\nbig = Big(); ref = weakref.ref(big)")
        # Early in 3.9, signal.signal() left a cycle that holds the frames of its callers, whoever they are.
        early = (3, 9) <= sys.version_info < (3, 9, 18)
        free = "gc.collect(); ref() is None" if early else "ref() is None"
        self.assertEqual(self.client.run("del big; " + free).result, "True")


if __name__ == "__main__":
    unittest.main()
