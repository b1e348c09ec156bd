"""Completion, row by row: code with the cursor at `|`, and what is to come first, be there, or be missing."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import unittest

from harness import KERNEL

sys.path.insert(0, KERNEL)

from sandrepl_kernel.complete import complete  # noqa: E402

SETUP = '''
import collections, enum, functools, os, pathlib, sys, types, typing
from pathlib import Path
import os.path as osp

class Base:
    """A base."""
    shared = [1]
    def greet(self, name, loud=False): "Says hello."

class Thing(Base):
    count: int
    def __init__(self, size=3, *, colour="red"):
        self.size, self.colour = size, colour
        self.inner = Base()
    @property
    def where(self) -> Path: raise SystemExit("a property ran")
    @property
    def maybe(self) -> "typing.Optional[Path]": raise SystemExit("a property ran")
    @property
    def dark(self): raise SystemExit("a property ran")
    @classmethod
    def make(cls) -> "Thing": raise SystemExit("a method ran")
    @staticmethod
    def plain(a, b): pass
    @functools.lru_cache()
    def cached(self, depth) -> dict: pass
    def chained(self) -> "Thing": raise SystemExit("a method ran")
    _hidden = 1

class Slotted:
    __slots__ = ("left", "right")
    def __init__(self): self.left = Thing()

class Colour(enum.Enum):
    RED = 1
    GREEN = 2

def draw(alpha, beta=2, /, gamma=None, *rest, delta=4, epsilon, **more) -> Thing: raise SystemExit
def typed(a: int, b: "typing.List[str]" = ()) -> "typing.Union[None, typing.Dict[str, int]]": pass
def simple(alpha, beta=2, gamma="three"): pass

thing, slotted, colour = Thing(), Slotted(), Colour.RED
part = functools.partial(simple, 1)
named = functools.partial(simple, beta=5)
point = collections.namedtuple("Point", "across down")(1, "two")
space = types.SimpleNamespace(inside=Path("."))
bound = thing.greet
table = {"price": 1.5, "place": {"x": [Path(".")]}, "two words": 0, 'it"s': 1, 7: "seven", (1, 2): "pair", b"raw": 0}
nested = [{"first": "a"}, ("t", {"deep": Path(".")})]
ordered = collections.OrderedDict(one=1, two="2")
default = collections.defaultdict(list, three=[])
chain = collections.ChainMap({"four": 4})
user = collections.UserDict({"five": 5})
proxy = types.MappingProxyType({"six": 6})
AlphaBeta = alphabet = 1
_private = __dunder = 2
In, Out = [""], {}
'''

# Expected: names that come first, in order; `+name`: is there; `-name`: is not; `=`: those and no others.
NAMES = [
    ("al|", "= alphabet all"),
    ("alphab|", "= alphabet"),
    ("Alpha|", "= AlphaBeta"),
    ("ALPHA|", "= alphabet AlphaBeta"),
    ("pri|", "= print"),
    ("whi|", "= while"),
    ("x = whi|", "="),
    ("x = lam|", "= lambda"),
    ("x = not Tru|", "= True"),
    ("|", "alphabet +print +import -draw="),
    ("_pri|", "= _private"),
    ("_|", "+_private +__dunder"),
    ("import os\nth|", "thing"),
    ("later = 1\nlat|", "= later"),
    ("lat|\nlater = 1", "="),
    ("def f():\n    lat|\n\ndef later(): ...", "= later"),
    ("a, (bee, *see), d.e = f()\nse|", "see"),
    ("for index in x:\n    ind|", "= index"),
    ("with x as handle, y as other:\n    oth|", "= other"),
    ("try:\n    pass\nexcept E as error:\n    err|", "= error"),
    ("if (size := 3) > siz|", "= size"),
    ("import numpy as nump\nnum|", "= nump"),
    ("import xml.dom\nxm|", "= xml"),
    ("from a import (bcd as cde,\n  xyz)\nxy|", "= xyz"),
    ("from a import (bcd as cde,\n  xyz)\nbc|", "="),
    ("def function(one, two=2, *three, **four):\n    t|", "three two"),
    ("def function(one, two=2, *three, **four):\n    five = 5\n    fi|", "five"),
    ("def function(parameter):\n    local = 1\nloc|", "locals -local"),
    ("def function(parameter):\n    local = 1\n\npara|", "="),
    ("def function(parameter): return para|", "= parameter"),
    ("def outer(first):\n    def inner(second):\n        return fir|", "= first"),
    ("def outer(first):\n    def inner(second):\n        return 1\n    sec|", "="),
    ("class Made:\n    field = 1\n    fie|", "= field"),
    ("class Made:\n    field = 1\n    def method(self):\n        fie|", "="),
    ("class Made:\n    field = 1\n    def method(self):\n        sel|", "= self"),
    ("async def corout(awaited):\n    await awai|", "awaited"),
    ("f = lambda argument, b=1: argu|", "= argument"),
    ("[item for item in ite|", "item iter"),
    ("x = foo(\nal|", "alphabet all"),
    ("x = [1, 2\nalphab|", "= alphabet"),
    ("x = 'not closed\nalphab|", "= alphabet"),
    ("alphab|\n)]}", "= alphabet"),
    ("def f(:\n    alphab|", "= alphabet"),
    ("print(f'{alphab|", "= alphabet"),
    ("print(f'{alphab|}')", "= alphabet"),
    ("f'{1:>{alphab|", "= alphabet"),
    ("f'{{alphab|", "="),
    ("f'''{thing\n  and alphab|", "= alphabet"),
    ("rf'{alphab|", "= alphabet"),
    ("f'{x}' f'{alphab|", "= alphabet"),
    ("f'{table[\"price\"]} {alphab|", "= alphabet"),
    ("# alphab|", "="),
    ("'''\nalphab|", "="),
    ("def alphab|", "="),
    ("class alphab|", "="),
    ("x = 1.alphab|", "="),
    ("12|", "="),
    ("thing i|", "= if import in is"),
    ("'é😀' + alphab|", "= alphabet"),
    ("x = 1; alphab|", "= alphabet"),
    ("if x: alphab|", "= alphabet"),
    ("%%time\nalphab|", "= alphabet"),
    ("%%bash\nalphab|", "="),
    ("%time alphab|", "= alphabet"),
    ("%timeit -n 10 thing.wh|", "= where"),
    ("y = %time alphab|", "= alphabet"),
]

ATTRIBUTES = [
    ("os.pa|", "= pardir path pathconf pathconf_names pathsep"),
    ("os . pa|", "pardir path"),
    ("os.path.jo|", "= join"),
    ("osp.jo|", "= join"),
    ("thing.|", "cached chained colour count dark greet inner make maybe plain shared size where _hidden"),
    ("thing._hid|", "= _hidden"),
    ("thing.WH|", "= where"),
    ("thing.inner.gr|", "= greet"),
    ("thing.where.is_d|", "= is_dir"),
    ("thing.maybe.is_d|", "= is_dir"),
    ("thing.dark.|", "="),
    ("thing.make().cou|", "= count"),
    ("thing.make().gre|", "= greet"),
    ("Thing.make().gre|", "= greet"),
    ("thing.chained().chained().whe|", "= where"),
    ("thing.shared.app|", "= append"),
    ("thing.size.bit_l|", "= bit_length"),
    ("thing.count.bit_l|", "= bit_length"),
    ("thing.cached(1).ite|", "= items"),
    ("Thing().whe|", "= where"),
    ("Thing.gre|", "= greet"),
    ("Thing.mro|", "="),
    ("slotted.left.col|", "= colour"),
    ("slotted.right.|", "="),
    ("point.down.upp|", "= upper"),
    ("space.ins|", "= inside"),
    ("space.inside.is_d|", "= is_dir"),
    ("Colour.RE|", "= RED"),
    ("Colour.RED.nam|", "= name"),
    ("draw(1).whe|", "= where"),
    ("typed(1).ite|", "= items"),
    ("''.joi|", "= join"),
    ("''.join([]).spl|", "= split splitlines"),
    ("'a b'.split().app|", "= append"),
    ("f'{x}'.upp|", "= upper"),
    ("b''.deco|", "= decode"),
    ("[].app|", "= append"),
    ("[x for x in y].app|", "= append"),
    ("{}.ite|", "= items"),
    ("{1: 2}.ite|", "= items"),
    ("{1, 2}.unio|", "= union"),
    ("(1, 2).cou|", "= count"),
    ("(1).bit_l|", "= bit_length"),
    ("1.5.is_i|", "= is_integer"),
    ("(lambda: 1).__cod|", "= __code__"),
    ("(thing if x else y).whe|", "= where"),
    ("(thing).whe|", "= where"),
    ("('a' + 'b').upp|", "= upper"),
    ("('%s' % x).upp|", "= upper"),
    ("(Path('.') / 'x').is_d|", "= is_dir"),
    ("open('x').readl|", "= readline readlines"),
    ("sorted(x).app|", "= append"),
    ("type(thing).mak|", "= make"),
    ("Path().is_d|", "= is_dir"),
    ("print(Path().is_d|", "= is_dir"),
    ("not thing.whe|", "= where"),
    ("x = thing.whe|", "= where"),
    ("-thing.size.bit_l|", "= bit_length"),
    ("table['place']['x'][0].is_d|", "= is_dir"),
    ("table[7].upp|", "= upper"),
    ("table[1, 2].upp|", "= upper"),
    ("nested[0]['first'].upp|", "= upper"),
    ("nested[1][1]['deep'].is_d|", "= is_dir"),
    ("nested[-1][1]['deep'].is_d|", "= is_dir"),
    ("nested[9].|", "="),
    ("nested[0:1].app|", "= append"),
    ("nested[x].|", "="),
    ("place = 'price'\ntable[place].is_i|", "= is_integer"),
    ("'abc'[1:].upp|", "= upper"),
    ("nested[x + 1].|", "="),
    ("ordered['two'].upp|", "= upper"),
    ("default['three'].app|", "= append"),
    ("for x in nested:\n    x['first'].upp|", "= upper"),
    ("for c in 'abc':\n    c.upp|", "= upper"),
    ("foo(\nos.path.jo|", "= join"),
    ("thing.\\\n  whe|", "= where"),
    ("(thing\n  .whe|", "= where"),
    ("@functools.lru|", "= lru_cache"),
    ("f'{thing.whe|", "= where"),
    ("f'{thing.whe|}'", "= where"),
    ("f'{draw(thing.whe|", "= where"),
    ("unknown.|", "="),
    ("...|", "="),
]

DRAFTS = [
    ("t = Thing()\nt.col|", "= colour"),
    ("def f() -> Thing: ...\nf().inn|", "= inner"),
    ("x = Path('.')\nx.is_d|", "= is_dir"),
    ("x = y = Path('.')\ny.is_d|", "= is_dir"),
    ("x = Path('.')\ny = x.parent\ny.is_d|", "= is_dir"),
    ("Path('.').joinpath('a').read_text().upp|", "= upper"),
    ("open('x').read().spl|", "= split splitlines"),
    ("class Made:\n    @property\n    def p(self) -> str: ...\nMade().p.upp|", "= upper"),
    ("class Made:\n    @classmethod\n    def c(cls) -> 'Made': ...\n    def o(self): ...\nMade.c().o|", "= o"),
    ("x = []\nx = x.copy()\nx.app|", "= append"),
    ("thing = []\nthing.app|", "= append"),
    ("thing = unknown()\nthing.whe|", "= where"),
    ("x: Path\nx.is_d|", "= is_dir"),
    ("x: 'typing.Optional[Path]' = None\nx.is_d|", "= is_dir"),
    ("def f(x: Path):\n    x.is_d|", "= is_dir"),
    ("def f(x: typing.Optional[Path] = None):\n    x.is_d|", "= is_dir"),
    ("def f(x=[]):\n    x.app|", "= append"),
    ("def f(*rest, **more):\n    more.ite|", "= items"),
    ("def f():\n    x = []\n    return x.app|", "= append"),
    ("def f() -> Path: ...\nf().is_d|", "= is_dir"),
    ("class Made:\n    def __init__(self):\n        self.paths = []\n    def use(self):\n        self.|", "paths use"),
    ("class Made:\n    def __init__(self):\n        self.a = []\n    def use(self):\n        self.a.app|", "= append"),
    ("class Made:\n    def use(self):\n        self.la|\n    def later(self): pass", "= later"),
    ("class Made:\n    def __init__(self):\n        self.paths = []\nMade().paths.app|", "= append"),
    ("class Made(Base):\n    own = 1\nmade = Made()\nmade.|", "greet own shared"),
    ("class Made(Base):\n    def f(self):\n        super().gre|", "= greet"),
    ("class Made:\n    def chain(self) -> 'Made': ...\nMade().chain().cha|", "= chain"),
    ("with open('x') as f:\n    f.readl|", "= readline readlines"),
    ("for p in [Path('.')]:\n    p.bit|", "="),
    ("import json.decoder as dec\ndec.JSONDecodeE|", "= JSONDecodeError"),
    ("import wave\nwave.Wave_r|", "= Wave_read"),
    ("import lazy_names\nlazy_names.Later_n|", "= Later_named"),
    ("try: pass\nexcept (ValueError, OSError) as error:\n    error.arg|", "= args"),
    ("import xml.dom\nxml.dom.minid|", "= minidom"),
    ("from os import path as p\np.joi|", "= join"),
    ("from os.path import join\njoi|", "= join"),
    ("files = !ls\nfiles.app|", "= append"),
    ("x = x.|", "="),
    ("x = y\ny = x\nx.|", "="),
]

# What a cell writes out, takes apart and goes over, and what stands behind the cursor.
CONTAINERS = [
    ("[thing.col| for thing in [Thing()]]", "= colour"),
    ("[each.col| for each in [Thing()]]", "= colour"),
    ("[eac| for each in [Thing()]]", "= each"),
    ("sum(len(each['fir|']) for each in nested)", "= first"),
    ("{each.col|: 1 for each in (Thing(),)}", "= colour"),
    ("f([1, each.col|], [each for each in [Thing()]])", "="),
    ("for each in [Thing(), 1]:\n    each.col|", "= colour"),
    ("made = [Thing() for _ in range(3)]\nmade[0].col|", "= colour"),
    ("made = [Thing() for _ in range(3)]\nmade[1:][2].col|", "= colour"),
    ("made = {'a': Thing()}\nmade['a'].col|", "= colour"),
    ("made = {'a': Thing()}\nmade.get('a').col|", "= colour"),
    ("a, b = Thing(), []\na.col|", "= colour"),
    ("a, b = Thing(), []\nb.app|", "= append"),
    ("(a, b), c = x, ''\nc.upp|", "= upper"),
    ("a, *b = Thing(), 1\na.col|", "="),
    ("for at, each in enumerate([Thing()]):\n    each.col|", "= colour"),
    ("for at, each in enumerate('abc'):\n    at.bit_l|", "= bit_length"),
    ("for one, two in zip('abc', [Thing()]):\n    two.col|", "= colour"),
    ("for key, value in table.items():\n    key.upp|", "= upper"),
    ("for key, value in table.items():\n    value.is_i|", "= is_integer"),
    ("for value in {'a': Thing()}.values():\n    value.col|", "= colour"),
    ("sorted([Thing()], key=x)[0].col|", "= colour"),
    ("list(reversed([Thing()]))[-1].col|", "= colour"),
    ("(not x).bit_l|", "= bit_length"),
    ("(-1).bit_l|", "= bit_length"),
    ("(1 + 2.5).is_i|", "= is_integer"),
    ("([1] * 3).app|", "= append"),
    ("table.get('place')['|", "= x']"),
]

CALLS = [    ("simple(|", "alpha= beta= gamma= +alphabet"),
    ("simple(al|", "alpha= alphabet"),
    ("simple(1, |", "beta= gamma= -alpha="),
    ("simple(beta=1, |", "alpha= gamma= -beta="),
    ("simple(|, gamma=2)", "alpha= beta= -gamma="),
    ("simple(alpha=|", "-beta= -alpha="),
    ("simple(\n    1,\n    be|", "= beta="),
    ("simple(1,\n    be|\nx = 3", "= beta="),
    ("simple(foo(1, [2, 3]), be|", "= beta="),
    ("simple(print(|", "-alpha="),
    ("simple([|", "-alpha="),
    ("draw(|", "gamma= delta= epsilon= -alpha= -beta= -rest= -more="),
    ("Thing(|", "size= colour= -self="),
    ("Thing(si|", "= size= simple"),
    ("thing.greet(|", "name= loud= -self="),
    ("bound(|", "name= loud= -self="),
    ("Thing.make(|", "-cls="),
    ("part(|", "beta= gamma= -alpha="),
    ("named(|", "alpha= beta= gamma="),
    ("thing.cached(|", "depth= -self="),
    ("sorted([], re|", "reverse= repr"),
    ("def f(aa, bb=1): pass\nf(|", "aa= bb="),
    ("class Made:\n    def __init__(self, aa): pass\nMade(|", "aa= -self="),
    ("class Made:\n    def m(self, aa): pass\nMade().m(|", "aa= -self="),
    ("class Made:\n    @staticmethod\n    def m(aa, bb): pass\nMade().m(|", "aa= bb="),
    ("class Made:\n    @classmethod\n    def m(cls, aa): pass\nMade.m(|", "aa= -cls="),
    ("def simple(|", "-alpha="),
    ("unknown(alphab|", "= alphabet"),
]

KEYS = [
    ('table["pr|', '= price"]'),
    ("table['pr|", "= price']"),
    ("table['pr|']", "= price"),
    ("table['pr|'", "= price"),
    ("table['pr|]", "= price'"),
    ('table["PR|', '= price"]'),
    ('table["two w|', '= two\xa0words"]'),
    ("table['it|", "= it\"s']"),
    ('table["it|', '= it\\"s"]'),
    ('table["|', '= price"] place"] two\xa0words"] it\\"s"]'),
    ("table[b'r|", "= raw']"),
    ("table[|", '"price"] "place"]'),
    ("table[pr|", '= "price"] proxy print property'),
    ("table[7|", "= 7]"),
    ("table['place']['|", "= x']"),
    ("nested[0]['|", "= first']"),
    ("ordered['|", "= one'] two']"),
    ("default['|", "= three']"),
    ("chain['|", "= four']"),
    ("user['|", "= five']"),
    ("proxy['|", "= six']"),
    ("os.environ['HOM|", "= HOME']"),
    ("d = {'literal': 1}\nd['|", "= literal']"),
    ("f'{table[\"pr|", '= price"]'),
    ("x = 1 if table['pr|", "= price']"),
    ("table.get('pri|", "= price'"),
    ("table.get('price', 'pri|", "="),
    ("os.environ.get('HOM|", "= HOME'"),
    ("['pr|", "="),
]

FILES = [
    ("open('da|", "= data.csv data_old/"),
    ("open('data_old/|", "= inner.txt"),
    ('Path("data_old/in|', "= inner.txt"),
    ("open('./da|", "= data.csv data_old/"),
    ("open('|", "data.csv data_old/ -.hidden"),
    ("open('.hid|", "= .hidden"),
    ("x = 'da|", "= data.csv data_old/"),
    ("print('hello wor|", "="),
    ("'''da|", "="),
    ("open(r'da|", "= data.csv data_old/"),
    ("open('/nonexistent/|", "="),
    ("open('~roo|", "= ~root/"),
    ("!cat da|", "= data.csv data_old/"),
    ("!cat data_old/|", "= inner.txt"),
    ("x = !cat da|", "= data.csv data_old/"),
    ('!cat "data_old/in|', "= inner.txt"),
    ("!cat 'a b' da|", "= data.csv data_old/"),
    ("!cat it|", "= it\\'s.txt"),
    ("!cat it\\'|", "= it\\'s.txt"),
    ("open('DAT|", "= data.csv data_old/"),
    ("!ech|", "+echo"),
    ("!ls; ech|", "+echo"),
    ("!echo {alphab|", "= alphabet"),
    ("!echo $alphab|", "= alphabet"),
    ("%cd data_|", "= data_old/"),
    ("%run da|", "= data.csv data_old/"),
    ("%%bash\ncat da|", "= data.csv data_old/"),
    ("%%writefile da|", "= data.csv data_old/"),
    ("%env HOM|", "= HOME"),
]

IMPORTS = [
    ("import js|", "+json"),
    ("import os, js|", "+json"),
    ("import os.|", "= path"),
    ("import xml.|", "dom etree parsers sax"),
    ("import xml.do|", "= dom"),
    ("import xml.dom.mini|", "= minicompat minidom"),
    ("import os |", "= as"),
    ("import os as |", "="),
    ("from js|", "+json"),
    ("from os |", "= import"),
    ("from os import pa|", "= pardir path pathconf pathconf_names pathsep"),
    ("from os.path import jo|", "= join"),
    ("from os import (path,\n    pard|", "= pardir"),
    ("from os import path as |", "="),
    ("from os import path, pard|", "= pardir"),
    ("from wave import Wave_r|", "= Wave_read"),
    ("from xml import d|", "+dom"),
    ("from . import loc|", "= local_module"),
    ("from .loc|", "= local_module"),
    ("from .local_module import val|", "= value_here"),
    ("import loc|", "+local_module +locale"),
    ("import data_o|", "="),
    ("x = 1; import js|", "+json"),
    ("if x: import js|", "+json"),
    ("x = foo(\nimport js|", "+json"),
    ("import unknown_package.|", "="),
    ("from __fut|", "= __future__"),
    ("from __future__ import anno|", "= annotations"),
    ("yield from alphab|", "= alphabet"),
]

COMMANDS = [
    ("%tim|", "%time %timeit +%%time +%%timeit"),
    ("x = 1\n%tim|", "= %time %timeit"),
    ("%%bas|", "= %%bash"),
    ("x = %tim|", "= %time %timeit"),
    ("x = 5\ny = x %tim|", "-%time -time"),
    ("print(x\n%tim|", "-%time"),
]


class InNamespace(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        cls.namespace: dict = {"__name__": "__main__", "__builtins__": sys.modules["builtins"]}
        exec(compile(SETUP, "<setup>", "exec", dont_inherit=True), cls.namespace)
        cls.folder = tempfile.mkdtemp(prefix="kernel-test-")
        cls.before = os.getcwd()
        os.chdir(cls.folder)
        os.mkdir("data_old")
        for name in ("data.csv", "data_old/inner.txt", ".hidden", "it's.txt"):
            open(name, "w").close()
        with open("local_module.py", "w") as file:
            file.write("raise SystemExit('a module was imported')\nvalue_here = 1\n")
        with open("lazy_names.py", "w") as file:
            file.write("__all__ = ('Later_named',)\ndef __getattr__(name): ...\n")
        sys.path.insert(0, "")

    @classmethod
    def tearDownClass(cls) -> None:
        sys.path.remove("")
        os.chdir(cls.before)
        shutil.rmtree(cls.folder)

    def complete(self, code: str) -> dict:
        cursor = code.index("|")
        return complete(self.namespace, {"code": code[:cursor] + code[cursor + 1 :], "cursor": cursor}, lambda: False)


class Tables(InNamespace):
    def check(self, table: list) -> None:
        for code, expected in table:
            with self.subTest(code):
                texts = [match["text"] for match in self.complete(code)["matches"]]
                words = [word.replace("\xa0", " ") for word in expected.split(" ") if word]
                exactly = words[:1] == ["="]
                first = [word for word in words[exactly:] if word[0] not in "+-"]
                self.assertEqual(texts if exactly else texts[: len(first)], first)
                for word in words:
                    if word[0] == "+":
                        self.assertIn(word[1:], texts)
                    elif word[0] == "-":
                        self.assertNotIn(word[1:], texts)

    def test_names(self) -> None:
        self.check(NAMES)

    def test_attributes(self) -> None:
        self.check(ATTRIBUTES)

    def test_what_the_cell_itself_defines(self) -> None:
        self.check(DRAFTS)

    def test_what_containers_hold(self) -> None:
        self.check(CONTAINERS)

    def test_keyword_arguments(self) -> None:
        self.check(CALLS)

    def test_keys(self) -> None:
        self.check(KEYS)

    def test_files(self) -> None:
        self.check(FILES)

    def test_imports(self) -> None:
        loaded = set(sys.modules)
        self.check(IMPORTS)
        self.assertFalse({"wave", "xml.dom.minidom", "local_module"} & (set(sys.modules) - loaded))

    def test_commands(self) -> None:
        self.check(COMMANDS)

    def test_every_cut_of_a_cell_is_answered(self) -> None:
        code = SETUP + "f'{thing.where!r:>{10}}' + f\"\"\"{table['price']}\"\"\"\n"
        code += "x = [(1, {2: thing.\n%time os.path\n!ls {x}\n"
        for cursor in range(0, len(code), 7):
            found = complete(self.namespace, {"code": code, "cursor": cursor}, lambda: False)
            self.assertLessEqual(found["cursor_start"], cursor)
            self.assertGreaterEqual(found["cursor_end"], cursor)


class Replies(InNamespace):
    """What a reply holds beside its names."""

    def match(self, code: str, text: str) -> dict:
        return next(match for match in self.complete(code)["matches"] if match["text"] == text)

    def test_what_is_replaced(self) -> None:
        for code, start, end in (
            ("os.pa|", 3, 5),
            ("os.pa|th", 3, 5),
            ("x = al|", 4, 6),
            ("table['pr|ice']", 7, 12),
            ("open('data_old/in|", 15, 17),
            ("%tim|", 0, 4),
            ("simple(|)", 7, 7),
            ("'é😀' + alphab|", 7, 13),
        ):
            found = self.complete(code)
            self.assertEqual((found["cursor_start"], found["cursor_end"]), (start, end), code)

    def test_kinds_and_signatures(self) -> None:
        for code, text, kind, signature in (
            ("os.pat|", "path", "module", ""),
            ("os.path.jo|", "join", "function", "join(a, *p)"),
            ("os.sep|", "sep", "instance", ""),
            ("thing.gre|", "greet", "function", "greet(name, loud=False)"),
            ("Thing.gre|", "greet", "function", "greet(self, name, loud=False)"),
            ("thing.mak|", "make", "function", "make()"),
            ("thing.plai|", "plain", "function", "plain(a, b)"),
            ("thing.cach|", "cached", "function", "cached(depth)"),
            ("thing.whe|", "where", "property", ""),
            ("thing.siz|", "size", "instance", ""),
            ("slotted.lef|", "left", "property", ""),
            ("Thin|", "Thing", "class", "Thing(size=3, *, colour='red')"),
            ("thin|", "thing", "instance", ""),
            ("draw|", "draw", "function", "draw(alpha, beta=2, /, gamma=None, *rest, delta=4, epsilon, **more)"),
            ("simp|", "simple", "function", "simple(alpha, beta=2, gamma='three')"),
            ("named.fun|", "func", "property", ""),
            ("simple(alp|", "alpha=", "param", "alpha"),
            ("simple(gam|", "gamma=", "param", "gamma='three'"),
            ("whil|", "while", "keyword", ""),
            ("table['pri|", "price']", "key", ""),
            ("open('data_|", "data_old/", "path", ""),
            ("import js|", "json", "module", ""),
            ("def local(a, b: int = 2) -> int: ...\nloc|", "local", "function", "local(a, b: int = 2) -> int"),
            ("class Local: ...\nLoc|", "Local", "class", ""),
            ("import wave\nwav|", "wave", "module", ""),
            ("''.spl|", "split", "function", "split(sep=None, maxsplit=-1)"),
            ("len|", "len", "function", "len(obj, /)"),
        ):
            with self.subTest(code):
                found = self.match(code, text)
                self.assertEqual((found["kind"], found["signature"].replace("($self, /, ", "(")), (kind, signature))

    def test_at_most_a_thousand(self) -> None:
        crowded = dict(self.namespace, **{f"var_{n:05d}": n for n in range(10_000)})
        for code, count, truncated in (("var_", 1000, True), ("var_0123", 10, False), ("VAR_0123", 10, False)):
            found = complete(crowded, {"code": code, "cursor": len(code)}, lambda: False)
            self.assertEqual((len(found["matches"]), found["truncated"]), (count, truncated))
        self.assertEqual(found["matches"][0]["text"], "var_01230")

    def test_overtaken(self) -> None:
        for code in ("os.", "x", "open('/", "simple(", "table['", "import "):
            self.assertEqual(complete(self.namespace, {"code": code, "cursor": len(code)}, lambda: True), {}, code)
        asked = []

        def later() -> bool:
            asked.append(1)
            return len(asked) > 3

        self.assertEqual(complete(self.namespace, {"code": "", "cursor": 0}, later), {})
        self.assertGreater(len(asked), 3)


if __name__ == "__main__":
    unittest.main()
