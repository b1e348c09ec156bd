"""Completion and inspection of what numpy and pandas give, and what jedi adds, through the real kernel."""

from __future__ import annotations

import statistics
import time
import unittest

from harness import InOneSandbox

SETUP = """
import numpy as np
import pandas as pd
table = pd.DataFrame({"price": [1.0, 2.0], "quantity": [1, 2], "two words": ["a", "b"]})
prices = table["price"]
grid = np.zeros((3, 4))
records = np.zeros(2, dtype=[("left", "f8"), ("right", "i4")])
framed = {"table": table}
"""

# As in test_complete.py.
ROWS = [
    ("np.lins|", "= linspace"),
    ("np.random.rand|", "rand randint randn random"),
    ("np.zeros(3).resh|", "= reshape"),
    ("np.array([1]).resh|", "= reshape"),
    ("grid.sha|", "= shape"),
    ("grid.shape.cou|", "= count"),
    ("grid.T.resh|", "= reshape"),
    ("grid.dtype.nam|", "= name names"),
    ("np.sin(|", "out= where="),
    ("np.linspace(0, 1, nu|", "num="),
    ("records['|", "= left'] right']"),
    ("records[|", '"left"] "right"]'),
    ("table.pri|", "= price"),
    ("table.price.media|", "= median"),
    ("table['price'].media|", "= median"),
    ("table[['price']].grou|", "= groupby"),
    ("table['|", "= price'] quantity'] two\xa0words']"),
    ("table['pri|']", "= price"),
    ("table[['price', 'qu|", "= quantity'"),
    ("table.groupby('|", "= price' quantity' two\xa0words'"),
    ("table.sort_values(by='qu|", "= quantity'"),
    ("table.groupby('price', as_|", "as_index="),
    ("table[table.qua|", "= quantile quantity"),
    ("table[table.price > 1].grou|", "= groupby"),
    ("table[1:2].grou|", "= groupby"),
    ("column = 'price'\ntable[column].media|", "= median"),
    ("grid[1:].resh|", "= reshape"),
    ("table.head().grou|", "= groupby"),
    ("table.index.uniq|", "= unique"),
    ("table.loc[|", "+table"),
    ("prices.str.upp|", "= upper"),
    ("framed['table']['pri|", "= price']"),
    ("pd.read_csv('x', se|", "sep="),
    ("pd.DataFrame({}).grou|", "= groupby"),
    ("x = pd.DataFrame({})\nx.grou|", "= groupby"),
    ("import numpy.lin|", "= linalg"),
    ("from pandas import DataFr|", "= DataFrame"),
]

# Where only jedi knows: of code that has not run, and of functions that say nothing of what they return.
BY_JEDI = [
    ("import re\nfor found in re.finditer('a', 'b'):\n    found.grou|", "group groupdict groups"),
    ("def untold():\n    return {}\nuntold().ite|", "items"),
    ("(x for x in range(3)).gi_fr|", "gi_frame"),
    ("earlier_function().ite|", "items"),
    ("import subprocess\nsubprocess.run('ls').std|", "stderr stdout"),
    ("print(earlier_function().ite|)", "items"),
    ("import os\nfor here, folders, files in os.walk('.'):\n    here.upp|", "upper"),
]


class WithPackages(InOneSandbox):
    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.client.run(SETUP)
        cls.client.run("def earlier_function():\n    return {}")

    def complete(self, code: str) -> list:
        cursor = code.index("|")
        reply = self.client.query("complete", code=code.replace("|", "", 1), cursor=cursor)
        self.assertEqual(reply["status"], "ok", reply)
        return reply["matches"]

    def check(self, rows: list) -> None:
        for code, expected in rows:
            with self.subTest(code):
                texts = [match["text"] for match in self.complete(code)]
                words = [word.replace("\xa0", " ") for word in expected.split(" ") if word]
                exactly = words[:1] == ["="]
                first = [word for word in words[exactly:] if word[0] != "+"]
                self.assertEqual(texts if exactly else texts[: len(first)], first)
                for word in words:
                    if word[0] == "+":
                        self.assertIn(word[1:], texts)

    def test_numpy_and_pandas(self) -> None:
        self.check(ROWS)

    def test_jedi_answers_where_nothing_is_live(self) -> None:
        limit = self.client.run("import sys\nsys.getrecursionlimit()").result
        self.check(BY_JEDI)
        self.assertEqual(self.client.run("sys.getrecursionlimit()").result, limit)

    def test_jedi_is_asked_for_types_alone(self) -> None:
        """New expressions are answered in less time than jedi takes to list their members, both having read the stubs."""
        values = ["{}", "[]", "''", "b''", "1.5"] * 3
        codes = [f"def new{n}():\n    return {value}\nnew{n}()." for n, value in enumerate(values)]
        self.complete(codes[0] + "|")
        ours = []
        for code in codes:
            began = time.perf_counter()
            self.complete(code + "|")
            ours.append(time.perf_counter() - began)
        asked = f"import jedi, time, statistics\ntheirs = []\nfor code in {codes!r}:\n    began = time.perf_counter()\n"
        asked += "    _ = jedi.Script(code).complete()\n    theirs.append(time.perf_counter() - began)\n"
        asked += "statistics.median(theirs)"
        self.assertLess(statistics.median(ours), float(self.client.run(asked).result))

    def test_signatures(self) -> None:
        for code, text, start in (
            ("np.lins|", "linspace", "linspace(start, stop, num=50, endpoint=True"),
            ("np.si|", "sin", "sin(x, /, out=None, *, where=True"),
            ("table.groupb|", "groupby", "groupby(by=None, axis="),
        ):
            found = next(match for match in self.complete(code) if match["text"] == text)
            self.assertEqual(found["kind"], "function")
            self.assertTrue(found["signature"].startswith(start), found)

    def test_all_of_numpy_with_kinds(self) -> None:
        found = {match["text"]: match["kind"] for match in self.complete("np.|")}
        self.assertGreater(len(found), 400)
        expected = {"linalg": "module", "ndarray": "class", "sin": "function", "zeros": "function", "pi": "instance"}
        self.assertEqual({name: found[name] for name in expected}, expected)

    def test_inspect(self) -> None:
        for code, name, kind, doc in (
            ("np.sin(", "np.sin", "ufunc", "sin(x, /"),
            ("np.linspace(0, ", "np.linspace", "function", "Return evenly spaced numbers"),
            ("table.groupby(", "table.groupby", "function", "Group DataFrame"),
            ("table", "table", "DataFrame", "Two-dimensional"),
            ("grid.shape", "grid.shape", "getset_descriptor", "Tuple of array dimensions."),
        ):
            with self.subTest(code):
                found = self.client.query("inspect", code=code, cursor=len(code), detail=1)
                self.assertEqual((found["status"], found["found"]), ("ok", True))
                self.assertEqual((found["name"], found["type"]), (name, kind))
                self.assertTrue(found["doc"].startswith(doc), found["doc"][:80])


if __name__ == "__main__":
    unittest.main()
