"""An agent that works in the same sandbox while we do: its cells run as processes, ours in the kernel."""

from __future__ import annotations

import json
import os
import unittest

from agent_client import AgentClient
from harness import Cell, Sandbox, wait_until

DEEP = '{"deep": ' + "[" * 100_000 + "]" * 100_000 + "}"


class WithAnAgent(unittest.TestCase):
    def setUp(self) -> None:
        self.sandbox = Sandbox()
        self.addCleanup(self.sandbox.close)
        self.agent = AgentClient(self.sandbox.root)
        self.addCleanup(self.agent.close)

    def connect(self):
        self.client = self.sandbox.connect()
        self.addCleanup(self.client.close)
        self.told: set = set()
        self.client.until("locals")
        return self.client

    def until_told(self, code: str) -> Cell:
        """The events of the agent's next cell with this code, once its variables are merged."""
        new = self.seek(lambda event: event["content"].get("code") == code and event["parent"] not in self.told)
        id = new["parent"]
        self.told.add(id)
        self.seek(lambda event: event["type"] == "locals" and event["parent"] == id)
        return self.of(id)

    def seek(self, wanted) -> dict:
        """The first event that is as wanted, from the past or to come."""
        number = 0
        while True:
            while number == len(self.client.events):
                self.client.next()
            if wanted(self.client.events[number]):
                return self.client.events[number]
            number += 1

    def of(self, id: str) -> Cell:
        return Cell([event for event in self.client.events if event["parent"] == id])

    def agents(self, code: str) -> Cell:
        """Runs a cell of the agent's, and returns its events."""
        self.agent.run(code)
        return self.until_told(code)

    def value(self, code: str):
        cell = self.client.run(code)
        self.assertIsNone(cell.error)
        return cell.result

    def push(self, *names: str) -> Cell:
        return self.client.run("%push " + " ".join(names))

    def flag(self, name: str) -> str:
        return os.path.join(self.sandbox.root, name)

    def raise_flag(self, name: str) -> None:
        with open(self.flag(name), "w"):
            pass

    def held(self, before: str = "", after: str = ""):
        """A cell of the agent's that has read its variables and goes on when the flag `go` is there."""
        code = (
            f"{before}\nimport os, time\nopen({self.flag('in')!r}, 'w').close()\n"
            f"while not os.path.exists({self.flag('go')!r}): time.sleep(0.005)\n{after}\n"
        )
        running = self.agent.begin(code)
        wait_until(lambda: os.path.exists(self.flag("in")), "the agent's cell to run")
        return code, running

    def let_go(self, held) -> Cell:
        code, running = held
        self.raise_flag("go")
        self.agent.finish(running)
        return self.until_told(code)


class Events(WithAnAgent):
    def test_each_cell_is_told_with_what_it_changed(self) -> None:
        self.connect()
        cell = self.agents("total = 12\nwords = ['a']\n_hidden = 1")
        self.assertEqual([event["type"] for event in cell.events], ["execute_input", "execute_reply", "locals"])
        self.assertEqual(cell.of("execute_input")[0]["execution_count"], None)
        self.assertEqual(cell.reply["status"], "ok")
        self.assertGreater(cell.reply["duration"], 0)
        self.assertEqual({name: row["mark"] for name, row in cell.rows.items()}, {"total": "new", "words": "new"})
        self.assertEqual(self.value("total, words"), "(12, ['a'])")
        cell = self.agents("words.append(total)")
        self.assertEqual({name: row["mark"] for name, row in cell.rows.items()}, {"words": "changed"})
        cell = self.agents("del total")
        self.assertEqual(cell.deleted, ["total"])
        self.assertEqual(self.value("'total' in globals(), words"), "(False, ['a', 12])")

    def test_many_cells_in_turn(self) -> None:
        self.connect()
        self.agents("count = 0")
        cells = [self.agents("count += 1") for _ in range(12)]
        self.assertEqual([cell.reply["status"] for cell in cells], ["ok"] * 12)
        self.assertEqual([cell.rows["count"]["value"] for cell in cells], [str(number) for number in range(1, 13)])
        self.assertEqual(self.value("count"), "12")

    def test_cells_that_nobody_waits_between(self) -> None:
        """The files hold one cell: those that begin within one look at them are one event, and no value is lost."""
        self.connect()
        self.agents("count = 0")
        for _ in range(12):
            self.agent.run("count += 1")
        told = lambda event: [row["value"] for row in event["content"]["changed"] if row["name"] == "count"]
        self.seek(lambda event: event["type"] == "locals" and told(event) == ["12"])
        counts = [int(value) for event in self.client.events if event["type"] == "locals" for value in told(event)]
        self.assertEqual(counts, sorted(set(counts)))
        self.assertEqual(self.value("count"), "12")

    def test_a_cell_that_fails_has_saved(self) -> None:
        self.connect()
        cell = self.agents("before = 1\n1/0\nafter = 2")
        self.assertEqual(set(cell.rows), {"before"})

    def test_a_cell_that_never_saves(self) -> None:
        self.connect()
        self.agents("x = 1")
        code, running = self.held("x = 2")
        id = self.seek(lambda event: event["content"].get("code") == code)["parent"]
        self.agent.end(running)
        after = self.agents("y = x")
        lost = self.of(id)
        self.assertEqual([event["type"] for event in lost.events], ["execute_input", "error", "execute_reply"])
        self.assertEqual(lost.error["ename"], "AgentCellLost")
        self.assertEqual((lost.reply["status"], after.reply["status"]), ("error", "ok"))
        self.assertEqual(self.value("x, y"), "(1, 1)")

    def test_a_cell_whose_process_is_gone_waits_for_no_other(self) -> None:
        self.connect()
        self.agents("x = 1")
        code, running = self.held()
        id = self.seek(lambda event: event["content"].get("code") == code)["parent"]
        seen = "any(type(each).__name__ == 'Process' and each._id for each in __import__('gc').get_objects())"
        wait_until(lambda: self.value(seen) == "True", "the agent's process to be seen")
        self.assertEqual(len(self.of(id).events), 1)
        self.agent.end(running)
        self.seek(lambda event: event["type"] == "execute_reply" and event["parent"] == id)
        self.assertEqual(self.of(id).error["ename"], "AgentCellLost")
        self.assertEqual(self.agents("y = 2").reply["status"], "ok")

    def test_the_code_is_told_while_our_cell_runs_and_the_values_wait_for_its_end(self) -> None:
        self.connect()
        self.agents("shared = 'agent'")
        id = self.client.ask("execute", code="input()\nprint(shared)")
        self.client.until("input_request", id)
        self.agent.run("shared = 'agent again'")
        self.seek(lambda event: event["content"].get("code") == "shared = 'agent again'")
        self.client.ask("input_reply", value="")
        self.assertEqual(self.client.finish(id).text(), "agent\n")
        self.assertEqual(set(self.until_told("shared = 'agent again'").rows), {"shared"})
        self.assertEqual(self.value("shared"), "'agent again'")

    def test_what_was_left_before_is_the_first_base(self) -> None:
        self.agent.run("kept = [1]\ngone = 1\nmine = 1")
        self.connect()
        self.client.run("mine = 2")
        cell = self.agents("kept.append(2)\ndel gone, mine")
        self.assertEqual((set(cell.rows), cell.deleted), ({"kept"}, ["gone"]))
        self.assertEqual(self.value("kept, mine"), "([1, 2], 2)")

    def test_our_helpers_are_not_the_agents(self) -> None:
        self.connect()
        before = self.value("llm_query")
        cell = self.agents("llm_query = display = In = Out = exit = quit = 5")
        self.assertEqual((cell.rows, cell.of("conflict")), ({}, []))
        self.assertEqual(self.value("llm_query"), before)
        self.assertEqual(self.value("5 in (display, In, Out, exit, quit)"), "False")

    def test_what_is_left_of_a_function_hides_no_builtin(self) -> None:
        self.connect()
        cell = self.agents("def print(text): pass\ndef mine(): pass\nid = 7\nmax = 'text'")
        self.assertEqual(set(cell.rows), {"mine", "id", "max"})
        self.assertEqual(self.client.run("print(id, max)").text(), "7 text\n")


class Merging(WithAnAgent):
    def test_both_values_of_a_name_in_conflict_are_kept(self) -> None:
        self.connect()
        self.agents("x = 1\ny = [1]\nz = 1")
        self.client.run("x = 'mine'\ny.append('mine')\nfresh = 1")
        cell = self.agents("x = 2\ny.append(2)\nz = 2\nfresh = 2")
        conflicts = [(content["name"], content["kept"]) for content in cell.of("conflict")]
        self.assertEqual(conflicts, [(name, f"{name}_agent") for name in ("x", "y", "fresh")])
        self.assertEqual(set(cell.rows), {"x_agent", "y_agent", "fresh_agent", "z"})
        self.assertEqual(self.value("x, y, z, fresh"), "('mine', [1, 'mine'], 2, 1)")
        self.assertEqual(self.value("x_agent, y_agent, fresh_agent"), "(2, [1, 2], 2)")
        self.assertEqual(len(self.agents("x = 3").of("conflict")), 1)
        self.assertEqual(self.value("x, x_agent"), "('mine', 3)")
        self.client.run("x = x_agent")
        self.assertEqual(self.agents("x = 4").of("conflict"), [])
        self.assertEqual(self.value("x, x_agent"), "(4, 3)")

    def test_a_name_of_the_users_is_not_taken_for_the_agents_value(self) -> None:
        self.connect()
        self.client.run("x = 'mine'\nx_agent = 'mine, too'")
        cell = self.agents("x = 1")
        self.assertEqual(cell.of("conflict"), [{"name": "x", "kept": "x_agent_2"}])
        self.assertEqual(self.value("x, x_agent, x_agent_2"), "('mine', 'mine, too', 1)")

    def test_the_same_change_on_both_sides_is_no_conflict(self) -> None:
        self.connect()
        self.agents("x = 1\nrows = [1]")
        self.client.run("x = 2\nrows.append(2)")
        self.assertEqual(self.agents("x = 2\nrows.append(2)").of("conflict"), [])
        self.assertEqual(self.agents("x = 3").of("conflict"), [])
        self.assertEqual(self.value("x, rows"), "(3, [1, 2])")

    def test_text_and_a_number_that_look_alike_are_not(self) -> None:
        self.connect()
        self.agents("x = 5")
        self.client.run("x = '5'")
        self.assertEqual(len(self.agents("x = 6").of("conflict")), 1)

    def test_deletions(self) -> None:
        self.connect()
        self.agents("a = 1\nb = 1\nc = [1]")
        self.client.run("del a\nc.append(2)")
        cell = self.agents("b = 2\ndel c")
        self.assertEqual((set(cell.rows), cell.deleted), ({"b"}, []))
        self.assertEqual(self.value("'a' in globals(), c"), "(False, [1, 2])")
        self.agents("a = 5")
        self.assertEqual(self.value("a"), "5")

    def test_what_the_client_could_only_keep_as_text_harms_no_object_of_ours(self) -> None:
        self.connect()
        ours = "import json as tool\ndef f(): return 'ours'\nbag = {1}\nclass P: pass\np = P()\nrows = [{1}]"
        self.client.run(ours)
        cell = self.agents("import json as tool\ndef f(): return 1\nbag = {1}\nclass P: pass\np = P()\nrows = [{1}]")
        self.assertEqual((cell.of("conflict"), cell.rows), ([], {}))
        self.assertEqual(self.value("tool.dumps(1), f(), bag, rows"), "('1', 'ours', {1}, [{1}])")
        self.assertEqual(self.value("type(p).__name__"), "'P'")
        self.agents("n = 1")
        self.assertEqual(self.value("f()"), "'ours'")
        cell = self.agents("bag = {1, 2}")
        self.assertEqual(cell.of("conflict"), [{"name": "bag", "kept": "bag_agent"}])
        self.assertTrue(cell.rows["bag_agent"]["flattened"])

    def test_objects_of_ours_that_do_harm_when_looked_at(self) -> None:
        self.connect()
        bad = "class Bad(dict):\n    def items(self): 1/0\n    def __repr__(self): raise SystemExit\n"
        self.client.run(f"{bad}x = Bad(a=1)")
        self.assertEqual(len(self.agents("x = 'text'").of("conflict")), 1)
        self.assertEqual(self.value("type(x).__name__, x_agent"), "('Bad', 'text')")


class Files(WithAnAgent):
    def test_a_half_written_state_is_waited_for(self) -> None:
        self.connect()
        self.agents("x = 1")
        code, running = self.held()
        with open(self.agent.state, "w") as file:
            file.write('{"x": 2, "y": {"z": 1}')
            file.flush()
            self.assertEqual(self.value("x"), "1")
            file.write(', "w": 3}')
        self.assertEqual(set(self.until_told(code).rows), {"x", "y", "w"})
        self.assertEqual(self.value("x, y, w"), "(2, {'z': 1}, 3)")
        self.agent.end(running)

    def test_a_state_that_was_deleted_takes_nothing_of_ours(self) -> None:
        self.connect()
        self.agents("x = 1\ny = 1")
        os.unlink(self.agent.state)
        wait_until(lambda: self.client.run("pass").reply, "a look at the files")
        cell = self.agents("x = 2")
        self.assertEqual((set(cell.rows), cell.deleted, cell.of("conflict")), ({"x"}, [], []))
        self.assertEqual(self.value("x, y"), "(2, 1)")

    def test_a_cell_that_was_killed_while_it_saved_takes_nothing_of_ours(self) -> None:
        self.connect()
        self.agents("x = 1\ny = 1")
        with open(self.agent.state, "w") as file:
            file.write('{"x": 1, "y"')
        text = self.seek(lambda event: event["type"] == "stream")["content"]["text"]
        self.assertRegex(text, "rlm_state.json could not be read: the file is not whole: a cell was ended.*stay as they are")
        cell = self.agents("z = 3")
        self.assertEqual((set(cell.rows), cell.deleted), ({"z"}, []))
        self.assertEqual(self.value("x, y, z"), "(1, 1, 3)")

    def test_a_state_that_is_not_for_us_is_said_and_takes_nothing_of_ours(self) -> None:
        self.connect()
        self.agents("x = 1")
        with open(self.agent.state, "w") as file:
            file.write(DEEP)
        text = self.seek(lambda event: event["type"] == "stream")["content"]["text"]
        self.assertRegex(text, "variables in .*rlm_state.json could not be read: its values are nested too deeply")
        cell = self.agents("y = 2")
        self.assertEqual((set(cell.rows), cell.deleted), ({"y"}, []))
        self.assertEqual(self.value("x, y"), "(1, 2)")

    def in_place_of_the_files(self):
        """What stands where the agent's files are read, and what is said of it; None: as if nothing were there."""
        yield "a FIFO", os.mkfifo, "it is no regular file"
        yield "a folder", os.mkdir, "it is no regular file"
        yield "a device", lambda path: os.symlink("/dev/zero", path), "it is no regular file"
        yield "a link to itself", lambda path: os.symlink(path, path), None
        yield "a link to nothing", lambda path: os.symlink(self.flag("none"), path), None

    def test_what_is_no_file_keeps_nobody_waiting(self) -> None:
        self.connect()
        self.agents("x = 1")
        for name, make, why in self.in_place_of_the_files():
            for path in (self.agent.state, self.agent.script):
                with self.subTest(name, path=os.path.basename(path)):
                    os.unlink(path)
                    before = len(self.client.events)
                    make(path)
                    if why and path == self.agent.state:
                        said = self.seek(lambda event: event["type"] == "stream" and event["seq"] > before)
                        self.assertIn(f"{path} could not be read: {why}", said["content"]["text"])
                        self.client.run("fresh = 1")
                        self.assertIn(why, self.push("fresh").error["evalue"])
                    self.assertEqual(self.value("x"), "1")
                    (os.rmdir if os.path.isdir(path) else os.unlink)(path)
                    self.agents("x = 1")
        self.assertNotIn("Traceback", self.sandbox.log())

    def test_a_kernel_starts_whatever_is_in_place_of_the_files(self) -> None:
        for name, make, _ in self.in_place_of_the_files():
            for path in (self.agent.state, self.agent.script):
                with self.subTest(name, path=os.path.basename(path)):
                    make(path)
                    self.connect()
                    self.assertEqual(self.value("1"), "1")
                    self.client.ask("shutdown")
                    self.client.until("status", execution_state="dead")
                    wait_until(lambda: not self.sandbox.lives(), "the kernel to end")
                    (os.rmdir if os.path.isdir(path) else os.unlink)(path)

    def test_a_state_that_is_no_object_is_not_overwritten(self) -> None:
        self.connect()
        self.agents("x = 1")
        self.client.run("fresh = 1")
        for text in ("[1, {}]", "5", '"text"', "null"):
            with self.subTest(text):
                before = len(self.client.events)
                with open(self.agent.state, "w") as file:
                    file.write(text)
                said = self.seek(lambda event: event["type"] == "stream" and event["seq"] > before)
                self.assertIn("it holds no JSON object", said["content"]["text"])
                self.assertIn("it holds no JSON object", self.push("fresh").error["evalue"])
                with open(self.agent.state) as file:
                    self.assertEqual(file.read(), text)
        self.assertEqual(self.value("x"), "1")

    def test_a_state_that_is_elsewhere_stays_there(self) -> None:
        self.connect()
        elsewhere = self.flag("elsewhere.json")
        os.symlink(elsewhere, self.agent.state)
        self.agents("x = 1")
        self.client.run("fresh = 1")
        self.push("fresh")
        self.assertTrue(os.path.islink(self.agent.state))
        with open(elsewhere) as file:
            self.assertEqual(json.load(file), {"x": 1, "fresh": 1})


class Pushing(WithAnAgent):
    def test_the_next_cell_has_what_was_pushed(self) -> None:
        self.connect()
        self.agents("total = 1")
        self.client.run("table = {'rows': [1, 2.5, None, 'é']}")
        self.assertEqual(self.push("table").text(), "pushed table, for the agent's next cell\n")
        self.assertEqual(self.agent.run("total = table['rows'][1]")["stderr"], "")
        self.assertEqual(self.agent.saved(), {"total": 2.5, "table": {"rows": [1, 2.5, None, "é"]}})
        self.assertEqual(set(self.until_told("total = table['rows'][1]").rows), {"total"})
        cell = self.agents("table['rows'].clear()")
        self.assertEqual((cell.of("conflict"), set(cell.rows)), ([], {"table"}))
        self.assertEqual(self.value("table"), "{'rows': []}")

    def test_without_an_agent_so_far(self) -> None:
        self.connect()
        self.client.run("x = 1")
        self.push("x")
        self.assertEqual(self.agent.saved(), {"x": 1})
        self.agents("x += 1")
        self.assertEqual(self.value("x"), "2")

    def test_what_json_turns_into_something_else_is_told_and_is_no_conflict_later(self) -> None:
        self.connect()
        self.client.run("pair = (1, (2,))\nkeys = {1: 'a'}")
        text = self.push("pair", "keys").text()
        self.assertIn("pair: tuples become lists", text)
        self.assertIn("keys: keys become text", text)
        self.agents("n = 1")
        self.assertEqual(self.value("pair, keys"), "((1, (2,)), {1: 'a'})")
        self.assertEqual(self.agents("pair = pair + [3]").of("conflict"), [])
        self.assertEqual(self.value("pair"), "[1, [2], 3]")

    def test_what_json_cannot_hold_is_refused_with_a_way_out(self) -> None:
        self.connect()
        self.client.run("import json\nbag = {1}\nraw = b'x'\n_secret = 1\nround = []\nround.append(round)\nfine = 1")
        for names, why in (
            (["fine", "bag"], "bag cannot be pushed: JSON does not hold it .*; push list\\(bag\\)"),
            (["raw"], "push raw.decode\\(\\)"),
            (["json"], "import it in the agent's cells"),
            (["round"], "Circular"),
            (["lost"], "there is no variable lost"),
            (["_secret"], "names that begin with _"),
            ([], "it needs the names of variables"),
        ):
            with self.subTest(names):
                cell = self.push(*names)
                self.assertEqual(cell.error["ename"], "UsageError")
                self.assertRegex(cell.error["evalue"], why)
        self.assertFalse(os.path.exists(self.agent.state))

    def test_a_cell_that_runs_meanwhile_does_not_undo_it(self) -> None:
        self.connect()
        self.agents("x = 'old'\nother = 1")
        held = self.held(after="other = 2")
        self.client.run("x = 'ours'\nfresh = [1]")
        self.push("x", "fresh")
        cell = self.let_go(held)
        self.assertEqual((set(cell.rows) - {"os", "time"}, cell.of("conflict")), ({"other"}, []))
        wait_until(lambda: self.whole().get("x") == "ours", "the push to be written again")
        self.assertEqual(self.agent.run("print(x, fresh, other)")["stdout"], "ours [1] 2\n")
        self.agents("x = 'theirs'\ndel fresh")
        self.agents("pass")
        self.assertEqual(self.agent.saved()["x"], "theirs")
        self.assertNotIn("fresh", self.agent.saved())
        self.assertEqual(self.value("x, 'fresh' in globals()"), "('theirs', False)")

    def whole(self) -> dict:
        try:
            return self.agent.saved()
        except ValueError:
            return {}

    def test_a_change_by_the_cell_that_ran_meanwhile_is_kept_beside(self) -> None:
        self.connect()
        self.agents("x = 'old'")
        held = self.held(after="x = 'theirs'")
        self.client.run("x = 'ours'")
        self.push("x")
        cell = self.let_go(held)
        self.assertEqual(cell.of("conflict"), [{"name": "x", "kept": "x_agent"}])
        wait_until(lambda: self.whole().get("x") == "ours", "the push to be written again")
        self.assertEqual(self.value("x, x_agent"), "('ours', 'theirs')")
        self.assertEqual(self.agent.run("print(x)")["stdout"], "ours\n")

    def test_a_push_after_a_change_that_was_not_merged_yet(self) -> None:
        self.connect()
        self.agents("x = 'old'")
        id = self.client.ask("execute", code="x = 'ours'\ninput()\n%push x")
        self.client.until("input_request", id)
        self.agent.run("x = 'theirs'")
        self.seek(lambda event: event["content"].get("code") == "x = 'theirs'")
        self.client.ask("input_reply", value="")
        self.client.finish(id)
        self.assertEqual(self.until_told("x = 'theirs'").of("conflict"), [{"name": "x", "kept": "x_agent"}])
        self.assertEqual(self.value("x, x_agent"), "('ours', 'theirs')")
        self.assertEqual(self.agent.saved(), {"x": "ours"})

    def test_a_save_into_the_file_that_a_push_has_replaced(self) -> None:
        self.connect()
        self.agents("x = 'old'\nother = 1")
        old = open(self.agent.state, "r+")
        self.addCleanup(old.close)
        self.client.run("fresh = 1")
        self.push("fresh")
        old.truncate()
        json.dump({"x": "theirs", "other": 1}, old)
        old.close()
        wait_until(lambda: self.whole() == {"x": "theirs", "other": 1, "fresh": 1}, "both to be in the file")
        wait_until(lambda: self.value("x, other, fresh") == "('theirs', 1, 1)", "the agent's change to be merged")
        self.agents("x = x + '!'")
        self.assertEqual(self.agent.saved(), {"x": "theirs!", "other": 1, "fresh": 1})

    def test_while_the_agent_saves(self) -> None:
        self.connect()
        self.agents("x = 1")
        self.client.run("fresh = 1")
        with open(self.agent.state, "w") as file:
            file.write('{"x": ')
            file.flush()
            told = self.push("fresh").text()
            file.write("2}")
        self.assertIn("the agent's cell is saving now", told)
        wait_until(lambda: self.whole() == {"x": 2, "fresh": 1}, "both to be in the file")
        wait_until(lambda: self.value("x") == "2", "the agent's change to be merged")

    def test_a_state_that_cannot_be_read_is_not_overwritten(self) -> None:
        self.connect()
        self.client.run("fresh = 1")
        with open(self.agent.state, "w") as file:
            file.write(DEEP)
        self.assertIn("could not be read", self.push("fresh").error["evalue"])
        with open(self.agent.state) as file:
            self.assertEqual(file.read(), DEEP)

    def test_what_cannot_be_written_again_keeps_nothing_back_and_is_written_later(self) -> None:
        self.connect()
        self.agents("x = 1")
        held = self.held(after="x = 2")
        self.client.run("fresh = 1")
        self.push("fresh")
        obstacle = f"{self.agent.state}.{self.client.connection['pid']}.new"
        os.mkdir(obstacle)
        self.assertIn("x", self.let_go(held).rows)
        text = self.seek(lambda event: event["content"].get("name") == "stderr")["content"]["text"]
        self.assertIn("fresh could not be written again for the agent", text)
        os.rmdir(obstacle)
        self.agents("x = 3")
        wait_until(lambda: self.whole().get("fresh") == 1, "the push to be written again")
        self.assertEqual(self.value("x, fresh"), "(3, 1)")

    def test_its_file_stays_the_agents_to_write(self) -> None:
        self.connect()
        self.agents("x = 1")
        os.chmod(self.agent.state, 0o666)
        self.client.run("fresh = 1")
        self.push("fresh")
        self.assertEqual(os.stat(self.agent.state).st_mode & 0o777, 0o666)
        self.assertEqual(sorted(os.listdir(self.sandbox.root)), ["k", "rlm_exec.py", "rlm_state.json"])


if __name__ == "__main__":
    unittest.main()
