"""Completion and inspection of objects that do harm when they are touched: nothing of theirs may run."""

from __future__ import annotations

import sys
import unittest

from harness import KERNEL

sys.path.insert(0, KERNEL)

from sandrepl_kernel.complete import complete  # noqa: E402
from sandrepl_kernel.inspection import inspect  # noqa: E402

SETUP = '''
ran = []

def trap(what):
    def spring(*arguments, **more):
        ran.append(what)
        raise SystemExit(what)
    return spring

class Getattr:
    kept = 1
    __getattr__ = trap("__getattr__")

class Getattribute:
    kept = 1
    def __init__(self): object.__setattr__(self, "own", 2)
    __getattribute__ = trap("__getattribute__")
    __repr__ = __eq__ = __hash__ = __len__ = __bool__ = __iter__ = __call__ = trap("a special method")
    __getitem__ = __contains__ = __format__ = __str__ = __setattr__ = trap("a special method")

class Property:
    @property
    def harm(self) -> str: trap("a property")()
    @property
    def __doc__(self): trap("__doc__")()

class Descriptor:
    __get__ = trap("__get__")
    __set__ = trap("__set__")

class Described:
    kept = 1
    attribute = Descriptor()

class ClassLies:
    kept = 1
    @property
    def __class__(self): trap("__class__")()

class DictLies:
    kept = 1
    @property
    def __dict__(self): trap("__dict__")()

class DirRaises:
    kept = 1
    def __dir__(self): raise ValueError("no names today")

class DirOddities:
    kept = 1
    def __dir__(self): return ["kept", "more", 3, None, "not a name"]

class DirEndless:
    kept = 1
    def __dir__(self):
        while True:
            yield "again"

class Meta(type):
    __getattribute__ = trap("a metaclass's __getattribute__")
    __getattr__ = trap("a metaclass's __getattr__")
    __eq__ = trap("a metaclass's __eq__")
    __hash__ = trap("a metaclass's __hash__")
    __call__ = __instancecheck__ = __subclasscheck__ = __repr__ = __bool__ = trap("a metaclass")

class Odd(metaclass=Meta):
    kept = 1
    def method(self, a, b=2): pass

class ModuleLies:
    __module__ = "numpy"
    kept = 1
    __call__ = trap("__call__")
    __name__ = __text_signature__ = property(trap("a property of a class that says it is numpy's"))

class Str(str):
    startswith = isidentifier = lower = casefold = trap("a str's own method")

class Key:
    def __hash__(self): return hash("price")
    __eq__ = trap("a key's __eq__")

class Dict(dict):
    kept = 1
    __getitem__ = __iter__ = keys = items = __len__ = trap("a dict's own method")

class Default:
    __repr__ = trap("a default's __repr__")

def function(a=Default(), *, b=[Default()]) -> "trap('an annotation')()": "Says."

odd = type.__call__(Odd)
keyed = {Key(): 1, "place": [2]}
own = Dict(price=1)
held = [Odd, odd, Getattribute()]
getattr_, getattribute, prop, described = Getattr(), Getattribute(), Property(), Described()
class_lies, dict_lies = ClassLies(), DictLies()
dir_raises, dir_oddities, dir_endless = DirRaises(), DirOddities(), DirEndless()
module_lies = ModuleLies()
ran.clear()
'''

# Code with the cursor at `|`, and the names that are there.
ROWS = [
    ("getattr_.ke|", "kept"),
    ("getattr_.missing.|", ""),
    ("getattribute.|", "own kept"),
    ("getattribute.own.bit_l|", "bit_length"),
    ("getattribute().|", ""),
    ("getattribute['a'].|", ""),
    ("getattribute(|", "getattr"),
    ("prop.har|", "harm"),
    ("prop.harm.upp|", "upper"),
    ("described.|", "attribute kept"),
    ("described.attribute.|", ""),
    ("class_lies.ke|", "kept"),
    ("dict_lies.ke|", "kept"),
    ("dir_raises.ke|", "kept"),
    ("dir_oddities.|", "kept more"),
    ("dir_endless.|", "again kept"),
    ("Odd.|", "kept method"),
    ("odd.|", "kept method"),
    ("odd.kept.bit_l|", "bit_length"),
    ("Odd(|", "odd"),
    ("Odd().ke|", "kept"),
    ("odd.method(|", "a= b="),
    ("module_lies.ke|", "kept"),
    ("module_lies(|", "module_lies"),
    ("modul|", "module_lies"),
    ("keyed['|", "place']"),
    ("keyed['place'].app|", "append"),
    ("keyed['price'].|", ""),
    ("own['|", "price']"),
    ("own.ke|", "kept"),
    ("own['price'].|", ""),
    ("held[0].ke|", "kept"),
    ("held[1].ke|", "kept"),
    ("held[2].ke|", "kept"),
    ("for x in getattribute:\n    x.|", ""),
    ("for x in held:\n    x.ke|", "kept"),
    ("with getattribute as x:\n    x.own.bit_l|", "bit_length"),
    ("x = odd if odd else 1\nx.ke|", "kept"),
    ("sorted(held)[0].ke|", "kept"),
    ("getattribute.items().|", ""),
    ("[odd, odd][getattribute].|", ""),
    ("{'a': odd, **getattribute}['a'].ke|", "kept"),
    ("(odd + odd).|", ""),
    ("(odd / odd).|", ""),
    ("(-odd).|", ""),
    ("[x.ke| for x in [odd, getattribute]]", "kept"),
    ("a, b = getattribute\na.|", ""),
    ("a, b = odd, 1\na.ke|", "kept"),
    ("f'{getattribute.ow|", "own"),
    ("function(|", "a= b="),
    ("function().|", ""),
    ("class Sub(Odd):\n    more = 1\nSub().|", "kept method more"),
    ("|", "getattribute odd keyed"),
]


class Hostile(unittest.TestCase):
    def setUp(self) -> None:
        self.namespace: dict = {"__name__": "__main__", "__builtins__": sys.modules["builtins"]}
        exec(compile(SETUP, "<cell 1>", "exec", dont_inherit=True), self.namespace)

    def test_nothing_runs_when_completing(self) -> None:
        for code, expected in ROWS:
            with self.subTest(code):
                cursor = code.index("|")
                params = {"code": code.replace("|", "", 1), "cursor": cursor}
                texts = [match["text"] for match in complete(self.namespace, params, lambda: False)["matches"]]
                self.assertEqual(self.namespace["ran"], [])
                for name in expected.split():
                    self.assertIn(name, texts)
                if not expected:
                    self.assertEqual(texts, [])

    def test_nothing_runs_when_inspecting(self) -> None:
        for name, kind in (
            ("getattr_", "Getattr"),
            ("getattribute", "Getattribute"),
            ("getattribute.own", "int"),
            ("prop", "Property"),
            ("prop.harm", "property"),
            ("described.attribute", "Descriptor"),
            ("class_lies", "ClassLies"),
            ("dict_lies", "DictLies"),
            ("Odd", "Meta"),
            ("odd", "Odd"),
            ("odd.method", "function"),
            ("module_lies", "ModuleLies"),
            ("function", "function"),
            ("keyed", "dict"),
            ("held", "list"),
            ("own", "Dict"),
        ):
            for detail in (0, 1):
                with self.subTest(name):
                    params = {"code": name, "cursor": len(name), "detail": detail}
                    found = inspect(self.namespace, params, lambda: False)
                    self.assertEqual(self.namespace["ran"], [])
                    self.assertEqual((found["found"], found["type"]), (True, kind))
        found = inspect(self.namespace, {"code": "held", "cursor": 1}, lambda: False)
        self.assertEqual(found["value"], "[<Meta>, <Odd>, <Getattribute>]")
        found = inspect(self.namespace, {"code": "function(", "cursor": 9}, lambda: False)
        self.assertEqual(found["signature"], "function(a=..., *, b=[...]) -> trap('an annotation')()")

    def test_names_that_are_no_plain_text(self) -> None:
        for names in (self.namespace, vars(self.namespace["getattr_"])):
            names[self.namespace["Str"]("odd_name")] = names[3] = 1
        for code in ("odd_n", "getattr_.odd_n", "getattr_."):
            found = complete(self.namespace, {"code": code, "cursor": len(code)}, lambda: False)
            self.assertNotIn("odd_name", [match["text"] for match in found["matches"]])
        self.assertEqual(self.namespace["ran"], [])


if __name__ == "__main__":
    unittest.main()
