"""The text of values at given widths, and what printers of libraries may do."""

from __future__ import annotations

import collections
import decimal
import os
import sys
import types
import unittest

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

from sandrepl_kernel.display.pretty import pretty

Point = collections.namedtuple("Point", "x y")


class Bare:
    pass


class Own:
    def __repr__(self) -> str:
        return "Own(\n  two,\n)"


class Listed(list):
    pass


class ListedOwn(list):
    def __repr__(self) -> str:
        return "own list"


class Meta(type):
    def __repr__(cls) -> str:
        return "its metaclass says"


class Made(metaclass=Meta):
    pass


class Failure(Exception):
    pass


class Tree:
    def __init__(self, *children: object) -> None:
        self.children = children

    def _repr_pretty_(self, p, cycle) -> None:
        if cycle:
            p.text("Tree(...)")
            return
        with p.group(2, "Tree(", ")"):
            for number, child in enumerate(self.children):
                if number:
                    p.text(",")
                p.breakable("" if not number else " ")
                p.pretty(child)


class Block:
    def _repr_pretty_(self, p, cycle) -> None:
        p.begin_group(2, "begin")
        p.break_()
        p.text("one")
        with p.indent(2):
            p.break_()
            p.text("two")
        p.end_group(2)
        p.break_()
        p.text("end")


class Broken:
    def __repr__(self) -> str:
        raise LookupError("no text")


def function(x, *, y=1):
    pass


ME = __name__
LONG = ["a" * 8, "b" * 8, "c" * 8]


class Rows(unittest.TestCase):
    def check(self, *rows: tuple) -> None:
        for value, width, text in rows:
            self.assertEqual(pretty(value, width, 1 << 20), (text, True))

    def test_atoms(self) -> None:
        self.check(
            (1, 5, "1"), (-0.0, 5, "-0.0"), (True, 5, "True"), (None, 5, "None"), ("it's", 3, '"it\'s"'),
            (b"\xff", 3, "b'\\xff'"), (..., 5, "Ellipsis"), (1j, 5, "1j"), (range(3), 5, "range(0, 3)"),
            (decimal.Decimal("1.5"), 5, "Decimal('1.5')"), ("two\nlines", 5, "'two\\nlines'"),
        )

    def test_sequences_break_all_or_not_at_all(self) -> None:
        whole = "['aaaaaaaa', 'bbbbbbbb', 'cccccccc']"
        broken = "['aaaaaaaa',\n 'bbbbbbbb',\n 'cccccccc']"
        self.check(
            (LONG, len(whole), whole), (LONG, len(whole) - 1, broken), (tuple(LONG), 80, f"({whole[1:-1]})"),
            ([], 1, "[]"), ((), 1, "()"), ((1,), 80, "(1,)"), (Listed([1, 2]), 80, "[1, 2]"),
            (ListedOwn([1]), 80, "own list"), (collections.UserList([1]), 80, "UserList([1])"),
        )

    def test_the_outer_group_breaks_first(self) -> None:
        self.check(
            ([[1, 2, 3], [4, 5, 6]], 20, "[[1, 2, 3],\n [4, 5, 6]]"),
            ({"key": LONG}, 50, "{'key': ['aaaaaaaa', 'bbbbbbbb', 'cccccccc']}"),
            ({"key": LONG, "next": 1}, 50, "{'key': ['aaaaaaaa', 'bbbbbbbb', 'cccccccc'],\n 'next': 1}"),
            ({"key": LONG, "n": 1}, 20, "{'key': ['aaaaaaaa',\n  'bbbbbbbb',\n  'cccccccc'],\n 'n': 1}"),
        )

    def test_mappings_and_sets(self) -> None:
        self.check(
            ({}, 80, "{}"), ({"b": 1, "a": 2}, 80, "{'b': 1, 'a': 2}"), (set(), 80, "set()"),
            ({3, 1, 2}, 80, "{1, 2, 3}"), (frozenset(), 80, "frozenset()"),
            (frozenset({2, 1}), 80, "frozenset({1, 2})"),
            ({1, "a"}, 80, "{1, 'a'}"), (types.MappingProxyType({1: 2}), 80, "mappingproxy({1: 2})"),
            ({1: 2}.keys(), 80, "dict_keys([1])"), ({1: 2}.items(), 80, "dict_items([(1, 2)])"),
        )

    def test_collections_look_like_calls(self) -> None:
        default = collections.defaultdict(list, {"a": [1]})
        self.check(
            (default, 80, "defaultdict(list, {'a': [1]})"), (default, 20, "defaultdict(list,\n            {'a': [1]})"),
            (collections.OrderedDict(a=1), 80, "OrderedDict([('a', 1)])"),
            (collections.OrderedDict(), 80, "OrderedDict()"),
            (collections.Counter("aab"), 80, "Counter({'a': 2, 'b': 1})"), (collections.Counter(), 80, "Counter()"),
            (collections.deque([1, 2]), 80, "deque([1, 2])"), (collections.deque([1], 3), 80, "deque([1], maxlen=3)"),
            (types.SimpleNamespace(a=1, b=LONG), 49,
                "namespace(a=1,\n          b=['aaaaaaaa', 'bbbbbbbb', 'cccccccc'])"),
            (Point(1, 2), 3, "Point(x=1, y=2)"),
        )

    def test_classes_functions_and_exceptions(self) -> None:
        self.check(
            (Bare, 80, f"{ME}.Bare"), (int, 80, "int"), (collections.deque, 80, "collections.deque"),
            (Made, 80, "its metaclass says"), (function, 80, f"<function {ME}.function(x, *, y=1)>"),
            (len, 80, "<function len(obj, /)>"), (ValueError("x", 1), 80, "ValueError('x', 1)"),
            (Failure("x"), 80, f"{ME}.Failure('x')"), (KeyError(), 80, "KeyError()"),
        )
        bare = Bare()
        self.check((bare, 80, f"<{ME}.Bare at {id(bare):#x}>"))

    def test_a_metaclass_is_asked_nothing(self) -> None:
        class Unhashable(type):
            def __eq__(cls, other):
                raise AssertionError

            def __hash__(cls):
                raise AssertionError

        class Odd(list, metaclass=Unhashable):
            pass

        self.check((Odd([1]), 80, "[1]"), ([Odd(), {2: Odd()}], 80, "[[], {2: []}]"))

    def test_a_repr_of_several_lines_is_aligned(self) -> None:
        self.check(
            (Own(), 80, "Own(\n  two,\n)"), ([1, Own()], 80, "[1,\n Own(\n   two,\n )]"),
            ({"k": Own()}, 80, "{'k': Own(\n   two,\n )}"),
        )

    def test_cycles(self) -> None:
        items: list = [1]
        items.append(items)
        table: dict = {}
        table["self"] = table
        tree = Tree()
        tree.children = (tree,)
        space = types.SimpleNamespace()
        space.me = space
        self.check(
            (items, 80, "[1, [...]]"), (table, 80, "{'self': {...}}"), (tree, 80, "Tree(Tree(...))"),
            (space, 80, "namespace(me=namespace(...))"), ([[], []], 80, "[[], []]"),
        )

    def test_printers_of_libraries(self) -> None:
        self.check(
            (Tree(1, Tree(2)), 80, "Tree(1, Tree(2))"), (Tree(10, Tree(20)), 10, "Tree(\n  10,\n  Tree(\n    20))"),
            (Block(), 80, "begin\n  one\n    two\nend"), ([Tree()], 80, "[Tree()]"),
        )

    def test_long_ones_are_cut(self) -> None:
        text, whole = pretty(list(range(100_000)), 80, 1 << 20)
        self.assertTrue(whole)
        self.assertEqual(text.count("\n"), 1000)
        self.assertTrue(text.endswith(" 998,\n 999,\n ...]"), text[-30:])
        self.assertEqual(pretty(list(range(1000)), 80, 1 << 20)[0][-7:], ",\n 999]")
        self.assertTrue(pretty(dict.fromkeys(range(2000)), 80, 1 << 20)[0].endswith(" 999: None,\n ...}"))
        self.assertTrue(pretty(set(range(2000)), 80, 1 << 20)[0].endswith(" ...}"))

    def test_no_more_is_made_than_is_wanted(self) -> None:
        made = []

        class Counted:
            def __repr__(self) -> str:
                made.append(1)
                return "c" * 100

        text, whole = pretty([Counted() for _ in range(900)], 80, 1000)
        self.assertEqual((whole, len(made)), (False, 10))
        self.assertGreater(len(text), 1000)

    def test_what_is_deep_is_left_to_its_repr(self) -> None:
        deep: list = []
        for _ in range(150):
            deep = [deep]
        self.assertEqual(pretty(deep, 1000, 1 << 20), (repr(deep), True))

    def test_floats_have_the_precision_asked_for(self) -> None:
        self.assertEqual(pretty([1 / 3, 1, {"x": 2 / 3}], 80, 1 << 20, "%.3f"), ("[0.333, 1, {'x': 0.667}]", True))

    def test_a_repr_that_fails_fails(self) -> None:
        with self.assertRaises(LookupError):
            pretty([1, Broken()], 80, 1 << 20)


if __name__ == "__main__":
    unittest.main()
