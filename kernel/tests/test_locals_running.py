"""The panel lives while a cell runs: what is cheap to tell is told, and what the cell did is right at its end."""

from __future__ import annotations

import unittest

from harness import InOneSandbox


class LocalsWhileACellRuns(InOneSandbox):
    def begin(self, code: str) -> None:
        """Starts a cell that waits at each `input()`, and goes on at `go`."""
        self.id = self.client.ask("execute", code=code)
        self.client.until("input_request", self.id)
        self.addCleanup(self.client.ask, "interrupt")
        self.seen = {}
        self.gone = set()

    def sampled(self, names: str = "", gone: str = "") -> dict:
        """Waits for samples that tell of all these names; returns the rows that were told."""
        while not (set(names.split()) <= self.seen.keys() and set(gone.split()) <= self.gone):
            event = self.client.until("locals", self.id)
            content = event["content"]
            self.assertFalse(content["full"])
            self.assertFalse(any(e["type"] == "execute_reply" and e["parent"] == self.id for e in self.client.events))
            self.seen.update({row["name"]: row for row in content["changed"]})
            self.gone.update(content["deleted"])
        seen, self.seen, self.gone = self.seen, {}, set()
        return seen

    def go(self) -> None:
        self.client.ask("input_reply", value="")
        self.client.until("input_request", self.id)

    def end(self) -> tuple:
        """Lets the cell end. Returns the rows and the deleted names of its own account."""
        self.client.ask("input_reply", value="")
        cell = self.client.finish(self.id)
        self.assertIsNone(cell.error, cell.error)
        content = cell.of("locals")[-1]
        return {row["name"]: row for row in content["changed"]}, set(content["deleted"])

    def setUp(self) -> None:
        self.client.run("for name in [n for n in globals() if n[:1] != '_' and n not in ('In', 'Out')]:\n"
            "    if name not in ('llm_query', 'llm_query_batched', 'FINAL_VAR', 'SHOW_VARS', 'exit', 'quit'):\n"
            "        del globals()[name]\ndel name")

    def test_plain_values_and_lengths(self) -> None:
        self.client.run("count = 0; items = []; same = 'same'; _hidden = 1")
        self.begin("count = 5; items.append(1); fresh = 'f'; long = 'x' * 10 ** 6; _hidden = 2; _ = input()")
        seen = self.sampled("count items fresh long")
        self.assertEqual(seen.keys(), {"count", "items", "fresh", "long"})
        facts = {name: (row["value"], row["mark"], row["length"]) for name, row in seen.items()}
        long = facts.pop("long")
        self.assertEqual((len(long[0]), long[2]), (200, 10**6))
        self.assertEqual(
            facts, {"count": ("5", "changed", None), "items": ("[1]", "changed", 1), "fresh": ("'f'", "new", 1)}
        )
        rows, deleted = self.end()
        self.assertEqual({name: row["mark"] for name, row in rows.items()},
            {"count": "changed", "items": "changed", "fresh": "new", "long": "new"})
        self.assertEqual(deleted, set())
        self.assertEqual(rows["count"], seen["count"])

    def test_what_a_sample_told_is_corrected(self) -> None:
        self.client.run("back = 1; grown = {1}; brief = 2; gone = 3")
        self.begin("back = 10; grown.add(2); passing = 1; del brief, gone; _ = input()\n"
            "back = 1; grown.discard(2); del passing; brief = 2; _ = input()")
        self.assertEqual(self.sampled("back grown passing", gone="brief gone")["back"]["value"], "10")
        self.go()
        seen = self.sampled("back grown brief", gone="passing")
        self.assertEqual((seen["back"]["value"], seen["grown"]["length"], seen["brief"]["value"]), ("1", 1, "2"))
        rows, deleted = self.end()
        self.assertEqual({name: (row["value"], row["mark"]) for name, row in rows.items()},
            {"back": ("1", None), "grown": ("{1}", None), "brief": ("2", None)})
        self.assertEqual(deleted - {"passing"}, {"gone"})

    def test_corrected_without_another_sample(self) -> None:
        self.client.run("back = 1; held = [1]")
        self.begin("back = 10; held.append(1); passing = 1; other = 5; _ = input()\n"
            "back = 1; held.pop(); del passing; other = object()")
        self.sampled("back held passing other")
        rows, deleted = self.end()
        self.assertEqual((rows["back"]["mark"], rows["back"]["value"], rows["held"]["value"]), (None, "1", "[1]"))
        self.assertEqual((rows["other"]["type"], rows["other"]["mark"]), ("object", "new"))
        self.assertEqual(deleted, {"passing"})

    def test_a_cell_that_counts(self) -> None:
        id = self.client.ask("execute", code="n = 0\nstop = False\nwhile not stop: n += 1")
        values = []
        while len(values) < 3:
            for row in self.client.until("locals", id)["content"]["changed"]:
                if row["name"] == "n":
                    values.append(int(row["value"]))
        self.assertEqual(values, sorted(set(values)))
        self.client.ask("interrupt")
        cell = self.client.finish(id)
        self.assertEqual(cell.of("locals")[-1]["changed"][0]["mark"], "new")

    def test_nothing_of_the_users_runs(self) -> None:
        self.client.run(
            "asked = 0\nclass Loud:\n    def __repr__(self):\n        global asked; asked += 1; return 'loud'\n"
            "    __str__ = __repr__\n    def __len__(self): return len(repr(self))\n    __eq__ = __len__\n"
            "    def __hash__(self): return 1\nclass List(list):\n    __len__ = __iter__ = Loud.__len__\n"
            "held = []; loud = mine = None"
        )
        self.begin("before = asked; loud = Loud(); mine = List(); held += [Loud()]; by = {Loud(): 1}; _ = input()\n"
            "unasked = asked == before")
        seen = self.sampled("held by")
        self.assertEqual((seen["held"]["value"], seen["by"]["value"]), ("[<Loud>]", "{<Loud>: 1}"))
        self.assertNotIn("loud", seen)
        rows, _ = self.end()
        self.assertEqual((rows["unasked"]["value"], rows["held"]["value"]), ("True", "[loud]"))

    def test_a_container_that_changes_all_the_time(self) -> None:
        id = self.client.ask("execute", code="d = {}; s = set(); stop = False; n = 0\n"
            "while not stop:\n    d[n] = s.add(n); d.pop(n - 50, None); s.discard(n - 70); n += 1")
        for _ in range(3):
            self.client.until("locals", id)
        self.client.ask("interrupt")
        self.assertEqual(self.client.finish(id).error["ename"], "KeyboardInterrupt")
        self.assertNotIn("RuntimeError", self.sandbox.log())

    def test_all_rows_while_a_cell_runs(self) -> None:
        self.client.run("count = 1; gone = 2")
        self.begin("count = 7; del gone; _ = input()")
        self.sampled("count", gone="gone")
        full = self.client.until("locals", self.client.ask("locals"))["content"]
        self.assertEqual({row["name"]: row["value"] for row in full["changed"]}, {"count": "7"})
        self.end()

    def test_many_names(self) -> None:
        cell = self.client.run("for n in range(10000): globals()[f'name{n}'] = [n] if n % 2 else n")
        content = cell.of("locals")[-1]
        while content["truncated"]:
            content = self.client.until("locals", cell.events[0]["parent"])["content"]
        self.begin("name5000 = 'other'; name5001.append(1); _ = input()")
        seen = self.sampled("name5000 name5001")
        self.assertEqual(seen.keys(), {"name5000", "name5001"})
        rows, _ = self.end()
        marks = {name: row["mark"] for name, row in rows.items()}
        self.assertEqual(marks, {"name5000": "changed", "name5001": "changed"})


if __name__ == "__main__":
    unittest.main()
