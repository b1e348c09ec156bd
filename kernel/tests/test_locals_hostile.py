"""Types and values that lie, raise, hang or meddle when the panel looks at them: each costs its own row only."""

from __future__ import annotations

import unittest

from harness import InOneSandbox

META = """
calls = []
class Meta(type):
    def __hash__(self): calls.append('hash'); raise RuntimeError
    def __eq__(self, other): calls.append('eq'); raise RuntimeError
    def __getattr__(self, name): calls.append(name); raise RuntimeError
    def __getattribute__(self, name): calls.append(name); return type.__getattribute__(self, name)
    def __instancecheck__(self, other): calls.append('instance'); raise RuntimeError
    def __subclasscheck__(self, other): calls.append('subclass'); raise RuntimeError
    def __repr__(self): calls.append('repr'); raise RuntimeError
class Odd(metaclass=Meta):
    def __repr__(self): return 'odd!'
calls.clear()
odd, Kind, inside, key = Odd(), Odd, [Odd(), Odd], {1: Odd()}
"""


class HostileLocals(InOneSandbox):
    def rows(self, code: str) -> dict:
        cell = self.client.run(code)
        self.assertIsNone(cell.error, cell.error)
        return cell.rows

    def row(self, *body: str) -> dict:
        """The row of an instance of a class with this body, next to a plain name that must be there too."""
        lines = "\n    ".join(("pass",) + body)
        self.rows("v = plain = None")
        rows = self.rows(f"class K:\n    {lines}\nv = K(); plain = 'there'")
        self.assertEqual(rows["plain"]["value"], "'there'")
        return rows["v"]

    def test_metaclasses_are_not_asked(self) -> None:
        rows = self.rows(META)
        self.assertEqual(rows["odd"]["value"], "odd!")
        self.assertEqual((rows["Kind"]["kind"], rows["Kind"]["value"]), ("class", "class Odd"))
        self.assertEqual(rows["key"]["value"], "{1: odd!}")
        self.rows("odd = [odd, odd]; Kind = Kind()")  # compared with what they were
        self.assertEqual(set(eval(self.client.run("calls").result)) - {"__len__", "__repr__", "repr"}, set())
        self.assertNotIn("hash", self.client.run("calls").result)

    def test_each_fact_fails_alone(self) -> None:
        row = self.row(
            "def __len__(self): return -1",
            "shape = property(lambda self: (2, 3))",
            "nbytes = property(lambda self: 1 / 0)",
            "dtype = 'int8'",
            "def __repr__(self): return 'K'",
        )
        self.assertEqual(
            (row["length"], row["shape"], row["dtype"], row["size"], row["value"]), (None, "(2, 3)", "int8", None, "K")
        )
        huge = self.row("def __len__(self): return 1 << 80", "def __sizeof__(self): raise ValueError")
        self.assertEqual((huge["length"], huge["size"]), (None, None))
        exits = self.row("def __len__(self): raise SystemExit", "nbytes = 7")
        self.assertEqual((exits["length"], exits["size"]), (None, 7))
        self.assertGreater(self.row()["size"], 0)

    def test_what_getattr_invents_is_not_asked_for(self) -> None:
        rows = self.rows(
            "asked = []\nclass Mock:\n    def __getattr__(self, name): asked.append(name); return Mock()\nmock = Mock()"
        )
        self.assertIsNone(rows["mock"]["shape"])
        self.assertEqual(self.client.run("asked").result, "[]")
        rows = self.rows("from unittest.mock import MagicMock\nmagic = MagicMock()")
        self.assertEqual((rows["magic"]["type"], rows["magic"]["shape"]), ("MagicMock", None))
        self.assertEqual(self.client.run("magic.mock_calls").result[:15], "[call.__len__()")

    def test_a_class_that_lies_about_itself(self) -> None:
        row = self.row("__class__ = property(lambda self: int)", "def __repr__(self): return 'not an int'")
        self.assertEqual((row["type"], row["value"]), ("K", "not an int"))
        row = self.row("__dict__ = property(lambda self: 1 / 0)", "def __repr__(self): return 'no dict'")
        self.assertEqual(row["value"], "no dict")
        row = self.row("__module__ = 5")
        self.assertIsNone(row["module"])

    def test_keys_are_not_asked_for_their_hash(self) -> None:
        rows = self.rows(
            "hashed = []\nclass Key:\n    def __hash__(self): hashed.append(1); return 1\n"
            "    def __repr__(self): return 'key'\nd = {Key(): 1}; hashed.clear()"
        )
        self.assertEqual(rows["d"]["value"], "{key: 1}")
        self.assertEqual(self.client.run("hashed").result, "[]")

    def test_a_repr_that_meddles(self) -> None:
        rows = self.rows(
            "class Meddler:\n    def __repr__(self):\n"
            "        globals()['made'] = 1\n        globals().pop('goes', None)\n"
            "        box.clear()\n        return 'm'\nbox = {}; box[1] = Meddler(); box[2] = 3; goes = 1"
        )
        self.assertTrue(rows["box"]["value"].startswith("{1: m"), rows["box"])
        cell = self.client.run("del box; 'fine'")
        self.assertEqual(cell.result, "'fine'")
        self.assertEqual(cell.rows.get("made", {}).get("value"), "1")
        self.assertIn("goes", cell.deleted)
        grows = self.rows(
            "class Grower:\n    def __repr__(self): pot.append(self); return ''\npot = []; pot.append(Grower())"
        )
        self.assertLessEqual(len(grows["pot"]["value"]), 200)
        self.rows("del pot")

    def test_ways_to_leave(self) -> None:
        bodies = ("raise KeyboardInterrupt", "import sys; sys.exit(2)", "raise GeneratorExit")
        for body in (*bodies, "import os; os.fork(); return 'x'"):
            with self.subTest(body):
                row = self.row(f"def __repr__(self): {body}")
                self.assertLessEqual(len(row["value"]), 200)
        ended = self.client.run("import os\nwhile True:\n    try: os.wait()\n    except ChildProcessError: break\n1")
        self.assertEqual(ended.result, "1")

    def test_text_that_is_not_plain_text(self) -> None:
        row = self.row(
            "class S(str):\n        def __getitem__(self, n): raise ValueError\n        def __len__(self): return 5",
            "def __repr__(self): return self.S('a\\nb')",
        )
        self.assertEqual(row["value"], "a b")
        self.assertEqual(self.row("def __repr__(self): return '\\ud800'")["value"], "\ud800")

    def test_a_buffer_of_the_users(self) -> None:
        self.row("def __buffer__(self, flags):\n        while True: pass", "def __repr__(self): return 'b'")

    def test_floats_are_compared_as_they_look(self) -> None:
        self.rows("nan = float('nan'); zero = 0.0; many = complex('nan')")
        self.assertEqual(self.rows("nan = float('nan'); many = complex('nan')"), {})
        self.assertEqual(self.rows("zero = -0.0")["zero"]["value"], "-0.0")
        self.assertEqual(self.rows("zero = 0")["zero"]["type"], "int")


if __name__ == "__main__":
    unittest.main()
