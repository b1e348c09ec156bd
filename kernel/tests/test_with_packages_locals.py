"""Rows and insides of what numpy and pandas make."""

from __future__ import annotations

import unittest

from harness import InOneSandbox

SETUP = """
import numpy as np
import pandas as pd
grid = np.arange(12.0).reshape(3, 4)
big = np.zeros((1000, 1000))
frame = pd.DataFrame({"price": [1.5, 2.5, None], "name": ["a", None, "two\\nlines"]}, index=["x", "y", "z"])
same = pd.DataFrame(np.ones((2, 2), dtype="int8"))
prices = frame["price"]
moments = pd.Series(pd.to_datetime(["2024-01-02", None]), name="when")
records = np.zeros(2, dtype=[("left", "f8"), ("right", "i4")])
scalar = np.float32(0.1)
index = frame.index
masked = np.ma.array([[1, 2], [3, 4]], mask=[[0, 1], [0, 0]])
wide = pd.DataFrame(np.zeros((3, 2000)))
"""


class WithPackages(InOneSandbox):
    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.rows = cls.client.run(SETUP).rows
        while not {"grid", "frame", "index", "scalar", "masked", "wide"} <= cls.rows.keys():
            event = cls.client.until("locals")
            cls.rows.update({row["name"]: row for row in event["content"]["changed"]})

    def expand(self, *path, **params) -> dict:
        found = self.client.query("expand", path=list(path), **params)
        self.assertEqual(found["status"], "ok", found)
        return found

    def table(self, name: str, row: int, rows: int, column: int, columns: int) -> dict:
        return self.expand(name, table={"row": row, "rows": rows, "column": column, "columns": columns})["table"]

    def test_rows(self) -> None:
        def facts(name: str) -> tuple:
            row = self.rows[name]
            return row["type"], row["length"], row["shape"], row["dtype"]

        self.assertEqual(facts("grid"), ("ndarray", 3, "(3, 4)", "float64"))
        self.assertEqual(self.rows["grid"]["size"], 96)
        self.assertEqual(facts("frame"), ("DataFrame", 3, "(3, 2)", None))
        self.assertEqual(facts("same"), ("DataFrame", 2, "(2, 2)", "int8"))
        self.assertGreaterEqual(self.rows["frame"]["size"], 48)
        size = self.client.run("int(wide.memory_usage().sum())").result
        self.assertEqual(str(self.rows["wide"]["size"]), size)
        self.assertEqual(facts("prices"), ("Series", 3, "(3,)", "float64"))
        self.assertEqual(facts("moments")[3], "datetime64[ns]")
        self.assertEqual((facts("scalar")[3], self.rows["scalar"]["size"]), ("float32", 4))
        self.assertEqual(self.rows["big"]["value"], "dtype=float64")

    def test_changes_inside_are_noticed(self) -> None:
        for code, name in (
            ("big[0, 0] += 1", "big"),
            ("big.T[0, 0] += 1", "big"),
            ("frame.loc['x', 'price'] += 1", "frame"),
            ("prices.iloc[1] += 1", "prices"),
        ):
            with self.subTest(code):
                self.client.run("pass")
                self.assertIn(name, self.client.run(f"def change():\n    {code}\nchange(); {name}").rows)

    def test_telling_of_an_object_is_no_change_of_it(self) -> None:
        self.client.run("fresh = np.ma.array([1, 2], mask=[0, 1]); whole = pd.array([1, None])")
        self.assertFalse({"fresh", "whole"} & set(self.client.run("fresh, whole\npass").rows))

    def test_children(self) -> None:
        found = self.expand("grid", start=1, count=1)
        self.assertEqual((found["total"], found["children"][0]["value"]), (3, "array([4., 5., 6., 7.])"))
        item = self.expand("grid", found["children"][0]["step"], ["item", 2])["row"]
        self.assertEqual((item["type"], item["value"].replace("np.float64(", "").strip(")")), ("float64", "6.0"))
        children = self.expand("frame")["children"]
        types = {child["name"]: child["dtype"] for child in children}
        self.assertEqual(types, {"'price'": "float64", "'name'": "object"})
        found = self.expand("frame", children[1]["step"])
        values = [(child["name"], child["value"]) for child in found["children"]]
        self.assertEqual(values[:2], [("'x'", "'a'"), ("'y'", "None")])
        self.assertEqual(self.expand("frame", children[1]["step"], found["children"][0]["step"])["row"]["value"], "'a'")
        self.client.run("frame.insert(0, 'first', 0)")
        self.assertEqual(self.expand("frame", children[1]["step"], ["row", 0])["row"]["value"], "'a'")
        self.client.run("del frame['first']")
        self.assertEqual([child["name"] for child in self.expand("index")["children"]], ["0", "1", "2"])

    def test_tables(self) -> None:
        found = self.table("grid", 1, 10, 2, 10)
        self.assertEqual((found["rows"], found["columns"], found["row"], found["column"]), (3, 4, 1, 2))
        self.assertEqual((found["index"], found["header"], found["types"]), (["1", "2"], ["2", "3"], ["float64"] * 2))
        self.assertEqual(found["cells"], [["6.0", "7.0"], ["10.0", "11.0"]])
        found = self.table("frame", 0, 3, 0, 2)
        self.assertEqual((found["index"], found["header"]), (["x", "y", "z"], ["price", "name"]))
        self.assertEqual(found["types"], ["float64", "object"])
        self.assertEqual([line[1] for line in found["cells"]], ["a", "None", "two lines"])
        self.assertEqual(self.table("moments", 0, 9, 0, 9)["cells"], [["2024-01-02 00:00:00"], ["NaT"]])
        self.assertEqual(self.table("records", 0, 1, 1, 1)["header"], ["right"])
        self.assertEqual(self.table("masked", 0, 2, 0, 2)["cells"], [["1", "--"], ["3", "4"]])
        self.assertEqual(self.table("scalar", 0, 1, 0, 1), None)
        found = self.table("big", 0, 10**9, 0, 10**9)
        self.assertEqual((len(found["cells"]), len(found["cells"][0])), (20, 500))
        self.assertEqual(self.table("grid", 99, 5, 99, 5)["cells"], [])
        self.assertEqual(self.table("grid", 0, 0, 0, 0)["rows"], 3)

    def test_cells_that_hang(self) -> None:
        self.client.run("class H:\n    def __repr__(self):\n        while True: pass\n"
            "held = pd.DataFrame({'a': [1, 2], 'b': [H(), 3]}, dtype=object)")
        self.assertEqual(self.table("held", 0, 2, 0, 2)["cells"], [["…", "…"], ["2", "3"]])


if __name__ == "__main__":
    unittest.main()
